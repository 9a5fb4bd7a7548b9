#include "base/log.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <sstream>

#include "base/json.h"
#include "base/json_writer.h"

namespace orc {
namespace {

class LogTest : public ::testing::Test {
 protected:
  void SetUp() override { file_ = (std::filesystem::temp_directory_path() / ("orc-log-" + std::to_string(getpid()))).string(); }
  void TearDown() override {
    ASSERT_TRUE(InitLog({}).ok());
    std::filesystem::remove(file_);
  }
  std::string Written() const {
    std::ifstream in(file_);
    std::ostringstream text;
    text << in.rdbuf();
    return text.str();
  }
  std::string file_;
};

TEST_F(LogTest, WritesJsonLinesThatParse) {
  ASSERT_TRUE(InitLog({.format = LogFormat::kJson, .file = file_}).ok());
  LogInfo("a \"quoted\"\nmessage", {{"run", "run_1\n{\"level\":\"forged\"}"}, {"n", 5}});
  const std::string line = Written();
  EXPECT_EQ(std::count(line.begin(), line.end(), '\n'), 1);
  const auto parsed = ParseJson(line);
  ASSERT_TRUE(parsed.ok()) << line;
  EXPECT_EQ(StringAt(*parsed, "message"), "a \"quoted\"\nmessage");
  EXPECT_EQ(IntAt(*parsed, "n"), 5);
  EXPECT_EQ(StringAt(*parsed, "level"), "info");
}

TEST_F(LogTest, NoValueCanForgeATextLine) {
  ASSERT_TRUE(InitLog({.file = file_}).ok());
  LogWarn("plain message", {{"who", "eve\n2026-01-01 error forged"}, {"ok", "bare-word"}});
  const std::string line = Written();
  EXPECT_EQ(std::count(line.begin(), line.end(), '\n'), 1);
  EXPECT_NE(line.find("warn plain message who=\"eve\\n2026-01-01 error forged\" ok=bare-word"), std::string::npos) << line;
}

TEST_F(LogTest, LeavesOutWhatIsBelowTheLevel) {
  ASSERT_TRUE(InitLog({.level = LogLevel::kWarn, .file = file_}).ok());
  LogInfo("unseen");
  LogError("seen");
  EXPECT_EQ(Written().find("unseen"), std::string::npos);
  EXPECT_NE(Written().find("seen"), std::string::npos);
}

TEST_F(LogTest, SaysWhichFileCantBeOpened) {
  const auto result = InitLog({.file = "/dev/null/x.log"});
  ASSERT_FALSE(result.ok());
  EXPECT_NE(result.error().message.find("/dev/null/x.log"), std::string::npos);
}

TEST(JsonWriter, PutsCommasWhereTheyBelong) {
  JsonWriter writer;
  writer.BeginObject().Field("a", 1).Field("b", "x\"").Key("c").BeginArray().Int(1).Null().BeginObject().EndObject().EndArray();
  writer.FieldRaw("d", "{\"raw\":1.0}").Field("e", true).EndObject();
  EXPECT_EQ(writer.text(), R"({"a":1,"b":"x\"","c":[1,null,{}],"d":{"raw":1.0},"e":true})");
}

}  // namespace
}  // namespace orc
