// A checker of the project's own schema, or of one that an administrator wrote, over the actions of plugins/*/.
#pragma once

#include <gtest/gtest.h>
#include <stdlib.h>

#include <filesystem>
#include <fstream>
#include <memory>
#include <string>

#include "unit/workflow/test_catalog.h"
#include "workflow/check.h"

namespace orc {

class CheckerTest : public ::testing::Test {
 protected:
  /// `policy.workflow_schema` naming a file of that text.
  void UseSchema(const std::string& text, bool strict = false) {
    std::string pattern = (std::filesystem::temp_directory_path() / "orc-check-XXXXXX").string();
    ASSERT_NE(mkdtemp(pattern.data()), nullptr);
    folder_ = pattern;
    std::ofstream(folder_ / "mine.json") << text;
    Open({.schema_dir = ORC_SOURCE_DIR "/schema", .workflow_schema_file = (folder_ / "mine.json").string(), .strict = strict});
  }
  void Open(const DefinitionChecker::Options& options) {
    auto opened = DefinitionChecker::Open(options, catalog_);
    ASSERT_TRUE(opened.ok()) << opened.error().message;
    checker_ = std::move(opened).value();
  }
  void SetUp() override { Open({.schema_dir = ORC_SOURCE_DIR "/schema", .workflow_schema_file = "", .strict = false}); }
  void TearDown() override {
    if (!folder_.empty()) std::filesystem::remove_all(folder_);
  }

  const DefinitionChecker& checker() const { return *checker_; }
  CheckReport Check(std::string_view document) const { return checker_->Check(ParseJson(document).value()); }
  std::string Errors(std::string_view document) const { return Text(Check(document).errors); }
  std::string Warnings(std::string_view document) const { return Text(Check(document).warnings); }
  static std::string Text(const std::vector<Problem>& problems) {
    std::string text;
    for (const Problem& problem : problems) text += problem.pointer + ": " + problem.detail + "\n";
    return text;
  }
  /// A workflow of `count` steps.
  static std::string Many(int count, const std::string& step) {
    std::string text = R"({"name":"w","steps":[)";
    for (int i = 0; i < count; ++i) text += (i == 0 ? "" : ",") + step;
    return text + "]}";
  }

 private:
  FolderCatalog catalog_;
  std::unique_ptr<DefinitionChecker> checker_;
  std::filesystem::path folder_;
};

}  // namespace orc
