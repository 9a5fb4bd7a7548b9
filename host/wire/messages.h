// The messages between the server and a plugin's process (docs/adr/0008-plugins-in-processes-of-their-own.md has the way of an attempt).
// Encode gives a whole frame; Decode gives nothing when the payload is not exactly that message.
#pragma once

#include <orchestrator/abi.h>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "wire/frame.h"

namespace orc::wire {

/// The first frame: what the process may do, and which library it is for.
struct Hello {
  std::string file;
  uint64_t memory_bytes = 0;  // 0: no limit, as everywhere here
  uint64_t open_files = 0;
  int64_t cpu_ms = 0;
  bool may_use_network = false;
  bool may_run_programs = false;
  uint32_t blocking_threads = 1;
  std::string Encode() const;
  static std::optional<Hello> Decode(std::string_view payload);
};

struct ActionTexts {
  uint32_t flags = 0;
  std::string name, version, summary, config_schema, input_schema, output_schema;
  bool has_cancel = false;
  bool has_health = false;
};
struct Described {
  std::string name, version, licence, summary;
  std::string measures;  // what holds it: "seccomp, no network"
  std::vector<ActionTexts> actions;
  std::string Encode() const;
  static std::optional<Described> Decode(std::string_view payload);
};

/// The library can't be used. The process ends after it.
struct Fault {
  std::string check, detail;
  std::string Encode() const;
  static std::optional<Fault> Decode(std::string_view payload);
};

struct Create {
  uint32_t action = 0;
  std::string config;
  std::string Encode() const;
  static std::optional<Create> Decode(std::string_view payload);
};
struct Created {
  uint32_t action = 0;
  bool is_made = false;
  std::string error;
  std::string Encode() const;
  static std::optional<Created> Decode(std::string_view payload);
};

/// Texts are borrowed, here and in those below that carry an attempt's.
std::string EncodeStart(uint64_t attempt, uint32_t action, const orc_request& request);
struct Start {
  uint64_t attempt = 0;
  uint32_t action = 0;
  orc_request request{};  // into the payload
  static std::optional<Start> Decode(std::string_view payload);
};

std::string EncodeComplete(uint64_t attempt, const orc_result& result);
struct Complete {
  uint64_t attempt = 0;
  orc_result result{};
  static std::optional<Complete> Decode(std::string_view payload);
};

/// kLog (no attempt), kRunLog, kProgress (`number` is the fraction, else the level).
std::string EncodeLine(Kind kind, uint64_t attempt, double number, std::string_view text);
struct Line {
  uint64_t attempt = 0;
  double number = 0;
  std::string_view text;
  static std::optional<Line> Decode(std::string_view payload);
};

/// kCancel (an attempt), kPing and kPong (a mark), kShutdown.
std::string EncodeNumber(Kind kind, uint64_t number);
std::optional<uint64_t> DecodeNumber(std::string_view payload);

/// kCheckHealth: `code` is the action. kHealth: what check_health returned, and its report.
std::string EncodeHealth(Kind kind, uint64_t question, int32_t code, std::string_view report);
struct Health {
  uint64_t question = 0;
  int32_t code = 0;
  std::string_view report;
  static std::optional<Health> Decode(std::string_view payload);
};

}  // namespace orc::wire
