#include "app/read_file.h"

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <memory>

namespace orc {

Result<std::string> ReadFile(const std::string& path, size_t max_bytes) {
  const auto failed = [&] { return Error{.code = ErrorCode::kNotFound, .message = path + ": " + std::strerror(errno)}; };
  const std::unique_ptr<std::FILE, int (*)(std::FILE*)> file(std::fopen(path.c_str(), "rbe"), &std::fclose);
  if (!file) return failed();
  std::string text;
  char piece[16384];
  while (const size_t got = std::fread(piece, 1, sizeof piece, file.get())) {
    text.append(piece, got);
    if (text.size() > max_bytes) {
      return Error{.code = ErrorCode::kTooLarge, .message = path + ": more than the " + std::to_string(max_bytes) + " bytes allowed"};
    }
  }
  if (std::ferror(file.get())) return failed();  // a folder opens, but does not read
  return text;
}

}  // namespace orc
