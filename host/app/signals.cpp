#include "app/signals.h"

#include <pthread.h>
#include <unistd.h>

#include <csignal>
#include <thread>

#include "app/flags.h"

namespace orc {
namespace {

sigset_t HandledSignals() {
  sigset_t set;
  sigemptyset(&set);
  for (const int signal : {SIGTERM, SIGINT, SIGHUP}) sigaddset(&set, signal);
  return set;
}

}  // namespace

void BlockSignals() {
  const sigset_t set = HandledSignals();
  pthread_sigmask(SIG_BLOCK, &set, nullptr);
}

SignalEvent WaitForSignal() {
  const sigset_t set = HandledSignals();
  int signal = 0;
  while (sigwait(&set, &signal) != 0) {
  }
  return signal == SIGHUP ? SignalEvent::kReload : SignalEvent::kStop;
}

void EndAtOnceOnNextStop() {
  // Detached: it waits for what may never come, and the process ends without it.
  std::thread([] {
    while (WaitForSignal() != SignalEvent::kStop) {
    }
    _exit(kExitFailed);
  }).detach();
}

}  // namespace orc
