// What the library exports: one symbol, and the actions behind it.
#include "greet.h"

ORCHESTRATOR_PLUGIN("greet", "1.0.0", "Apache-2.0", "Greetings.", Greet)
