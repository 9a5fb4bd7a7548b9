// Names of threads, as top, ps and debuggers show them.
#pragma once

#include <pthread.h>

namespace orc {

/// Names the calling thread; `name` has at most 15 characters.
inline void NameThisThread(const char* name) { pthread_setname_np(pthread_self(), name); }

}  // namespace orc
