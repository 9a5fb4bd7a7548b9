// What the engine finds its work by, in the memory store's tables: as Store's lists of the same kind say.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "store/memory_tables.h"

namespace orc {

std::vector<std::string> ActiveRuns(const MemoryTables& tables, const std::string& after_id, int limit);
std::vector<std::pair<int64_t, std::string>> DueRuns(const MemoryTables& tables, int64_t until_us, int limit);
std::vector<RunMail> UnreadMail(const MemoryTables& tables, const RunMail* after, int limit);
std::vector<Run> LimitedRuns(const MemoryTables& tables, int64_t after_created_us, const std::string& after_id, int limit);
std::vector<std::string> ExpiredRuns(const MemoryTables& tables, int64_t until_us, int limit);

}  // namespace orc
