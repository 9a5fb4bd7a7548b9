#include "plugin/library_file.h"

#include <Poco/SHA2Engine.h>
#include <elf.h>
#include <orchestrator/abi.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <boost/dll/library_info.hpp>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <system_error>

namespace orc {
namespace {

using Failure = Plugins::Failure;

/// Boost's reader trusts the section table: a file that was copied only half must not get so far.
std::string ElfFault(const std::string& file) {
  std::error_code error;
  if (!std::filesystem::is_regular_file(file, error)) return "is no regular file";  // opening a pipe would wait for its writer
  std::ifstream in(file, std::ios::binary);
  if (!in) return std::string("can't be read: ") + std::strerror(errno);
  Elf64_Ehdr head{};
  in.read(reinterpret_cast<char*>(&head), sizeof head);
  if (in.gcount() < EI_NIDENT || std::memcmp(head.e_ident, ELFMAG, SELFMAG) != 0) return "is not an ELF shared library";
  if (head.e_ident[EI_CLASS] != ELFCLASS64) return "is an ELF file, but not a 64-bit one";
  if (in.gcount() < static_cast<std::streamsize>(sizeof head)) return "is cut short within its head";
  if (head.e_type != ET_DYN) return "is an ELF file, but not a shared library";
  in.clear();
  in.seekg(0, std::ios::end);
  const auto size = static_cast<uint64_t>(in.tellg());
  const uint64_t table_end = head.e_shoff + uint64_t{head.e_shnum} * head.e_shentsize;
  if (head.e_shoff > size || table_end > size || head.e_shentsize != sizeof(Elf64_Shdr)) {
    return "is cut short: its section table should end at byte " + std::to_string(table_end) + ", the file has " + std::to_string(size);
  }
  return {};
}

}  // namespace

FolderListing ListLibraries(const std::string& folder) {
  FolderListing listing;
  std::error_code error;
  for (std::filesystem::directory_iterator it(folder, error), end; !error && it != end; it.increment(error)) {
    if (it->path().extension() == ".so") listing.files.push_back(it->path().string());
  }
  if (error) listing.failure = Failure{folder, "folder", "the plugin folder can't be listed: " + error.message()};
  std::sort(listing.files.begin(), listing.files.end());
  return listing;
}

std::string DigestOf(const std::string& file) {
  std::error_code error;
  if (!std::filesystem::is_regular_file(file, error)) return {};  // opening a pipe would wait for its writer
  std::ifstream in(file, std::ios::binary);
  Poco::SHA2Engine sha;
  std::array<char, 65536> buffer{};
  while (in.read(buffer.data(), buffer.size()) || in.gcount() > 0) sha.update(buffer.data(), static_cast<size_t>(in.gcount()));
  return in.bad() || !in.eof() ? std::string() : "sha256:" + Poco::DigestEngine::digestToHex(sha.digest());
}

std::optional<Failure> CheckOwnership(const std::string& path, const std::string& file) {
  struct stat info {};
  if (::stat(path.c_str(), &info) != 0) return Failure{file, "ownership", path + ": " + std::strerror(errno)};
  if (info.st_uid != 0 && info.st_uid != ::geteuid()) {
    return Failure{file, "ownership",
                   path + " belongs to the user " + std::to_string(info.st_uid) + "; expected root or the server's own user, " +
                       std::to_string(::geteuid())};
  }
  if ((info.st_mode & (S_IWGRP | S_IWOTH)) != 0) {
    char mode[8];
    std::snprintf(mode, sizeof mode, "%04o", info.st_mode & 07777);
    return Failure{file, "ownership",
                   path + " can be written by others (mode " + mode + "); expected a mode such as 0755: chmod go-w " + path};
  }
  return std::nullopt;
}

std::optional<Failure> CheckSymbols(const std::string& file) {
  if (auto fault = ElfFault(file); !fault.empty()) return Failure{file, "library", "the file " + fault};
  try {
    boost::dll::library_info info(file);
    const auto symbols = info.symbols();
    if (std::find(symbols.begin(), symbols.end(), ORC_ENTRY_NAME) != symbols.end()) return std::nullopt;
    return Failure{file, "entry", std::string("the library does not export ") + ORC_ENTRY_NAME + ": it is not a plugin for this server"};
  } catch (const std::exception& e) {
    return Failure{file, "library", std::string("the library's symbols can't be read: ") + e.what()};
  }
}

}  // namespace orc
