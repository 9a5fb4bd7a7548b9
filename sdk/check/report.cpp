#include "report.h"

#include <algorithm>

#include "base/json_writer.h"

namespace orc::check {
namespace {

std::string Padded(std::string_view text, size_t width) {
  std::string out(text);
  out.resize(std::max(out.size(), width), ' ');
  return out;
}

}  // namespace

size_t CountOf(const Report& report, Verdict verdict) {
  return static_cast<size_t>(
      std::count_if(report.begin(), report.end(), [&](const auto& one) { return one.second.finding.verdict == verdict; }));
}

std::string ReportAsText(const std::string& file, const Report& report) {
  std::string out = file + "\n";
  for (const auto& [check, outcome] : report) {
    const Finding& finding = outcome.finding;
    const std::string verdict = finding.verdict == Verdict::kFailed ? "FAILED" : std::string(TextOf(finding.verdict));
    out += "  " + Padded(verdict, 8) + Padded(check->name, 24) + " " + finding.detail + "\n";
    if (finding.verdict == Verdict::kFailed) out += "          it demands: " + std::string(check->sentence) + "\n";
  }
  return out + std::to_string(CountOf(report, Verdict::kPassed)) + " passed, " + std::to_string(CountOf(report, Verdict::kFailed)) +
         " failed, " + std::to_string(CountOf(report, Verdict::kSkipped)) + " skipped\n";
}

std::string ReportAsJson(const std::string& file, const Report& report) {
  JsonWriter writer;
  writer.BeginObject().Field("plugin", file).Key("checks").BeginArray();
  for (const auto& [check, outcome] : report) {
    writer.BeginObject().Field("name", check->name).Field("sentence", check->sentence).Field("verdict", TextOf(outcome.finding.verdict));
    writer.Field("detail", outcome.finding.detail).Field("elapsed_ms", outcome.elapsed_ms).EndObject();
  }
  writer.EndArray();
  for (const Verdict verdict : {Verdict::kPassed, Verdict::kFailed, Verdict::kSkipped}) {
    writer.Field(TextOf(verdict), static_cast<int64_t>(CountOf(report, verdict)));
  }
  writer.EndObject();
  return std::move(writer).text() + "\n";
}

std::string ChecksAsText() {
  std::string out;
  for (const Check& check : AllChecks()) out += Padded(check.name, 24) + " " + std::string(check.sentence) + "\n";
  return out;
}

}  // namespace orc::check
