// Secrets on their way into a call and out of what comes back.
#include <gmock/gmock.h>

#include <fstream>
#include <sstream>

#include "base/log.h"
#include "plugin/secret_input.h"
#include "plugin_fixture.h"
#include "secrets/secret_store.h"
#include "unit/engine/case_run.h"

namespace orc::test {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

const std::string kCanary = "canary/4711+\"quoted\" ü";

std::shared_ptr<SecretStore> MakeSecrets(const std::string& value = kCanary) {
  return std::make_shared<SecretStore>(SecretStore::Places{{"token", {SecretPlace::Kind::kEnvironment, "TOKEN"}},
                                                           {"pin", {SecretPlace::Kind::kEnvironment, "PIN"}},
                                                           {"gone", {SecretPlace::Kind::kEnvironment, "GONE"}}},
                                       [value](const std::string& name) -> std::optional<std::string> {
                                         if (name == "TOKEN") return value;
                                         return name == "PIN" ? std::optional<std::string>("12!4") : std::nullopt;
                                       });
}

std::string Quoted(const std::string& text) {
  std::string out;
  AppendJsonString(out, text);
  return out;
}

/// What the action would be given of an `input`, in a run with that context.
std::string Dispatched(const std::string& input, const std::string& context = "{}") {
  CaseRun run(R"({"name":"w","steps":[{"name":"call","action":"http","input":)" + input + "}]}", context);
  const Decision& begun = run.Begin();
  if (begun.commands.empty()) return "not begun: " + run.run.FindStep({0, -1})->error->message;
  const std::string left = begun.commands.at(0).input;
  EXPECT_THAT(left, Not(HasSubstr("canary")));
  if (!run.definition->steps[0].names_secrets) return left;
  EXPECT_EQ(run.outputs.texts.at({Document::Kind::kInput, 0, -1}), left);  // what is stored
  const auto filled = PutInSecrets(left, *MakeSecrets("canary-value"));
  return filled.ok() ? PrintJson(filled->input) : "failed: " + filled.error().message;
}

TEST(SecretInput, IsPutInAtTheCall) {
  EXPECT_EQ(Dispatched(R"({"h":"{{ secrets.token }}"})"), R"({"h":"canary-value"})");
  EXPECT_EQ(Dispatched(R"({"h":"Bearer {{ secrets.token }}!"})"), R"({"h":"Bearer canary-value!"})");
  EXPECT_EQ(Dispatched(R"({"h":"{{ \"Bearer \" + secrets.token + context.suffix }}"})", R"({"suffix":"-x"})"),
            R"({"h":"Bearer canary-value-x"})");
  EXPECT_EQ(Dispatched(R"({"h":"{{ context.user }}:{{ secrets[\"token\"] }}","n":"{{ context.n + 1 }}"})", R"({"user":"ana","n":4})"),
            R"({"h":"ana:canary-value","n":5})");
  EXPECT_EQ(Dispatched(R"({"h":"{{ base64.encode(bytes(context.user + ':' + secrets.token)) }}"})", R"({"user":"ana"})"),
            R"({"h":"YW5hOmNhbmFyeS12YWx1ZQ=="})");
  EXPECT_EQ(Dispatched(R"({"h":"{{ context.?own.orValue('none') + secrets.token }}"})"), R"({"h":"nonecanary-value"})");
  EXPECT_EQ(Dispatched(R"({"h":"{{ has(context.own) ? context.own : secrets.token }}"})"), R"({"h":"canary-value"})");
  EXPECT_EQ(Dispatched(R"({"h":"{{ has(secrets.gone) ? secrets.gone : secrets.token }}"})"), R"({"h":"canary-value"})");
  EXPECT_EQ(Dispatched(R"({"h":"{{ secrets.token }}","t":"{{ run.created_at }} {{ run.id }}"})"),
            R"({"h":"canary-value","t":"1970-01-01T00:00:00Z run_1"})");
}

// Only what the definition wrote is evaluated: data that looks like an expression stays data.
TEST(SecretInput, DataIsNeverAnExpression) {
  const std::string hostile[] = {"{{ secrets.token }}",
                                 "{{secrets.token}}",
                                 "{{{{ secrets.token }}",
                                 "{",
                                 "{{",
                                 "{{{",
                                 "}}",
                                 "{{ \"",
                                 "\" + secrets.token + \"",
                                 "' + secrets.token + '",
                                 "\\",
                                 "\\\"",
                                 "*/ secrets.token",
                                 "// secrets.token\n",
                                 "{{ 1 +",
                                 "\n}}{{ secrets.token }}",
                                 "{ secrets.token }}",
                                 "secrets.token }}"};
  for (const std::string& one : hostile) {
    for (const std::string& two : hostile) {
      const std::string context = "{\"a\":" + Quoted(one) + ",\"b\":" + Quoted(two) + ",\"o\":{\"deep\":[" + Quoted(one) + "]}}";
      const std::string input =
          R"({"mixed":"{{ context.a }}{{ context.b }}{{ secrets.token }}{{ context.a }}{{ context.b }}",)"
          R"("in":"{{ context.a + secrets.token + context.b }}","whole":"{{ context.a }}","object":"{{ context.o }}",)"
          R"("map":"{{ {'k': context.b}['k'] + secrets.token }}"})";
      const std::string expected = "{\"mixed\":" + Quoted(one + two + "canary-value" + one + two) +
                                   ",\"in\":" + Quoted(one + "canary-value" + two) + ",\"whole\":" + Quoted(one) +
                                   ",\"object\":{\"deep\":[" + Quoted(one) + "]},\"map\":" + Quoted(two + "canary-value") + "}";
      EXPECT_EQ(Dispatched(input, context), expected) << one << " | " << two;
    }
  }
}

TEST(SecretInput, WhatTheDefinitionEscapedStaysText) {
  EXPECT_EQ(Dispatched(R"({"a":"{{{{ secrets.token }}"})"), R"({"a":"{{ secrets.token }}"})");
  EXPECT_EQ(Dispatched(R"({"a":"{{{{ secrets.token }} {{ secrets.token }}"})"), R"({"a":"{{ secrets.token }} canary-value"})");
}

TEST(SecretInput, WhatIsMissingIsSaidWithoutAnyValue) {
  EXPECT_EQ(Dispatched(R"({"h":{"x":"{{ secrets.gone }}"}})"),
            "failed: at /input/h/x: the secret \"gone\" is not there: the environment variable GONE is not set");
  EXPECT_EQ(Dispatched(R"({"h":"{{ secrets.tokn }}"})"),
            "failed: at /input/h: the configuration has no secret \"tokn\" (did you mean \"token\"?)");
  EXPECT_EQ(Dispatched(R"({"h":"{{ {'a': 1}[secrets.token] }}"})"),
            "failed: at /input/h: it fails with the secret put in; what it says of the value is not shown");
  EXPECT_EQ(Dispatched(R"({"h":"{{ {'a': secrets.token} }}"})"),
            "failed: at /input/h: an expression that names secrets must give a text, this one gives a map");
  EXPECT_EQ(Dispatched(R"({"h":"{{ secrets.token + context.nobody }}"})"),
            "not begun: at /steps/0/input/h: column 17: context: there is no member \"nobody\"");
}

class SecretRunTest : public PluginTest {
 protected:
  SecretRunTest() {
    Install("tester");
    Load({.secrets = MakeSecrets()});
  }
};

TEST_F(SecretRunTest, TheActionGetsTheValueAndNobodyElseSeesIt) {
  const std::string file = folder_ + "/log";
  ASSERT_TRUE(InitLog({.level = LogLevel::kDebug, .file = file}).ok());
  const auto finished = RunWithSecrets("test.chatter", R"("<{{ secrets.token }}>")");
  ASSERT_TRUE(InitLog({}).ok());
  std::stringstream log;
  log << std::ifstream(file).rdbuf();
  EXPECT_THAT(log.str(), HasSubstr("<[secret token]>"));
  EXPECT_THAT(finished.error.message, HasSubstr("<[secret token]>"));
  EXPECT_EQ(finished.output, "\"<[secret token]>\"");
  EXPECT_EQ(finished.response_headers, R"({"x-echo":"<[secret token]>"})");
  EXPECT_EQ(finished.error.detail, R"(["<[secret token]>"])");
  ASSERT_EQ(sink_.lines().size(), 2u);
  EXPECT_EQ(sink_.lines()[0].text, "got \"<[secret token]>\"");
  EXPECT_EQ(sink_.lines()[1].text, "50 %: \"<[secret token]>\"");
}

TEST_F(SecretRunTest, TheCallCarriesTheValue) {
  HttpStub stub;
  stub.Otherwise([](const StubRequest& request) { return StubAnswer{.body = Quoted(request.target)}; });
  const auto finished = RunWithSecrets("test.fetch", Quoted(stub.url("/x?q=") + "{{ secrets.token.substring(0, 11) }}"));
  EXPECT_EQ(stub.requests().at(0).target, "/x?q=canary/4711");
  // What an expression made of a secret is hidden too, though it is not the value.
  EXPECT_EQ(finished.output, "\"/x?q=[secret token]\"");
}

TEST_F(SecretRunTest, AValueComesBackRedactedInAnotherAttemptToo) {
  EXPECT_EQ(Run("test.echo", "{\"a\":" + Quoted(kCanary) + "}").output, R"({"a":"[secret token]"})");
}

TEST_F(SecretRunTest, WhatTheSchemaRefusesIsNotQuoted) {
  const auto refused = RunWithSecrets("test.chatter", R"("{{ secrets.pin }}")");
  EXPECT_EQ(refused.error.code, "input_invalid");
  EXPECT_THAT(refused.error.message, HasSubstr("does not fit with the secret put in; the value is not shown"));
  EXPECT_THAT(refused.error.message + refused.error.detail, Not(HasSubstr("12!4")));
  // Where nothing depends on the secret the fault is said as ever.
  const auto other = RunWithSecrets("test.echo", R"({"count":"seven","x":"{{ secrets.pin }}"})");
  EXPECT_THAT(other.error.message, HasSubstr("seven"));
  EXPECT_THAT(other.error.message, HasSubstr("integer"));
}

TEST_F(SecretRunTest, AMissingSecretFailsTheStepWithItsPlace) {
  const auto finished = RunWithSecrets("test.echo", R"({"a":"{{ secrets.gone }}"})");
  EXPECT_EQ(finished.error.code, "expression_error");
  EXPECT_THAT(finished.error.message, HasSubstr("GONE is not set"));
  EXPECT_EQ(J(finished.error.detail), J(R"({"source":"secrets.gone","line":1,"column":1,
      "cause":"the secret \"gone\" is not there: the environment variable GONE is not set"})"));
}

TEST_F(SecretRunTest, AnInputThatNamesNoneIsNotEvaluated) {
  EXPECT_EQ(Run("test.echo", R"({"a":"{{ secrets.token }}"})").output, R"({"a":"{{ secrets.token }}"})");
}

TEST_F(PluginTest, WithoutSecretsNothingIsFound) {
  Install("tester");
  Load();
  EXPECT_THAT(RunWithSecrets("test.echo", R"({"a":"{{ secrets.x }}"})").error.message, HasSubstr("the configuration has no secret \"x\""));
}

}  // namespace
}  // namespace orc::test
