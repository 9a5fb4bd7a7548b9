// System calls that no plugin needs, and those that this one was not granted.
#pragma once

namespace orc {

/// From now on they fail with "not permitted". False when this build or this kernel has no seccomp; then nothing has changed.
bool FilterSystemCalls(bool may_use_network, bool may_run_programs);

}  // namespace orc
