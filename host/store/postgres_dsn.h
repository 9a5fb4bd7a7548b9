// The address of a PostgreSQL database, as `database.dsn` gives it.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.h"

namespace orc {

/// postgres://user:password@host:port/database?sslmode=… taken apart: libpq's keywords with their decoded values.
class PostgresDsn {
 public:
  /// True for what begins with postgres:// or postgresql://.
  static bool IsOne(std::string_view text);

  /// kInvalid names the part that is wrong and never shows the user or the password. What the URL leaves out comes from libpq's
  /// environment variables and defaults, as for every program that uses it.
  static Result<PostgresDsn> Parse(const std::string& url);

  /// The value of a keyword, "" when the URL does not give it.
  std::string_view Get(std::string_view keyword) const;
  /// Sets a keyword that the URL left open.
  void SetDefault(std::string_view keyword, std::string value);
  void Set(std::string_view keyword, std::string value);

  /// For PQconnectdb, every value quoted.
  std::string ToConninfo() const;
  /// For logs and messages: without password and parameters.
  std::string ToShow() const;

 private:
  std::vector<std::pair<std::string, std::string>> values_;
};

}  // namespace orc
