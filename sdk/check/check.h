// The checks by name: what each demands, what it needs to have passed before it, and the function that carries it out.
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace orc::check {

class Subject;

enum class Verdict { kPassed, kFailed, kSkipped };
std::string_view TextOf(Verdict verdict);  // "passed", "failed", "skipped"

/// What a check found: one sentence.
struct Finding {
  Verdict verdict = Verdict::kPassed;
  std::string detail;
};
inline Finding Passed(std::string detail) { return {Verdict::kPassed, std::move(detail)}; }
inline Finding Failed(std::string detail) { return {Verdict::kFailed, std::move(detail)}; }
inline Finding Skipped(std::string detail) { return {Verdict::kSkipped, std::move(detail)}; }

struct Check {
  std::string_view name;
  std::string_view sentence;            // what it demands
  std::vector<std::string_view> needs;  // names of checks; when one of them did not pass, this one is skipped
  Finding (*run)(Subject& subject);     // in a child process of its own
  bool tells_before_exit = false;       // the verdict is told first, then the process ends as a server does: static destructors run
};

/// In the order in which they are told.
const std::vector<Check>& AllChecks();
const Check* FindCheck(std::string_view name);

// One file each, or two of a kind.
Finding ExportsOnlyTheEntry(Subject& subject);
Finding LoadsWithRtldNow(Subject& subject);
Finding DescribesItself(Subject& subject);
Finding SchemasAreValid(Subject& subject);
Finding BadConfigIsExplained(Subject& subject);
Finding ExamplesPass(Subject& subject);
Finding CompletesExactlyOnce(Subject& subject);
Finding StopsWhenCancelled(Subject& subject);
Finding RunsSideBySide(Subject& subject);
Finding DestroysCleanly(Subject& subject);
Finding SurvivesHostileInput(Subject& subject);

}  // namespace orc::check
