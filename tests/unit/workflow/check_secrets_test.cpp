// Where secrets may be named.
#include "unit/workflow/checker_fixture.h"

namespace orc {
namespace {

class CheckSecretsTest : public CheckerTest {
 protected:
  void SetUp() override { Open({.schema_dir = ORC_SOURCE_DIR "/schema", .workflow_schema_file = "", .secrets = {"api_token", "pin"}}); }
  static std::string Step(const std::string& fields) {
    return R"({"name":"w","steps":[{"name":"s","action":"http","input":{"url":"http://h/"})" + fields + "}]}";
  }
  static std::string Call(const std::string& header) {
    return R"({"name":"w","steps":[{"name":"s","action":"http","input":{"url":"http://h/","headers":{"Authorization":")" + header +
           "\"}}}]}";
  }
};

TEST_F(CheckSecretsTest, AreKnownInTheInputOfAStepThatTalksOutward) {
  for (const char* good : {"{{ secrets.api_token }}", "Bearer {{ secrets.api_token }}", "{{ secrets['pin'] + context.x }}",
                           "{{ has(secrets.pin) ? secrets.pin : 'none' }}"}) {
    EXPECT_EQ(Errors(Call(good)), "") << good;
    EXPECT_EQ(Warnings(Call(good)), "") << good;
  }
  EXPECT_EQ(Errors(Step(R"(,"compensate":{"action":"http","input":{"url":"http://h/?t={{ secrets.pin }}"}})")), "");
  EXPECT_EQ(Errors(R"({"name":"w","steps":[{"name":"s","action":"http","input":{"url":"http://h/"}}],
                       "finally":[{"name":"f","action":"http","input":{"url":"{{ secrets.pin }}"}}]})"),
            "");
}

TEST_F(CheckSecretsTest, AreKnownNowhereElse) {
  const std::string nowhere = "secrets are known in the input of a step that talks outward only";
  for (const char* fields : {R"(,"if":"secrets.pin == '1'")", R"(,"for_each":"[secrets.pin]")", R"(,"idempotency_key":"secrets.pin")",
                             R"(,"repeat":{"until":"output == secrets.pin"})", R"(,"catch":[{"set":{"x":"{{ secrets.pin }}"}}])",
                             R"(,"requires_approval":{"message":"{{ secrets.pin }}"})",
                             R"(,"compensate":{"action":"transform","input":{"expr":"secrets.pin"}})"}) {
    EXPECT_NE(Errors(Step(fields)).find(nowhere), std::string::npos) << fields << Errors(Step(fields));
  }
  for (const char* step : {R"("transform","input":{"set":{"x":"{{ secrets.pin }}"}})", R"("transform","input":{"expr":"secrets.pin"})",
                           R"("condition","input":{"if":"secrets.pin == ''"})", R"("wait","input":{"signal":"{{ secrets.pin }}"})"}) {
    const std::string document = R"({"name":"w","steps":[{"name":"s","action":)" + std::string(step) + "}]}";
    EXPECT_NE(Errors(document).find(nowhere), std::string::npos) << step << Errors(document);
  }
  EXPECT_NE(
      Errors(R"({"name":"w","output":"secrets.pin","steps":[{"name":"s","action":"http","input":{"url":"http://h/"}}]})").find(nowhere),
      std::string::npos);
}

// Whoever starts a run must not choose the secret that is sent.
TEST_F(CheckSecretsTest, HaveConstantNames) {
  for (const char* bad : {"{{ secrets[context.name] }}", "{{ secrets }}", "{{ secrets.map(k, k)[0] }}", "{{ secrets[0] }}",
                          "{{ secrets.?pin.orValue('') }}", "{{ {'a': secrets}.a.pin }}"}) {
    EXPECT_NE(Errors(Call(bad)).find("which secret is meant? write secrets.<name>, with a constant name"), std::string::npos)
        << bad << Errors(Call(bad));
  }
}

TEST_F(CheckSecretsTest, AnUnknownOneIsAWarningWithTheNearest) {
  EXPECT_EQ(Errors(Call("{{ secrets.api_tokn }}")), "");
  EXPECT_EQ(Warnings(Call("{{ secrets.api_tokn }}")),
            "/steps/0/input/headers/Authorization: \"secrets.api_tokn\": the configuration has no secret \"api_tokn\" (did you mean "
            "\"api_token\"?); the step fails until it has\n");
}

TEST_F(CheckSecretsTest, ATemplateMayTakeTheNameOfAParam) {
  const Json document = ParseJson(Call("{{ secrets[params.secret] }}")).value();
  const Json params = ParseJson(R"({"type":"object","properties":{"secret":{"type":"string"}}})").value();
  EXPECT_EQ(Text(checker().Check(document, &params).errors), "");
  EXPECT_NE(Text(checker().Check(document).errors), "");
}

}  // namespace
}  // namespace orc
