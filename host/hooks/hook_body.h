// The bodies that memarch and audit_log are sent (shapes: docs/configuration.md).
#pragma once

#include <string>

#include "engine/store.h"
#include "hooks/hooks.h"

namespace orc {

/// Whether an event of this type is sent at all; the others are history only.
bool IsHookEvent(const std::string& type);

/// The JSON text to POST, of what the event's payload says (engine/history.h).
std::string MakeHookBody(const EventRow& row, const HookTarget& target);

}  // namespace orc
