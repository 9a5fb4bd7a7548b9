// One field of a cron expression.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

#include "base/result.h"

namespace orc {

struct CronFieldKind {
  std::string_view name;                         // "minute": for messages
  int least = 0;                                 // of its values
  int most = 59;                                 // likewise
  std::span<const std::string_view> words = {};  // names of the values from `least` on
  bool is_weekday = false;                       // 7 is Sunday too
};

struct CronField {
  uint64_t values = 0;         // bit n: the value n fits
  bool is_restricted = false;  // does not begin with `*`
};

/// A list of `*`, `5`, `1-5`, each with a step (`*/15`, `1-30/5`, `5/15`: from 5 on). kInvalid names the field, what was found, what is
/// expected.
Result<CronField> ParseCronField(std::string_view text, const CronFieldKind& kind);

}  // namespace orc
