// Where secrets come from, and what happens when they change.
#include "secrets/secret_store.h"

#include <gtest/gtest.h>
#include <stdlib.h>
#include <sys/stat.h>

#include <filesystem>
#include <fstream>

namespace orc {
namespace {

using Kind = SecretPlace::Kind;

class SecretStoreTest : public ::testing::Test {
 protected:
  SecretStoreTest() {
    char name[] = "/tmp/orc-secrets-XXXXXX";
    folder_ = ::mkdtemp(name);
  }
  ~SecretStoreTest() override { std::filesystem::remove_all(folder_); }

  std::string Write(const std::string& name, const std::string& text) const {
    std::ofstream(folder_ + "/" + name, std::ios::binary) << text;
    return folder_ + "/" + name;
  }
  EnvironmentLookup Variables() const {
    return [this](const std::string& name) -> std::optional<std::string> {
      const auto found = variables_.find(name);
      return found == variables_.end() ? std::nullopt : std::optional(found->second);
    };
  }
  std::string Read(const SecretPlace& place) const {
    const auto value = ReadSecret(place, Variables());
    return value.ok() ? *value : "error: " + value.error().message;
  }

  std::string folder_;
  std::map<std::string, std::string> variables_;
};

TEST_F(SecretStoreTest, ReadsEveryKindOfPlace) {
  variables_ = {{"TOKEN", "of the environment\n"}, {"CREDENTIALS_DIRECTORY", folder_}};
  EXPECT_EQ(Read({Kind::kEnvironment, "TOKEN"}), "of the environment\n");
  EXPECT_EQ(Read({Kind::kFile, Write("a", "of a file\r\n")}), "of a file");
  EXPECT_EQ(Read({Kind::kFile, Write("b", "two\n\n")}), "two\n");
  EXPECT_EQ(Read({Kind::kFile, Write("c", "none")}), "none");
  Write("d", "of systemd\n");
  EXPECT_EQ(Read({Kind::kCredential, "d"}), "of systemd");
}

TEST_F(SecretStoreTest, SaysWhatIsWrongAndNothingOfTheValue) {
  EXPECT_EQ(Read({Kind::kEnvironment, "TOKEN"}), "error: the environment variable TOKEN is not set");
  EXPECT_EQ(Read({Kind::kCredential, "d"}), "error: the credential d can't be read: $CREDENTIALS_DIRECTORY is not set");
  EXPECT_EQ(Read({Kind::kFile, folder_ + "/no"}),
            "error: the file " + folder_ + "/no can't be read: " + folder_ + "/no: No such file or directory");
  EXPECT_EQ(Read({Kind::kFile, Write("empty", "\n")}), "error: the file " + folder_ + "/empty is empty");
  EXPECT_NE(Read({Kind::kFile, Write("bytes", "abcdefgh\xff")}).find("is not UTF-8"), std::string::npos);
  EXPECT_EQ(Read({Kind::kFile, folder_ + "/bytes"}).find("abcdefgh"), std::string::npos);
  EXPECT_NE(Read({Kind::kFile, Write("nul", std::string("a\0b", 3))}).find("NUL"), std::string::npos);
  EXPECT_NE(Read({Kind::kFile, Write("long", std::string(65 << 10, 'x'))}).find("more than the 65536 bytes"), std::string::npos);
  EXPECT_NE(Read({Kind::kFile, folder_}).find("is not a regular file"), std::string::npos);
  ASSERT_EQ(::mkfifo((folder_ + "/pipe").c_str(), 0600), 0);
  EXPECT_NE(Read({Kind::kFile, folder_ + "/pipe"}).find("is not a regular file"), std::string::npos);  // and it does not wait for a writer
}

TEST_F(SecretStoreTest, AChangedFileCountsAtOnceAndTheOldValueStaysRedacted) {
  SecretStore store({{"key", {Kind::kFile, Write("k", "first value")}}}, Variables());
  ASSERT_NE(store.Redaction(), nullptr);  // read when it was configured
  EXPECT_EQ(store.Read("key").value(), "first value");
  Write("k", "other value");
  EXPECT_EQ(store.Read("key").value(), "other value");
  EXPECT_EQ(store.Redaction()->InText("first value, other value"), "[secret key], [secret key]");
  std::filesystem::remove(folder_ + "/k");
  EXPECT_EQ(store.Read("key").error().message,
            "the secret \"key\" is not there: the file " + folder_ + "/k can't be read: " + folder_ + "/k: No such file or directory");
  EXPECT_EQ(store.Redaction()->InText("other value"), "[secret key]");
}

TEST_F(SecretStoreTest, AnUnknownNameGetsTheNearest) {
  SecretStore store({{"api_token", {Kind::kEnvironment, "T"}}}, Variables());
  EXPECT_EQ(store.Redaction(), nullptr);
  EXPECT_EQ(store.Read("api_tokn").error().message, "the configuration has no secret \"api_tokn\" (did you mean \"api_token\"?)");
}

TEST_F(SecretStoreTest, OtherPlacesCountFromTheNextRead) {
  variables_ = {{"A", "value of a"}, {"B", "value of b"}};
  SecretStore store({{"x", {Kind::kEnvironment, "A"}}}, Variables());
  EXPECT_EQ(store.Read("x").value(), "value of a");
  store.Configure({{"x", {Kind::kEnvironment, "B"}}});
  EXPECT_EQ(store.Read("x").value(), "value of b");
  store.Configure({});
  EXPECT_FALSE(store.Read("x").ok());
  EXPECT_EQ(store.Redaction()->InText("value of a"), "[secret x]");
}

TEST(SecretName, IsAWordOfLettersDigitsAndUnderscores) {
  for (const char* good : {"a", "_", "API_TOKEN", "k9"}) EXPECT_TRUE(IsSecretName(good)) << good;
  for (const char* bad : {"", "9k", "a-b", "a.b", "ä", "a b"}) EXPECT_FALSE(IsSecretName(bad)) << bad;
}

}  // namespace
}  // namespace orc
