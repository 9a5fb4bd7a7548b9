// What a committed change means to those who follow runs.
#pragma once

#include <vector>

#include "engine/notifier.h"
#include "engine/store.h"

namespace orc {

/// Appends what `change` touched, one entry a run where its rows lie together.
void AppendNews(const Change& change, std::vector<RunNews>& news);

}  // namespace orc
