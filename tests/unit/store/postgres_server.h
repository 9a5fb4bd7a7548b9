// A real PostgreSQL server for tests: in a folder of its own, as an unprivileged user, on a free port of loopback.
#pragma once

#include <sys/types.h>

#include <string>
#include <vector>

namespace orc::test {

/// Started by the constructor, ended and removed by the destructor; ended by the kernel if the program dies before. One thread.
class PostgresServer {
 public:
  /// The one that the tests of this program share; started when it is first needed. Each test takes a schema of its own in it.
  static PostgresServer& Shared();

  /// `settings`: more lines of postgresql.conf. Throws std::runtime_error when it can't be started.
  explicit PostgresServer(std::vector<std::string> settings = {});
  ~PostgresServer();
  PostgresServer(const PostgresServer&) = delete;
  PostgresServer& operator=(const PostgresServer&) = delete;

  void Start();
  enum class How { kFast, kImmediate };  // as of pg_ctl stop
  void Stop(How how);
  void Restart(How how);

  /// As the seed spells it: user, password and database are "orchestrator". `schema` becomes the search path.
  std::string Url(const std::string& schema = "") const;
  /// A schema that nobody else has, made.
  std::string NewSchema();
  /// Runs a script as the superuser and gives the first column of the last statement's first row. Throws when it fails.
  std::string Run(const std::string& sql) const;

  int port() const { return port_; }
  const std::string& folder() const { return folder_; }

 private:
  void Initialise(const std::vector<std::string>& settings);
  bool TryStart();
  bool AnswersPings() const;

  std::string folder_;
  int port_ = 0;
  pid_t pid_ = -1;
  int schemas_ = 0;
};

}  // namespace orc::test
