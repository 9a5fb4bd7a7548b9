// Exceptions stop at the C border. An Attempt that is dropped because one flies past is left to that border, so that the failure
// it reports carries the exception's own text.
#pragma once

#include <exception>
#include <string_view>

#include "orchestrator/abi.h"

namespace orchestrator::detail {

inline void CompleteAsPluginError(const orc_host* host, orc_attempt attempt, std::string_view message) {
  static constexpr std::string_view kCode = "plugin_error";
  orc_result r{};
  r.struct_size = sizeof r;
  r.outcome = ORC_FAILED;
  r.retry_after_ms = -1;
  r.error_code = orc_text{kCode.data(), kCode.size()};
  r.error_message = orc_text{message.data(), message.size()};
  host->complete(host->context, attempt, &r);
}

/// Stands at each entry from the host. On its thread only.
class Border {
 public:
  Border() : outer_(current()) { current() = this; }
  Border(const Border&) = delete;
  Border& operator=(const Border&) = delete;
  ~Border() {
    current() = outer_;
    // The exception was caught on the way: the attempt was simply dropped.
    if (host_ != nullptr) CompleteAsPluginError(host_, attempt_, "the action dropped the attempt without a result");
  }

  static Border*& current() {
    static thread_local Border* border = nullptr;
    return border;
  }
  bool Take(const orc_host* host, orc_attempt attempt) {
    if (host_ != nullptr) return false;
    host_ = host;
    attempt_ = attempt;
    return true;
  }
  /// Ends what was left here, or else `attempt` itself (harmless when it has ended already).
  void Report(const orc_host* host, orc_attempt attempt, std::string_view message) {
    if (host_ != nullptr && attempt_ != attempt) CompleteAsPluginError(host_, attempt_, message);
    host_ = nullptr;
    CompleteAsPluginError(host, attempt, message);
  }

 private:
  Border* outer_;
  const orc_host* host_ = nullptr;
  orc_attempt attempt_ = 0;
};

inline bool LeaveToBorder(const orc_host* host, orc_attempt attempt) noexcept {
  return std::uncaught_exceptions() > 0 && Border::current() != nullptr && Border::current()->Take(host, attempt);
}

/// Runs `body`; what it throws becomes the failure of `attempt`.
template <class Body>
void Guarded(const orc_host* host, orc_attempt attempt, Body&& body) noexcept {
  Border border;
  try {
    body();
  } catch (const std::exception& e) {
    border.Report(host, attempt, e.what());
  } catch (...) {
    border.Report(host, attempt, "the action threw something that is not a std::exception");
  }
}

}  // namespace orchestrator::detail
