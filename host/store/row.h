// One row of what a database answered, whichever database it is.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace orc {

/// Columns count from 0. Views are valid as long as the concrete class says.
class Row {
 public:
  virtual ~Row() = default;
  virtual int64_t Int(int column) const = 0;  // 0 for NULL
  virtual std::string_view View(int column) const = 0;
  virtual bool IsNull(int column) const = 0;

  int32_t Int32(int column) const { return static_cast<int32_t>(Int(column)); }
  std::string Text(int column) const { return std::string(View(column)); }

 protected:
  Row() = default;
  Row(const Row&) = default;
  Row& operator=(const Row&) = default;
};

}  // namespace orc
