// Why an evaluation failed, and where in the expression.
#pragma once

#include <cstdint>
#include <string>

#include "base/result.h"

namespace orc {

struct EvaluationFault {
  std::string cause;                     // a sentence without the place
  uint32_t offset = 0;                   // in the source, in bytes
  ErrorCode code = ErrorCode::kInvalid;  // kTooLarge: a budget is used up
  bool has_place = false;
};

/// "column 3: division by zero", with the place in its problem.
Error FaultError(std::string source, const EvaluationFault& fault);

/// Line and column (both from 1, columns in characters) of a byte of `source`.
ExpressionPlace PlaceIn(std::string source, size_t offset);

}  // namespace orc
