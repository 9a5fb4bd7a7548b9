#include "check.h"

#include <algorithm>

namespace orc::check {

std::string_view TextOf(Verdict verdict) {
  switch (verdict) {
    case Verdict::kPassed:
      return "passed";
    case Verdict::kFailed:
      return "failed";
    case Verdict::kSkipped:
      return "skipped";
  }
  return "?";
}

const std::vector<Check>& AllChecks() {
  static const std::vector<Check> checks = {
      {"exports-only-the-entry", "The library exports orchestrator_plugin_v1 and no other symbol.", {}, &ExportsOnlyTheEntry},
      {"loads-with-rtld-now", "The library loads with every symbol bound at once and none shown to others.", {}, &LoadsWithRtldNow},
      {"describes-itself",
       "The entry tells a whole table of this ABI: names, versions, functions.",
       {"loads-with-rtld-now"},
       &DescribesItself},
      {"schemas-are-valid", "Every schema is JSON Schema draft-07 that the server can use.", {"describes-itself"}, &SchemasAreValid},
      {"bad-config-is-explained", "A configuration is taken, or refused with a sentence.", {"schemas-are-valid"}, &BadConfigIsExplained},
      {"examples-pass",
       "Every example ends as it says, with an output that fits the output schema.",
       {"completes-exactly-once"},
       &ExamplesPass},
      {"completes-exactly-once", "Every attempt ends, once, with a result of this ABI.", {"schemas-are-valid"}, &CompletesExactlyOnce},
      {"stops-when-cancelled", "An attempt that is cancelled ends soon.", {"completes-exactly-once"}, &StopsWhenCancelled},
      {"runs-side-by-side", "Attempts on many threads at once end like single ones.", {"completes-exactly-once"}, &RunsSideBySide},
      {"destroys-cleanly",
       "An instance that is destroyed leaves no thread, no descriptor and no memory; the process ends well.",
       {"completes-exactly-once"},
       &DestroysCleanly,
       true},
      {"survives-hostile-input",
       "Every input that the schema allows, and every HTTP answer, comes to an end.",
       {"completes-exactly-once"},
       &SurvivesHostileInput},
  };
  return checks;
}

const Check* FindCheck(std::string_view name) {
  const auto& all = AllChecks();
  const auto it = std::find_if(all.begin(), all.end(), [&](const Check& check) { return check.name == name; });
  return it == all.end() ? nullptr : &*it;
}

}  // namespace orc::check
