// What a literal URL of a step must look like. Where it may lead is judged at the call, by the egress policy.
#pragma once

#include <string>
#include <string_view>

namespace orc {

/// "" for http:// or https:// with a host; else what is wrong with it.
std::string JudgeHttpUrl(std::string_view url);

}  // namespace orc
