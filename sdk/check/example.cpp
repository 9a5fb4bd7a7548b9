#include "example.h"

#include <orchestrator/abi.h>

#include <algorithm>
#include <array>
#include <filesystem>
#include <fstream>
#include <memory>
#include <sstream>

#include "base/nearest.h"

namespace orc::check {
namespace {

namespace fs = std::filesystem;
using orchestrator::testing::Reply;

constexpr std::array<std::string_view, 4> kOutcomes = {"succeeded", "failed", "failed_retryable", "cancelled"};
const std::vector<std::string> kReplyKeys = {"status", "body", "headers", "chunks", "error", "never"};
const std::vector<std::string> kExpectKeys = {"outcome", "output", "error_code"};

Error Fault(const std::string& file, const std::string& what) { return {ErrorCode::kInvalid, file + ": " + what}; }

Result<void> CheckKeys(const std::string& file, const JsonObject& object, const std::vector<std::string>& known, const std::string& where) {
  for (const auto& member : object) {
    const std::string key(member.key());
    if (std::find(known.begin(), known.end(), key) == known.end()) {
      return Fault(file, where + " has the unknown key \"" + key + "\"" + DidYouMean(key, known));
    }
  }
  return {};
}

std::string TextOrJson(const Json& value) { return value.is_string() ? std::string(value.get_string()) : PrintJson(value); }

Result<Reply> ReadReply(const std::string& file, const Json& json) {
  if (!json.is_object()) return Fault(file, "http holds " + DescribeJson(json) + "; expected objects");
  ORC_RETURN_IF_ERROR(CheckKeys(file, json.get_object(), kReplyKeys, "an answer of http"));
  Reply reply;
  reply.status = static_cast<int32_t>(IntAt(json, "status").value_or(200));
  if (const Json* body = Find(json, "body")) reply.body = TextOrJson(*body);
  reply.error_code = StringAt(json, "error");
  if (!reply.error_code.empty()) reply.error_message = "the example says so";
  reply.never = BoolAt(json, "never", false);
  if (const Json* headers = Find(json, "headers"); headers != nullptr && headers->is_object()) {
    for (const auto& header : headers->get_object()) reply.headers.emplace_back(header.key(), TextOrJson(header.value()));
  }
  if (const Json* chunks = Find(json, "chunks"); chunks != nullptr && chunks->is_array()) {
    for (const Json& chunk : chunks->get_array()) reply.chunks.push_back(TextOrJson(chunk));
  }
  return reply;
}

Result<void> ReadExpectation(const Json& json, Example& example) {
  const Json* expect = Find(json, "expect");
  if (expect == nullptr) return {};
  if (!expect->is_object()) return Fault(example.file, "expect is " + DescribeJson(*expect) + "; expected an object");
  ORC_RETURN_IF_ERROR(CheckKeys(example.file, expect->get_object(), kExpectKeys, "expect"));
  if (const auto outcome = StringAt(*expect, "outcome"); !outcome.empty()) {
    const auto* const it = std::find(kOutcomes.begin(), kOutcomes.end(), outcome);
    if (it == kOutcomes.end()) {
      return Fault(example.file,
                   "expect.outcome is \"" + std::string(outcome) + "\"; expected succeeded, failed, failed_retryable or cancelled");
    }
    example.outcome = static_cast<int>(it - kOutcomes.begin());
  }
  if (const Json* output = Find(*expect, "output")) example.output = *output;
  example.error_code = StringAt(*expect, "error_code");
  return {};
}

Result<Example> ReadExample(const std::string& file) {
  std::ifstream in(file, std::ios::binary);
  std::ostringstream text;
  text << in.rdbuf();
  if (!in) return Fault(file, "can't be read");
  auto json = ParseJson(text.str());
  if (!json.ok()) return Fault(file, "is not JSON: " + json.error().message);
  Example example;
  example.file = file;
  example.action = StringAt(*json, "action");
  if (example.action.empty()) return Fault(file, "names no action; expected a step: {\"name\", \"action\", \"input\"}");
  const Json* input = Find(*json, "input");
  example.input = input != nullptr ? PrintJson(*input) : "{}";
  if (const Json* config = Find(*json, "config")) example.config = PrintJson(*config);
  if (const Json* http = Find(*json, "http"); http != nullptr && http->is_array()) {
    for (const Json& item : http->get_array()) {
      ORC_ASSIGN_OR_RETURN(Reply reply, ReadReply(file, item));
      example.replies.push_back(std::move(reply));
    }
  }
  ORC_RETURN_IF_ERROR(ReadExpectation(*json, example));
  return example;
}

}  // namespace

Result<std::vector<Example>> ReadExamples(const std::string& folder) {
  std::vector<std::string> files;
  std::error_code error;
  for (fs::directory_iterator it(folder, error), end; !error && it != end; it.increment(error)) {
    if (it->path().extension() == ".json") files.push_back(it->path().string());
  }
  if (error) return Error{ErrorCode::kNotFound, "the folder of examples " + folder + " can't be listed: " + error.message()};
  std::sort(files.begin(), files.end());
  std::vector<Example> examples;
  for (const std::string& file : files) {
    ORC_ASSIGN_OR_RETURN(Example example, ReadExample(file));
    if (example.input.find("{{") == std::string::npos) examples.push_back(std::move(example));
  }
  return examples;
}

orchestrator::testing::FakeHttp::Responder RespondInOrder(std::vector<Reply> replies) {
  if (replies.empty()) return [](const orchestrator::HttpRequest&) { return Reply(); };
  auto next = std::make_shared<size_t>(0);  // only the HTTP thread calls it
  return [replies = std::move(replies), next](const orchestrator::HttpRequest&) {
    const size_t i = std::min(*next, replies.size() - 1);
    ++*next;
    return replies[i];
  };
}

}  // namespace orc::check
