# cmake -DOUT=… -DFILES=a.sql,b.sql -DFUNCTION=KnownMigrations -P embed_migrations.cmake: writes the C++ source that holds the files' texts.
string(REPLACE "," ";" FILES "${FILES}")
list(SORT FILES)
set(rows "")
foreach(file IN LISTS FILES)
  get_filename_component(name "${file}" NAME_WE)
  if(NOT name MATCHES "^([0-9][0-9][0-9][0-9])_[a-z0-9_]+$")
    message(FATAL_ERROR "${file}: a migration is named like 0001_initial.sql")
  endif()
  string(REGEX REPLACE "^0*([0-9]+)_.*$" "\\1" number "${name}")
  # Not file(READ) into a list context: the text has semicolons, which stay one quoted string here.
  file(READ "${file}" sql)
  string(APPEND rows "    {${number}, \"${name}\", R\"sql(${sql})sql\"},\n")
endforeach()
file(WRITE "${OUT}" "// Generated from migrations/*.sql by embed_migrations.cmake.
#include \"store/migrations.h\"

namespace orc {
namespace {
constexpr Migration kMigrations[] = {
${rows}};
}  // namespace
std::span<const Migration> ${FUNCTION}() { return kMigrations; }
}  // namespace orc
")
