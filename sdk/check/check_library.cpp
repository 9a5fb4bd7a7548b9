// exports-only-the-entry and loads-with-rtld-now: the file as the dynamic linker sees it.
#include <dlfcn.h>

#include "exported_symbols.h"
#include "subject.h"

namespace orc::check {
namespace {

constexpr size_t kMostNamed = 5;

}  // namespace

Finding ExportsOnlyTheEntry(Subject& subject) {
  const auto symbols = ExportedSymbols(subject.file());
  if (!symbols.ok()) return Failed(symbols.error().message);
  std::string others;
  size_t count = 0;
  bool has_entry = false;
  for (const std::string& symbol : *symbols) {
    if (symbol == ORC_ENTRY_NAME) {
      has_entry = true;
    } else if (++count <= kMostNamed) {
      others += (others.empty() ? "" : ", ") + symbol;
    }
  }
  if (!has_entry) return Failed("the library does not export " ORC_ENTRY_NAME ": it is not a plugin for this server");
  if (count == 0) return Passed("exports " ORC_ENTRY_NAME " and nothing else");
  if (count > kMostNamed) others += ", …";
  return Failed("exports " + std::to_string(count) + " more " + (count == 1 ? "symbol" : "symbols") + ": " + others +
                "; link with orchestrator_add_plugin() or the version script of the SDK");
}

Finding LoadsWithRtldNow(Subject& subject) {
  if (void* library = ::dlopen(subject.file().c_str(), RTLD_NOW | RTLD_LOCAL | RTLD_NODELETE)) {
    if (::dlsym(library, ORC_ENTRY_NAME) == nullptr) return Passed("loads, but has no entry");
    return Passed("loads, and every symbol it needs is there");
  }
  const char* reason = ::dlerror();
  return Failed(std::string("the library can't be loaded: ") + (reason != nullptr ? reason : "no reason given"));
}

}  // namespace orc::check
