// Signals as events of the main thread.
#pragma once

namespace orc {

enum class SignalEvent { kStop, kReload };

/// Blocks TERM, INT and HUP for this thread and all that it starts. Call before any thread begins.
void BlockSignals();

/// Waits for the next one.
SignalEvent WaitForSignal();

/// From now on a further TERM or INT ends the process at once.
void EndAtOnceOnNextStop();

}  // namespace orc
