// What is printed.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "check.h"
#include "child.h"

namespace orc::check {

using Report = std::vector<std::pair<const Check*, Outcome>>;

std::string ReportAsText(const std::string& file, const Report& report);
std::string ReportAsJson(const std::string& file, const Report& report);
std::string ChecksAsText();
size_t CountOf(const Report& report, Verdict verdict);

}  // namespace orc::check
