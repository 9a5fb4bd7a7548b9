#include <new>
#include <stdexcept>

#include "tester.h"

namespace tester {
namespace {

/// Takes the attempt's duty away without meeting it.
orc_attempt Forget(Attempt attempt) {
  const orc_attempt id = attempt.id();
  alignas(Attempt) unsigned char grave[sizeof(Attempt)];
  new (grave) Attempt(std::move(attempt));  // never destroyed
  return id;
}

}  // namespace

void Never::Start(Attempt attempt, const Request&) { Forget(std::move(attempt)); }

void Doubles::Start(Attempt attempt, const Request&) {
  const orc_attempt id = attempt.id();
  attempt.Succeed("1");
  attempt.Succeed("2");
  Attempt(host_.raw(), id).Fail("late", "this must not count");
  Attempt(host_.raw(), 0).Succeed("3");
  Attempt(host_.raw(), ~orc_attempt{0}).Succeed("4");
  Attempt late(host_.raw(), id);
  late.AppendLog("nobody reads this");
  late.Progress(2.0);
}

void Drops::Start(Attempt, const Request&) {}

void Throws::Start(Attempt, const Request&) { throw std::runtime_error("out of tea"); }

Result RunThrows::Run(Attempt&, const Request&) { throw 42; }

void Raw::Start(Attempt attempt, const Request& request) { attempt.Succeed(Unquoted(request.input)); }

void Big::Start(Attempt attempt, const Request& request) {
  attempt.Succeed("\"" + std::string(std::stoul(std::string(request.input)) - 2, 'x') + "\"");
}

void NoSense::Start(Attempt attempt, const Request& request) {
  const orc_attempt id = Forget(std::move(attempt));
  orc_result result{};
  result.struct_size = request.input == "1" ? 8 : sizeof result;
  result.outcome = 99;
  host_.raw()->complete(host_.raw()->context, id, request.input == "0" ? nullptr : &result);
}

}  // namespace tester
