// TLS: a server with a certificate of a CA of its own.
#include <filesystem>

#include "plugins/actions/action_fixture.h"
#include "plugins/real/child_process.h"

namespace orc::test {
namespace {

using Outcome = AttemptFinished::Outcome;

class Https : public ActionTest {
 protected:
  void SetUp() override {
    if (!std::filesystem::exists("/usr/bin/openssl")) GTEST_SKIP() << "openssl is not installed";
    MakeCertificates();
    Serve();
  }
  void OpenSsl(std::vector<std::string> arguments) {
    arguments.insert(arguments.begin(), "/usr/bin/openssl");
    ChildProcess openssl(arguments, folder_ + "/openssl.log");
    ASSERT_EQ(openssl.Wait(), 0) << openssl.Log();
  }
  void MakeCertificates() {
    const auto in = [&](const char* name) { return folder_ + "/" + name; };
    for (const char* ca : {"ca", "other-ca"}) {
      OpenSsl({"req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "2", "-subj",
               std::string("/CN=") + ca, "-keyout", folder_ + "/" + ca + ".key", "-out", folder_ + "/" + ca + ".pem"});
    }
    OpenSsl({"req", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-subj", "/CN=server", "-keyout", in("server.key"),
             "-out", in("server.csr")});
    WriteFile(in("server.ext"), "subjectAltName=IP:127.0.0.1\n");
    OpenSsl({"x509", "-req", "-in", in("server.csr"), "-CA", in("ca.pem"), "-CAkey", in("ca.key"), "-CAcreateserial", "-days", "2",
             "-extfile", in("server.ext"), "-out", in("server.pem")});
  }
  void Serve() {
    port_ = FreePort();
    server_ = std::make_unique<ChildProcess>(
        std::vector<std::string>{"/usr/bin/python3", std::string(ORC_SOURCE_DIR) + "/tests/plugins/real/https_server.py",
                                 std::to_string(port_), folder_ + "/server.pem", folder_ + "/server.key"},
        folder_ + "/server.log");
    ASSERT_TRUE(server_->WaitForPort(port_)) << server_->Log();
  }
  AttemptFinished Call(const std::string& more) {
    return Do("http", "{\"url\":\"https://127.0.0.1:" + std::to_string(port_) + "/x\"" + more + "}");
  }
  std::string CaFile(const std::string& name) const { return ",\"ca_file\":\"" + folder_ + "/" + name + "\""; }

  int port_ = 0;
  std::unique_ptr<ChildProcess> server_;
};

TEST_F(Https, AnUnknownAuthorityIsRefused) {
  const auto end = Call("");
  EXPECT_EQ(end.error.code, "tls") << Words(end);
  EXPECT_FALSE(end.error.retryable);
  EXPECT_EQ(Call(CaFile("other-ca.pem")).error.code, "tls");
}

TEST_F(Https, ItsOwnAuthorityIsTrusted) {
  const auto end = Call(CaFile("ca.pem"));
  EXPECT_EQ(end.outcome, Outcome::kSucceeded) << Words(end);
  EXPECT_EQ(Parse(end.output).at("path").as_string(), "/x");
  EXPECT_EQ(Call("").error.code, "tls");  // the connection that is open already is of no use to a call that trusts nobody new
}

TEST_F(Https, VerificationCanBeTurnedOff) {
  EXPECT_EQ(Call(",\"verify_tls\":false").outcome, Outcome::kSucceeded);
  EXPECT_EQ(Call("").error.code, "tls");
}

TEST_F(Https, ANameThatTheCertificateLacksIsRefused) {
  const auto end = Do("http", "{\"url\":\"https://localhost:" + std::to_string(port_) + "/x\"" + CaFile("ca.pem") + "}");
  EXPECT_EQ(end.error.code, "tls") << Words(end);
}

TEST_F(Https, TheConfigurationCountsForStepsThatSayNothing) {
  LoadActions({{"http", Parse("{\"ca_file\":\"" + folder_ + "/ca.pem\"}")}, {"scm.call", Parse("{\"verify_tls\":false}")}});
  EXPECT_EQ(Call("").outcome, Outcome::kSucceeded);
  const std::string url = "\"url\":\"https://127.0.0.1:" + std::to_string(port_) + "/x\"";
  EXPECT_EQ(Do("scm.call", "{" + url + "}").outcome, Outcome::kSucceeded);
  EXPECT_EQ(Do("scm.call", "{" + url + ",\"verify_tls\":true}").error.code, "tls");
}

TEST_F(Https, AMissingCaFileIsNamed) {
  const auto end = Call(CaFile("none.pem"));
  EXPECT_EQ(end.error.code, "tls") << Words(end);
}

}  // namespace
}  // namespace orc::test
