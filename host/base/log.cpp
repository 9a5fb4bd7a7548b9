#include "base/log.h"

#include <fcntl.h>
#include <spdlog/logger.h>
#include <spdlog/pattern_formatter.h>
#include <spdlog/sinks/basic_file_sink.h>
#include <spdlog/sinks/stdout_sinks.h>
#include <sys/stat.h>
#include <unistd.h>

#include <atomic>
#include <memory>
#include <mutex>

#include "base/clock.h"
#include "base/json.h"

namespace orc {
namespace {

struct Logger {
  std::shared_ptr<spdlog::logger> out;
  LogLevel level = LogLevel::kInfo;
  LogFormat format = LogFormat::kText;
};

/// Opening a pipe that nobody reads would wait for a reader, for good.
void RefuseUnreadPipe(const std::string& file) {
  struct stat status = {};
  if (stat(file.c_str(), &status) != 0 || !S_ISFIFO(status.st_mode)) return;
  const int descriptor = open(file.c_str(), O_WRONLY | O_NONBLOCK | O_CLOEXEC);
  if (descriptor < 0) throw spdlog::spdlog_ex("it is a pipe that nobody reads");
  close(descriptor);
}

std::shared_ptr<spdlog::logger> MakeOut(const std::string& file) {
  std::shared_ptr<spdlog::sinks::sink> sink;
  if (file.empty()) {
    sink = std::make_shared<spdlog::sinks::stderr_sink_mt>();
  } else {
    RefuseUnreadPipe(file);
    sink = std::make_shared<spdlog::sinks::basic_file_sink_mt>(file);
  }
  auto out = std::make_shared<spdlog::logger>("orchestrator", sink);
  // The line is made here, escaped; spdlog only carries it: its own patterns do not escape.
  out->set_formatter(std::make_unique<spdlog::pattern_formatter>("%v"));
  out->set_level(spdlog::level::trace);
  out->flush_on(spdlog::level::trace);
  return out;
}

std::mutex mutex;
std::shared_ptr<const Logger> current;  // the one global of the process

std::shared_ptr<const Logger> Current() {
  const std::lock_guard lock(mutex);
  if (!current) current = std::make_shared<Logger>(Logger{MakeOut(""), LogLevel::kInfo, LogFormat::kText});
  return current;
}

std::string_view Name(LogLevel level) {
  switch (level) {
    case LogLevel::kDebug:
      return "debug";
    case LogLevel::kInfo:
      return "info";
    case LogLevel::kWarn:
      return "warn";
    default:
      return "error";
  }
}

std::string JsonLine(LogLevel level, std::string_view message, std::initializer_list<LogField> fields, int64_t now_us) {
  std::string line = "{\"ts\":\"" + FormatTime(now_us) + "\",\"level\":\"" + std::string(Name(level)) + "\",\"message\":";
  AppendJsonString(line, message);
  for (const LogField& field : fields) {
    line += ',';
    AppendJsonString(line, field.key);
    line += ':';
    if (field.number) {
      line += field.value;
    } else {
      AppendJsonString(line, field.value);
    }
  }
  return line + '}';
}

/// Quoted wherever a bare word could be misread, so that no value can forge a line or a field.
void AppendTextValue(std::string& line, std::string_view value) {
  const bool bare = !value.empty() && value.find_first_not_of("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-./:@+") ==
                                          std::string_view::npos;
  if (bare) {
    line += value;
  } else {
    AppendJsonString(line, value);
  }
}

/// The message as it is where it can't be misread, else as a JSON string.
void AppendMessage(std::string& line, std::string_view message) {
  bool plain = IsUtf8(message);
  for (const char c : message) plain = plain && static_cast<unsigned char>(c) >= 0x20 && c != 0x7f;
  if (plain) {
    line += message;
  } else {
    AppendJsonString(line, message);
  }
}

std::string TextLine(LogLevel level, std::string_view message, std::initializer_list<LogField> fields, int64_t now_us) {
  std::string line = FormatTime(now_us) + " " + std::string(Name(level)) + " ";
  AppendMessage(line, message);
  for (const LogField& field : fields) {
    line += ' ';
    line += field.key;
    line += '=';
    AppendTextValue(line, field.value);
  }
  return line;
}

}  // namespace

Result<void> InitLog(const LogOptions& options) {
  try {
    auto next = std::make_shared<Logger>(Logger{MakeOut(options.file), options.level, options.format});
    const std::lock_guard lock(mutex);
    current = std::move(next);
    return {};
  } catch (const spdlog::spdlog_ex& failure) {
    return Error{ErrorCode::kUnavailable, "the log file " + options.file + " can't be opened: " + failure.what()};
  }
}

void Log(LogLevel level, std::string_view message, std::initializer_list<LogField> fields) {
  const auto logger = Current();
  if (level < logger->level) return;
  const int64_t now_us = SystemClock().NowUs();
  const std::string line =
      logger->format == LogFormat::kJson ? JsonLine(level, message, fields, now_us) : TextLine(level, message, fields, now_us);
  logger->out->log(spdlog::level::info, spdlog::string_view_t(line.data(), line.size()));
}

}  // namespace orc
