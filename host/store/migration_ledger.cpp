#include <cstdio>

#include "base/ids.h"
#include "store/migrations.h"

namespace orc {
namespace {

Error Refused(std::string message) { return Error{ErrorCode::kUnavailable, std::move(message)}; }

}  // namespace

std::string MigrationChecksum(std::string_view sql) {
  char digits[17];
  std::snprintf(digits, sizeof digits, "%016llx", static_cast<unsigned long long>(StableHash(sql)));
  return digits;
}

Result<size_t> CheckLedger(std::span<const AppliedMigration> applied, std::span<const Migration> known) {
  for (size_t i = 0; i < applied.size(); ++i) {
    const AppliedMigration& found = applied[i];
    if (i == known.size()) {
      return Refused("its schema is newer than this release: it has migration " + std::to_string(found.number) + " (" + found.name +
                     "), this release knows " + std::to_string(known.size()) + "; run the release that made it, or restore a backup");
    }
    if (found.number != known[i].number) {
      return Refused("its list of migrations has a gap: " + std::to_string(found.number) + " follows where " +
                     std::to_string(known[i].number) + " was expected; restore a backup");
    }
    if (found.checksum != MigrationChecksum(known[i].sql)) {
      return Refused("migration " + std::to_string(found.number) + " (" + found.name +
                     ") was applied with another text than this release has; run the release that made it, or restore a backup");
    }
  }
  return applied.size();
}

}  // namespace orc
