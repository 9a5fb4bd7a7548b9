#include "base/read_file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <memory>

namespace orc {

Result<std::string> ReadFile(const std::string& path, size_t max_bytes) {
  const auto failed = [&] { return Error{.code = ErrorCode::kNotFound, .message = path + ": " + std::strerror(errno)}; };
  // A pipe without a writer would hold its reader for good; it ends at once when opened so.
  const int descriptor = open(path.c_str(), O_RDONLY | O_NONBLOCK | O_CLOEXEC);
  if (descriptor < 0) return failed();
  const std::unique_ptr<std::FILE, int (*)(std::FILE*)> file(fdopen(descriptor, "rb"), &std::fclose);
  struct stat status = {};
  if (!file || fstat(descriptor, &status) != 0) return failed();
  if (!S_ISREG(status.st_mode)) return Error{.code = ErrorCode::kNotFound, .message = path + " is not a regular file"};
  std::string text;
  char piece[16384];
  while (const size_t got = std::fread(piece, 1, sizeof piece, file.get())) {
    text.append(piece, got);
    if (text.size() > max_bytes) {
      return Error{.code = ErrorCode::kTooLarge, .message = path + ": more than the " + std::to_string(max_bytes) + " bytes allowed"};
    }
  }
  if (std::ferror(file.get())) return failed();
  return text;
}

}  // namespace orc
