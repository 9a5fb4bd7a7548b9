// Actions for the runner's tests, made with the SDK. Inputs are JSON strings or numbers, so that no JSON library is needed.
#pragma once

#include <orchestrator/action.hpp>
#include <string>
#include <string_view>

namespace tester {

using orchestrator::ActionInfo;
using orchestrator::Attempt;
using orchestrator::Host;
using orchestrator::HttpRequest;
using orchestrator::HttpResponse;
using orchestrator::Level;
using orchestrator::Request;
using orchestrator::Result;

constexpr std::string_view kString = R"({"type": "string"})";
constexpr std::string_view kText = R"({"type": "string", "pattern": "^[^!]*$"})";
constexpr std::string_view kNumber = R"({"type": "integer", "minimum": 0})";

/// The text of a JSON string without escapes.
inline std::string Unquoted(std::string_view json) { return std::string(json.substr(1, json.size() - 2)); }

/// What every action here has in common.
class Base {
 public:
  Base(const Host& host, std::string_view) : host_(host) {}

 protected:
  Host host_;
};

// tester_http.cpp
struct Fetch : Base {
  static constexpr ActionInfo kInfo{"test.fetch", "1.0.0", "GETs a URL; pieces go to the log, the body is the output.", "", kString};
  using Base::Base;
  void Start(Attempt attempt, const Request& request);
};
struct FetchOnPool : Base {
  static constexpr ActionInfo kInfo{"test.fetch_on_pool", "1.0.0", "GETs a URL; on_done blocks.", "", kString, "", ORC_ACTION_BLOCKING};
  using Base::Base;
  void Start(Attempt attempt, const Request& request);
};
struct FetchThrows : Base {
  static constexpr ActionInfo kInfo{"test.fetch_throws", "1.0.0", "GETs a URL and throws at the answer.", "", kString};
  using Base::Base;
  void Start(Attempt attempt, const Request& request);
};
struct FetchTwo : Base {
  static constexpr ActionInfo kInfo{"test.fetch_two", "1.0.0", "GETs a URL, then once more from the callback.", "", kString};
  using Base::Base;
  void Start(Attempt attempt, const Request& request);
};
struct FetchRefused : Base {
  static constexpr ActionInfo kInfo{"test.fetch_refused", "1.0.0", "Sends a request with a line break in a header."};
  using Base::Base;
  void Start(Attempt attempt, const Request& request);
};
struct FetchAndForget : Base {
  static constexpr ActionInfo kInfo{"test.fetch_and_forget", "1.0.0", "Ends while its call is under way.", "", kString};
  using Base::Base;
  void Start(Attempt attempt, const Request& request);
};

// tester_misbehaving.cpp
struct Never : Base {
  static constexpr ActionInfo kInfo{"test.never", "1.0.0", "Never ends, whatever it is told."};
  using Base::Base;
  void Start(Attempt attempt, const Request& request);
};
struct Doubles : Base {
  static constexpr ActionInfo kInfo{"test.doubles", "1.0.0", "Ends twice, and ends attempts that are not its own."};
  using Base::Base;
  void Start(Attempt attempt, const Request& request);
};
struct Drops : Base {
  static constexpr ActionInfo kInfo{"test.drops", "1.0.0", "Drops the attempt."};
  using Base::Base;
  void Start(Attempt attempt, const Request& request);
};
struct Throws : Base {
  static constexpr ActionInfo kInfo{"test.throws", "1.0.0", "Throws."};
  using Base::Base;
  void Start(Attempt attempt, const Request& request);
};
struct RunThrows : Base {
  static constexpr ActionInfo kInfo{"test.run_throws", "1.0.0", "Throws what is no std::exception, on the pool."};
  using Base::Base;
  Result Run(Attempt& attempt, const Request& request);
};
struct Raw : Base {
  static constexpr ActionInfo kInfo{"test.raw", "1.0.0", "Ends with its input as the output, whatever bytes it holds.", "", kString};
  using Base::Base;
  void Start(Attempt attempt, const Request& request);
};
struct Big : Base {
  static constexpr ActionInfo kInfo{"test.big", "1.0.0", "Ends with so many bytes of output.", "", kNumber};
  using Base::Base;
  void Start(Attempt attempt, const Request& request);
};
struct NoSense : Base {
  static constexpr ActionInfo kInfo{"test.no_sense", "1.0.0", "Ends with a result that is none.", "", kNumber};
  using Base::Base;
  void Start(Attempt attempt, const Request& request);
};

}  // namespace tester
