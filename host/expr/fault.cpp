#include "expr/fault.h"

#include <algorithm>

namespace orc {

ExpressionPlace PlaceIn(std::string source, size_t offset) {
  ExpressionPlace place;
  const size_t end = std::min(offset, source.size());
  for (size_t i = 0; i < end; ++i) {
    if (source[i] == '\n') {
      ++place.line;
      place.column = 1;
    } else if ((static_cast<unsigned char>(source[i]) & 0xc0) != 0x80) {
      ++place.column;
    }
  }
  place.source = std::move(source);
  return place;
}

Error FaultError(std::string source, const EvaluationFault& fault) {
  Problem problem{"", fault.cause, PlaceIn(std::move(source), fault.offset), ""};
  const std::string line = problem.place->line > 1 ? "line " + std::to_string(problem.place->line) + ", " : "";
  std::string message = line + "column " + std::to_string(problem.place->column) + ": " + fault.cause;
  return Error{fault.code, std::move(message), {std::move(problem)}};
}

}  // namespace orc
