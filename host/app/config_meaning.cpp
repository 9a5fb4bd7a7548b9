#include "app/config_meaning.h"

#include <filesystem>
#include <fstream>

#include "app/config_check.h"
#include "app/config_secrets.h"
#include "app/config_section.h"
#include "outbound/egress.h"
#include "outbound/url.h"
#include "store/postgres_dsn.h"

namespace orc {
namespace {

namespace fs = std::filesystem;

/// "" or what is wrong.
std::string BaseUrlFault(const std::string& text) {
  if (text.empty()) return {};
  const auto url = Url::Parse(text);
  if (!url.ok()) return url.error().message;
  const auto egress = Egress::Compile({.allow = {url->host()}});
  return egress.ok() ? std::string() : "the host of \"" + text + "\" is neither a name nor an address";
}

std::string PathFault(const std::string& text) {
  const std::string path = text.substr(0, text.find('?')) + "/";
  for (const char* part : {"//", "\\", "/./", "/../"}) {
    const size_t at = path.find(part);
    if (at != std::string::npos && (part != std::string_view("//") || at == 0)) {
      return "the path \"" + text + "\" could leave the base_url: it must not begin with //, nor hold a backslash or a . or .. segment";
    }
  }
  return {};
}

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
      const auto address = ParseAddress(allowed[i]);
      const std::string fault = !compiled.ok() ? compiled.error().message
                                : address      ? compiled->Refusal(allowed[i], *address)
                                               : std::string();
      if (fault.empty()) continue;
      const auto place = document_.values.find("/egress/allow/" + std::to_string(i));
      faults_.push_back({place != document_.values.end() ? place->second : document_.PlaceOf("/egress/allow"), fault});
    }
  }

  /// Every base_url and path, wherever it stands below `value`.
  void Addresses(const Json& value, const std::string& pointer) {
    if (!value.is_object()) return;
    for (const auto& member : value.get_object()) {
      const std::string at = Pointer(pointer, member.key());
      Addresses(member.value(), at);
      if (!member.value().is_string()) continue;
      const std::string text(member.value().get_string());
      const bool is_path = member.key() == "path" || member.key().ends_with("_path");
      const std::string fault = member.key() == "base_url" ? BaseUrlFault(text) : is_path ? PathFault(text) : std::string();
      if (!fault.empty()) faults_.push_back({document_.PlaceOf(at), Dotted(at) + ": " + fault});
    }
  }

  void Database() {
    const std::string dsn = ConfigSection(document_.value, "database").Text("dsn");
    const bool is_file = dsn.starts_with("sqlite:") && dsn.size() > 7;
    if (is_file) {
      const fs::path file = dsn.substr(7);
      std::error_code error;
      if (fs::is_directory(file, error)) Add("database", "dsn", file.string() + " is a folder, expected a file");
      if (file.has_parent_path() && !fs::is_directory(file.parent_path(), error)) {
        Add("database", "dsn", "there is no folder " + file.parent_path().string() + " for the database");
      }
    }
    if (is_file || dsn.empty() || dsn == "memory:") return;
    if (PostgresDsn::IsOne(dsn)) return Postgres(dsn);
    Add("database", "dsn",
        "not a known kind of database, expected \"\" (SQLite in state_dir), \"postgres://USER:PASSWORD@HOST:PORT/DATABASE?sslmode=MODE\", "
        "\"sqlite:PATH\" or \"memory:\"");
  }

  std::vector<SourceFault> faults() && { return std::move(faults_); }

 private:
  void Postgres(const std::string& url) {
    const auto dsn = PostgresDsn::Parse(url);
    if (!dsn.ok()) return Add("database", "dsn", dsn.error().message);
    for (const char* keyword : {"sslrootcert", "sslcert", "sslkey", "sslcrl"}) {
      const std::string path(dsn->Get(keyword));
      if (!path.empty() && !std::ifstream(path).good())
        Add("database", "dsn", std::string(keyword) + ": the file " + path + " can't be read");
    }
  }

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
  for (const char* section : {"ai_router", "web", "memarch", "scm", "audit_log"}) {
    if (const Json* value = Find(document.value, section)) check.Addresses(*value, "/" + std::string(section));
  }
  check.Database();
  std::vector<SourceFault> faults = std::move(check).faults();
  const std::vector<SourceFault> of_secrets = SecretFaults(document);
  faults.insert(faults.end(), of_secrets.begin(), of_secrets.end());
  return faults;
}

}  // namespace orc
