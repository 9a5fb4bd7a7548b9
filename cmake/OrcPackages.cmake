# Every third-party library of the host, found once. Debian's package for each is in packaging/build-packages.txt.
find_package(Threads REQUIRED)
find_package(PkgConfig REQUIRED)
pkg_check_modules(LIBPQ REQUIRED IMPORTED_TARGET libpq)
add_library(PostgreSQL::client ALIAS PkgConfig::LIBPQ) # the name by which Poco::DataPostgreSQL asks for it
find_package(Poco REQUIRED COMPONENTS Foundation Net Util Data DataSQLite DataPostgreSQL JSON)
find_package(Boost 1.81 REQUIRED COMPONENTS json filesystem)
find_package(yaml-cpp REQUIRED)
find_package(spdlog REQUIRED)
find_package(CURL 7.88 REQUIRED)
find_package(SQLite3 REQUIRED)
find_package(GTest REQUIRED)
find_package(benchmark REQUIRED)
find_package(absl REQUIRED) # time zones
pkg_check_modules(RE2 REQUIRED IMPORTED_TARGET re2)
pkg_check_modules(LIBXML2 REQUIRED IMPORTED_TARGET libxml-2.0)
find_path(VALIJSON_INCLUDE_DIR valijson/validator.hpp REQUIRED)
