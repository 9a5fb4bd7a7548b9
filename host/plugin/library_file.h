// The files that may be loaded as plugins, judged before they are.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "plugin/plugins.h"

namespace orc {

/// The *.so files of `folder` by name, or why it can't be listed.
struct FolderListing {
  std::vector<std::string> files;
  std::optional<Plugins::Failure> failure;
};
FolderListing ListLibraries(const std::string& folder);

/// "sha256:…" of the file's bytes; "" when it can't be read.
std::string DigestOf(const std::string& file);

/// A fault unless `path` belongs to root or to this user, and only its owner can write it. For the file and for its folder.
std::optional<Plugins::Failure> CheckOwnership(const std::string& path, const std::string& file);

/// A fault unless the file is a whole ELF library that exports the entry. Runs nothing of it.
std::optional<Plugins::Failure> CheckSymbols(const std::string& file);

}  // namespace orc
