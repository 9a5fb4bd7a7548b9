#include "exported_symbols.h"

#include <elf.h>

#include <algorithm>
#include <cstring>
#include <fstream>
#include <sstream>
#include <string_view>

namespace orc::check {
namespace {

/// Reads a struct at `offset`; false beyond the end.
template <typename T>
bool ReadAt(std::string_view image, uint64_t offset, T& out) {
  if (offset > image.size() || image.size() - offset < sizeof(T)) return false;
  std::memcpy(&out, image.data() + offset, sizeof(T));
  return true;
}

bool IsShown(const Elf64_Sym& symbol) {
  const auto binding = ELF64_ST_BIND(symbol.st_info);
  const auto visibility = ELF64_ST_VISIBILITY(symbol.st_other);
  const bool is_global = binding == STB_GLOBAL || binding == STB_WEAK || binding == STB_GNU_UNIQUE;
  return is_global && symbol.st_shndx != SHN_UNDEF && symbol.st_shndx != SHN_ABS &&
         (visibility == STV_DEFAULT || visibility == STV_PROTECTED);
}

std::string NameAt(std::string_view image, const Elf64_Shdr& strings, uint32_t index) {
  if (strings.sh_offset > image.size() || index >= strings.sh_size) return {};
  const std::string_view rest = image.substr(strings.sh_offset + index);
  return std::string(rest.substr(0, rest.find('\0')));
}

}  // namespace

Result<std::vector<std::string>> ExportedSymbols(const std::string& file) {
  std::ifstream in(file, std::ios::binary);
  std::ostringstream text;
  text << in.rdbuf();
  if (!in) return Error{ErrorCode::kNotFound, "the file can't be read"};
  const std::string image = text.str();
  Elf64_Ehdr head{};
  if (!ReadAt(image, 0, head) || std::memcmp(head.e_ident, ELFMAG, SELFMAG) != 0)
    return Error{ErrorCode::kInvalid, "the file is not an ELF library"};
  if (head.e_ident[EI_CLASS] != ELFCLASS64 || head.e_type != ET_DYN)
    return Error{ErrorCode::kInvalid, "the file is not a 64-bit shared library"};
  std::vector<std::string> names;
  for (uint64_t i = 0; i < head.e_shnum; ++i) {
    Elf64_Shdr section{};
    Elf64_Shdr strings{};
    if (!ReadAt(image, head.e_shoff + i * sizeof section, section)) return Error{ErrorCode::kInvalid, "the file is cut short"};
    if (section.sh_type != SHT_DYNSYM) continue;
    if (!ReadAt(image, head.e_shoff + uint64_t{section.sh_link} * sizeof strings, strings))
      return Error{ErrorCode::kInvalid, "the file is cut short"};
    for (uint64_t at = 0; at + sizeof(Elf64_Sym) <= section.sh_size; at += sizeof(Elf64_Sym)) {
      Elf64_Sym symbol{};
      if (!ReadAt(image, section.sh_offset + at, symbol)) return Error{ErrorCode::kInvalid, "the file is cut short"};
      if (IsShown(symbol)) names.push_back(NameAt(image, strings, symbol.st_name));
    }
  }
  std::sort(names.begin(), names.end());
  return names;
}

}  // namespace orc::check
