// Every object of the server, built in start order and stopped in reverse: the only place that knows all of them.
#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "app/config.h"
#include "base/result.h"

namespace orc {

class App {
 public:
  /// Builds and starts everything. When it returns, the server answers and is ready.
  static Result<std::unique_ptr<App>> Start(Config config);
  virtual ~App() = default;  // stops at once what Stop did not

  /// "http://127.0.0.1:8100".
  virtual std::string address() const = 0;

  /// How many actions steps may use.
  virtual size_t actions() const = 0;

  /// Takes over what can change while it runs (log, secrets, policy.workflow_schema, policy.strict, the files of plugins) and says in the
  /// log what needs a restart.
  virtual void Reload(const Config& fresh) = 0;

  /// Takes no new runs, lets attempts under way end for up to server.drain_timeout, then stops everything. What was not finished is on
  /// the disk and goes on at the next start.
  virtual void Stop() = 0;
};

}  // namespace orc
