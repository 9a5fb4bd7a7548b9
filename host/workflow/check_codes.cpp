#include "workflow/check_codes.h"

#include <algorithm>

#include "base/nearest.h"
#include "expr/template.h"

namespace orc {
namespace {

constexpr int kMaxSuggestions = 20;

const std::vector<std::string> kCodes = {"timeout",         "network",        "tls",          "http_status",      "egress_denied",
                                         "input_invalid",   "output_invalid", "plugin_error", "output_too_large", "plugin_crashed",
                                         "unknown_action",  "rejected",       "cancelled",    "expression_error", "repeat_exhausted",
                                         "condition_false", "poisoned",       "limit_reached"};

bool IsDigit(char c) { return c >= '0' && c <= '9'; }

/// "503", "5xx", "*".
bool IsStatus(std::string_view code) {
  if (code == "*") return true;
  if (code.size() != 3 || code[0] < '1' || code[0] > '5') return false;
  return code.substr(1) == "xx" || (IsDigit(code[1]) && IsDigit(code[2]));
}

class CodeCheck {
 public:
  explicit CodeCheck(CheckReport& report) : report_(report) {}

  void CheckStep(const Json& step, const std::string& pointer) {
    if (const Json* retry = Find(step, "retry")) CheckList(Find(*retry, "on"), Pointer(Pointer(pointer, "retry"), "on"));
    const Json* rules = Find(step, "catch");
    for (size_t i = 0; rules != nullptr && rules->is_array() && i < rules->get_array().size(); ++i) {
      CheckList(Find(rules->get_array()[i], "on"), Pointer(Pointer(Pointer(pointer, "catch"), i), "on"));
    }
    if (const Json* compensation = Find(step, "compensate")) CheckStep(*compensation, Pointer(pointer, "compensate"));
  }

 private:
  void CheckList(const Json* codes, const std::string& pointer) {
    for (size_t i = 0; codes != nullptr && codes->is_array() && i < codes->get_array().size(); ++i) {
      if (!codes->get_array()[i].is_string()) continue;
      const std::string code(codes->get_array()[i].get_string());
      if (IsStatus(code) || std::find(kCodes.begin(), kCodes.end(), code) != kCodes.end() || IsTemplated(codes->get_array()[i])) continue;
      const std::string near = suggestions_-- > 0 ? DidYouMean(code, kCodes) : "";
      report_.warnings.push_back({Pointer(pointer, i), "no error of the server's own has the code \"" + code + "\"" + near});
    }
  }

  CheckReport& report_;
  int suggestions_ = kMaxSuggestions;
};

}  // namespace

void CheckCodes(const Json& document, CheckReport& report) {
  CodeCheck check(report);
  for (const char* list : {"steps", "finally"}) {
    const Json* steps = Find(document, list);
    for (size_t i = 0; steps != nullptr && steps->is_array() && i < steps->get_array().size(); ++i) {
      check.CheckStep(steps->get_array()[i], Pointer(Pointer("", list), i));
    }
  }
}

}  // namespace orc
