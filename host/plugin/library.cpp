#include "plugin/library.h"

#include <dlfcn.h>

#include <boost/dll/shared_library.hpp>
#include <list>
#include <mutex>

#include "plugin/library_file.h"

namespace orc {
namespace {

namespace dll = boost::dll;

/// One more handle that is never freed: its destructor would close the library.
dll::shared_library& NewLibrary() {
  static auto& mutex = *new std::mutex;
  static auto& libraries = *new std::list<dll::shared_library>;
  const std::lock_guard lock(mutex);
  return libraries.emplace_back();
}

}  // namespace

std::variant<const orc_plugin*, Plugins::Failure> OpenLibrary(const std::string& file) {
  using Failure = Plugins::Failure;
  if (auto failure = CheckSymbols(file)) return *failure;
  constexpr auto kNoDelete = static_cast<dll::load_mode::type>(RTLD_NODELETE);
  try {
    boost::dll::fs::error_code error;
    dll::shared_library& library = NewLibrary();
    library.load(file, dll::load_mode::rtld_now | dll::load_mode::rtld_local | kNoDelete, error);
    if (error) {
      const char* reason = ::dlerror();  // Boost's error only says "bad file descriptor"
      return Failure{file, "loading", std::string("the library can't be loaded: ") + (reason != nullptr ? reason : error.message())};
    }
    const orc_plugin* plugin = library.get<decltype(orchestrator_plugin_v1)>(ORC_ENTRY_NAME)();
    if (plugin == nullptr) return Failure{file, "table", ORC_ENTRY_NAME " returned NULL"};
    return plugin;
  } catch (const std::exception& e) {
    return Failure{file, "loading", std::string("the library can't be loaded: ") + e.what()};
  } catch (...) {
    return Failure{file, "loading", "the library's entry threw something that is not a std::exception"};
  }
}

}  // namespace orc
