// A whole server on a free port: real sockets, the real engine, the store in memory, actions that do what the test says.
#pragma once

#include <gtest/gtest.h>

#include <memory>
#include <string>

#include "api/server.h"
#include "unit/api/raw_client.h"
#include "unit/api/scripted_runner.h"
#include "unit/engine/faulty_store.h"

namespace orc::test {

/// The built-ins and "test.do".
class TestCatalog final : public ActionCatalog {
 public:
  TestCatalog();
  std::shared_ptr<const ActionInfo> Find(std::string_view name) const override;
  std::vector<std::shared_ptr<const ActionInfo>> List() const override { return actions_; }

 private:
  std::vector<std::shared_ptr<const ActionInfo>> actions_;
};

class ApiTest : public testing::Test {
 protected:
  ApiTest() = default;
  ~ApiTest() override { StopServer(); }
  /// Options are set before; called by the tests' first request at the latest.
  void StartServer();
  void StopServer();

  RawClient Connect();
  /// One request on a connection of its own.
  RawAnswer Call(std::string_view method, std::string_view target, std::string_view body = {},
                 const std::vector<std::pair<std::string, std::string>>& headers = {});
  RawAnswer Get(std::string_view target) { return Call("GET", target); }
  RawAnswer Post(std::string_view target, std::string_view body = {}) { return Call("POST", target, body); }

  /// A workflow of steps of "test.do" with these inputs (JSON texts); its id.
  std::string MakeWorkflow(const std::vector<std::string>& inputs, const std::string& more = "");
  /// A run of it; its id. `query` as in "?wait=10s".
  std::string StartRun(const std::string& workflow_id, const std::string& query = "");
  /// Waits until the run has the status; the run.
  Json WaitForStatus(const std::string& run_id, std::string_view status);

  Server::Options options{.port = 0};
  SystemClock clock;
  IdSource ids{clock, 42};
  std::unique_ptr<FaultyStore> store = std::make_unique<FaultyStore>();
  Definitions definitions{*store};
  Notifier notifier;
  std::unique_ptr<Committer> committer;
  ScriptedRunner runner;
  std::unique_ptr<Engine> engine;
  TestCatalog catalog;
  std::unique_ptr<DefinitionChecker> checker;
  std::unique_ptr<Server> server;
};

/// Expects a problem document with this status; gives it.
Json ExpectProblem(const RawAnswer& answer, int status);

std::string Text(const Json& value, std::string_view key);

}  // namespace orc::test
