#include "app/config_meaning.h"

#include <filesystem>
#include <fstream>

#include "app/config_section.h"
#include "outbound/egress.h"

namespace orc {
namespace {

namespace fs = std::filesystem;

class MeaningCheck {
 public:
  explicit MeaningCheck(const YamlDocument& document) : document_(document) {}

  void File(const char* section, const char* key) {
    std::string path;
    ConfigSection(document_.value, section).Read(key, path);
    if (path.empty()) return;
    std::error_code error;
    const bool is_file = fs::is_regular_file(path, error) && std::ifstream(path).good();
    if (!is_file) Add(section, key, "the file " + path + " can't be read" + (error ? ": " + error.message() : std::string()));
  }

  void Folders(const char* section, const char* key) {
    std::vector<std::string> paths;
    ConfigSection(document_.value, section).ReadList(key, paths);
    for (const std::string& path : paths) {
      std::error_code error;
      if (!fs::is_directory(path, error)) Add(section, key, path + " is no folder");
    }
  }

  void Egress() {
    std::vector<std::string> allowed;
    ConfigSection(document_.value, "egress").ReadList("allow", allowed);
    for (size_t i = 0; i < allowed.size(); ++i) {
      const auto compiled = Egress::Compile({.allow = {allowed[i]}});
      if (compiled.ok()) continue;
      const auto place = document_.values.find("/egress/allow/" + std::to_string(i));
      faults_.push_back({place != document_.values.end() ? place->second : document_.PlaceOf("/egress/allow"), compiled.error().message});
    }
  }

  void Database() {
    const std::string dsn = ConfigSection(document_.value, "database").Text("dsn");
    const bool is_known = dsn.empty() || dsn == "memory:" || (dsn.starts_with("sqlite:") && dsn.size() > 7);
    if (is_known) return;
    const bool is_postgres = dsn.starts_with("postgres://") || dsn.starts_with("postgresql://");
    Add("database", "dsn",
        std::string(is_postgres ? "PostgreSQL comes with a later release" : "not a known kind of database") +
            ", expected \"\" (SQLite in state_dir), \"sqlite:PATH\" or \"memory:\"");
  }

  std::vector<SourceFault> faults() && { return std::move(faults_); }

 private:
  void Add(const std::string& section, const std::string& key, const std::string& message) {
    const auto place = document_.values.find("/" + section + "/" + key);
    faults_.push_back({place != document_.values.end() ? place->second : SourcePosition{}, section + "." + key + ": " + message});
  }

  const YamlDocument& document_;
  std::vector<SourceFault> faults_;
};

}  // namespace

std::vector<SourceFault> CheckMeaning(const YamlDocument& document) {
  MeaningCheck check(document);
  check.Folders("plugins", "path");
  check.File("policy", "workflow_schema");
  check.File("templates", "file");
  check.File("http", "ca_file");
  check.Egress();
  check.Database();
  return std::move(check).faults();
}

}  // namespace orc
