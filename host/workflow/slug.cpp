#include "expr/reserved.h"
#include "workflow/definition.h"

namespace orc {

std::string SlugOf(std::string_view name) {
  std::string slug;
  for (const char c : name) {
    if (c >= 'A' && c <= 'Z') {
      slug += static_cast<char>(c - 'A' + 'a');
    } else if ((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9')) {
      slug += c;
    } else if (!slug.empty() && slug.back() != '_') {
      slug += '_';
    }
  }
  while (!slug.empty() && slug.back() == '_') slug.pop_back();
  if (slug.empty() || (slug[0] >= '0' && slug[0] <= '9')) slug.insert(0, "_");
  if (IsReservedWord(slug)) slug += '_';
  return slug;
}

}  // namespace orc
