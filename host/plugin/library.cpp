#include "plugin/library.h"

#include <dlfcn.h>

#include <boost/dll/shared_library.hpp>
#include <new>

#include "plugin/library_file.h"

namespace orc {

std::variant<const orc_plugin*, Plugins::Failure> OpenLibrary(const std::string& file) {
  using Failure = Plugins::Failure;
  if (auto failure = CheckSymbols(file)) return *failure;
  namespace dll = boost::dll;
  constexpr auto kNoDelete = static_cast<dll::load_mode::type>(RTLD_NODELETE);
  try {
    boost::dll::fs::error_code error;
    // Never freed: its destructor would close the library.
    auto* library = new dll::shared_library;
    library->load(file, dll::load_mode::rtld_now | dll::load_mode::rtld_local | kNoDelete, error);
    if (error) {
      const char* reason = ::dlerror();  // Boost's error only says "bad file descriptor"
      delete library;
      return Failure{file, "loading", std::string("the library can't be loaded: ") + (reason != nullptr ? reason : error.message())};
    }
    const orc_plugin* plugin = library->get<decltype(orchestrator_plugin_v1)>(ORC_ENTRY_NAME)();
    if (plugin == nullptr) return Failure{file, "table", std::string(ORC_ENTRY_NAME) + " returned NULL"};
    return plugin;
  } catch (const std::exception& e) {
    return Failure{file, "loading", std::string("the library can't be loaded: ") + e.what()};
  } catch (...) {
    return Failure{file, "loading", "the library's entry threw something that is not a std::exception"};
  }
}

}  // namespace orc
