#include "store/postgres_dsn.h"

#include <gtest/gtest.h>

namespace orc::test {
namespace {

PostgresDsn MustParse(const std::string& url) {
  Result<PostgresDsn> dsn = PostgresDsn::Parse(url);
  if (!dsn.ok()) throw std::runtime_error(dsn.error().message);
  return std::move(dsn).value();
}

void ExpectBad(const std::string& url, const std::string& words) {
  const Result<PostgresDsn> dsn = PostgresDsn::Parse(url);
  ASSERT_FALSE(dsn.ok()) << url;
  EXPECT_EQ(dsn.error().code, ErrorCode::kInvalid);
  EXPECT_NE(dsn.error().message.find(words), std::string::npos) << url << ": " << dsn.error().message;
  EXPECT_EQ(dsn.error().message.find("secret"), std::string::npos) << dsn.error().message;
}

TEST(PostgresDsn, TheSeedsOne) {
  const PostgresDsn dsn = MustParse("postgres://orchestrator:orchestrator@localhost:5432/orchestrator?sslmode=disable");
  EXPECT_EQ(dsn.Get("host"), "localhost");
  EXPECT_EQ(dsn.Get("port"), "5432");
  EXPECT_EQ(dsn.Get("user"), "orchestrator");
  EXPECT_EQ(dsn.Get("password"), "orchestrator");
  EXPECT_EQ(dsn.Get("dbname"), "orchestrator");
  EXPECT_EQ(dsn.Get("sslmode"), "disable");
  EXPECT_EQ(dsn.ToShow(), "postgres://orchestrator@localhost:5432/orchestrator");
}

TEST(PostgresDsn, SpecialCharactersAreDecodedAndQuoted) {
  const PostgresDsn dsn = MustParse("postgresql://us%40er:p%20a%27s%5Cs%2F%3F%23%25w%C3%A9@host/my%20db%2F1?application_name=a%26b");
  EXPECT_EQ(dsn.Get("user"), "us@er");
  EXPECT_EQ(dsn.Get("password"), "p a's\\s/?#%w\xc3\xa9");
  EXPECT_EQ(dsn.Get("dbname"), "my db/1");
  EXPECT_EQ(dsn.Get("application_name"), "a&b");
  EXPECT_NE(dsn.ToConninfo().find("password='p a\\'s\\\\s/?#%w\xc3\xa9' "), std::string::npos) << dsn.ToConninfo();
}

TEST(PostgresDsn, HostsInEveryForm) {
  EXPECT_EQ(MustParse("postgres://u@[2001:db8::1]:6543/d").Get("host"), "2001:db8::1");
  EXPECT_EQ(MustParse("postgres://u@[::1]/d").Get("port"), "");
  const PostgresDsn several = MustParse("postgres://u@a:1,[::1]:2,c/d?target_session_attrs=read-write");
  EXPECT_EQ(several.Get("host"), "a,::1,c");
  EXPECT_EQ(several.Get("port"), "1,2,");
  EXPECT_EQ(several.ToShow(), "postgres://u@a,::1,c:1,2,/d");
  EXPECT_EQ(MustParse("postgres:///d?host=/var/run/postgresql&port=5433").Get("host"), "/var/run/postgresql");
  EXPECT_EQ(MustParse("postgres://%2Fvar%2Frun/d").Get("host"), "/var/run");
  EXPECT_EQ(MustParse("postgres://").Get("host"), "");
}

TEST(PostgresDsn, ParametersOfTheClientLibraryAreTaken) {
  const PostgresDsn dsn =
      MustParse("postgres://u@h/d?sslmode=verify-full&sslrootcert=/a%20b/ca.pem&sslcert=c&sslkey=k&options=-csearch_path%3Dmine");
  EXPECT_EQ(dsn.Get("sslrootcert"), "/a b/ca.pem");
  EXPECT_EQ(dsn.Get("options"), "-csearch_path=mine");
}

TEST(PostgresDsn, DefaultsGiveWayToTheUrl) {
  PostgresDsn dsn = MustParse("postgres://u@h/d?application_name=mine");
  dsn.SetDefault("application_name", "orchestrator");
  dsn.SetDefault("connect_timeout", "10");
  dsn.Set("client_encoding", "UTF8");
  EXPECT_EQ(dsn.ToConninfo(), "user='u' dbname='d' host='h' application_name='mine' connect_timeout='10' client_encoding='UTF8' ");
}

TEST(PostgresDsn, WhatIsWrongIsNamedWithoutThePassword) {
  ExpectBad("mysql://u:secret@h/d", "does not begin with postgres://");
  ExpectBad("postgres://u:secret%zz@h/d", "a % in the user or password");
  ExpectBad("postgres://u:secret%@h/d", "a % itself is written %25");
  ExpectBad("postgres://u:secret%00@h/d", "holds %00");
  ExpectBad("postgres://u:se@secret@h/d", "@ as %40");
  ExpectBad("postgres://u:se/secret@h/d", "/ as %2F");
  ExpectBad("postgres://u:se?secret@h/d", "? as %3F");
  ExpectBad("postgres://u:secret/d", "a port is no number");
  ExpectBad("postgres://u:secret@h:99999/d", "a port is no number from 1 to 65535");
  ExpectBad("postgres://u:secret@h:5432x/d", "a port is no number");
  ExpectBad("postgres://u:secret@h:1,i:0/d", "a port is no number");
  ExpectBad("postgres://u:secret@::1:5432/d", "stands in brackets");
  ExpectBad("postgres://u:secret@[::1/d", "no closing ]");
  ExpectBad("postgres://u:secret@[::1]5432/d", "only :PORT may stand");
  ExpectBad("postgres://u:secret@h%/d", "a % in the host");
  ExpectBad("postgres://u:secret@h/d%2", "a % in the name of the database");
  ExpectBad("postgres://u:secret@h/d?sslmode=%", "a % in the query");
  ExpectBad("postgres://u:secret@h/d?sslmode=on", "sslmode is \"on\", expected one of disable allow prefer require verify-ca verify-full");
  ExpectBad("postgres://u:secret@h/d?pool_max_conns=4", "invalid URI query parameter: \"pool_max_conns\"");
  ExpectBad("postgres://u:secret@h/d?sslmode", "it can't be read");
  ExpectBad("postgres://u:secret@h/d?port=x", "a port is no number");
  ExpectBad("postgres://u:secret@h/d?connect_timeout=5s", "connect_timeout");
  ExpectBad("postgres://u:secret@h/d?client_encoding=LATIN1", "client_encoding must be UTF8");
  ExpectBad("postgres://u:secret@h/d?target_session_attrs=rw", "target_session_attrs is \"rw\"");
}

}  // namespace
}  // namespace orc::test
