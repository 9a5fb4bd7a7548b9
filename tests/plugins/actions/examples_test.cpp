// The files that each plugin's folder holds: schemas, examples and README say the same as the library.
#include <filesystem>
#include <fstream>
#include <sstream>

#include "base/json_schema.h"
#include "plugins/actions/action_fixture.h"

namespace orc::test {
namespace {

namespace fs = std::filesystem;

std::string ReadFile(const fs::path& path) {
  std::ifstream in(path, std::ios::binary);
  std::ostringstream out;
  out << in.rdbuf();
  return out.str();
}

const std::pair<const char*, const char*> kActions[] = {{"http", "http"},
                                                        {"ai_router_chat", "ai_router.chat"},
                                                        {"web_search", "web.search"},
                                                        {"web_extract", "web.extract"},
                                                        {"memarch_store_fact", "memarch.store_fact"},
                                                        {"memarch_search", "memarch.search"},
                                                        {"scm_call", "scm.call"}};

class PluginFolders : public ActionTest {};

bool IsTemplate(const Json& value) {
  return value.is_string() && std::string_view(value.get_string()).find("{{") != std::string_view::npos;
}

TEST_F(PluginFolders, ExamplesFitTheirSchemas) {
  LoadActions();
  for (const auto& [folder, action] : kActions) {
    const auto info = plugins_->Find(action);
    ASSERT_NE(info, nullptr) << action;
    size_t examples = 0;
    for (const auto& entry : fs::directory_iterator(fs::path(ORC_SOURCE_DIR) / "plugins" / folder / "examples")) {
      const Json step = Parse(ReadFile(entry.path()));
      EXPECT_EQ(StringAt(step, "action"), action) << entry.path();
      const Json* input = Find(step, "input");
      ASSERT_NE(input, nullptr) << entry.path();
      for (const auto& problem : info->input_schema->Validate(*input, "", &IsTemplate))
        ADD_FAILURE() << entry.path() << problem.pointer << problem.detail;
      ++examples;
    }
    EXPECT_GE(examples, 2u) << folder;
  }
}

TEST_F(PluginFolders, SchemasAreWhatTheLibraryCarriesAndAreDescribed) {
  LoadActions();
  for (const auto& [folder, action] : kActions) {
    const auto info = plugins_->Find(action);
    const fs::path path = fs::path(ORC_SOURCE_DIR) / "plugins" / folder;
    EXPECT_EQ(Parse(info->input_schema_text), Parse(ReadFile(path / "input.schema.json"))) << folder;
    EXPECT_EQ(Parse(info->output_schema_text), Parse(ReadFile(path / "output.schema.json"))) << folder;
    EXPECT_EQ(Parse(info->config_schema_text), Parse(ReadFile(path / "config.schema.json"))) << folder;
    const Json schema = Parse(info->input_schema_text);
    for (const auto& property : schema.at("properties").as_object()) {
      EXPECT_FALSE(StringAt(property.value(), "title").empty()) << folder << " " << property.key();
      EXPECT_FALSE(StringAt(property.value(), "description").empty()) << folder << " " << property.key();
    }
  }
}

TEST_F(PluginFolders, ReadmesNameEveryFieldAndSetting) {
  for (const auto& [folder, action] : kActions) {
    const fs::path path = fs::path(ORC_SOURCE_DIR) / "plugins" / folder;
    const std::string readme = ReadFile(path / "README.md");
    EXPECT_NE(readme.find(action), std::string::npos) << folder;
    for (const char* file : {"input.schema.json", "config.schema.json"}) {
      const Json schema = Parse(ReadFile(path / file));
      for (const auto& property : schema.at("properties").as_object()) {
        EXPECT_NE(readme.find("`" + std::string(property.key()) + "`"), std::string::npos) << folder << "/README.md: " << property.key();
      }
    }
  }
}

}  // namespace
}  // namespace orc::test
