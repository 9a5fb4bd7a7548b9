// A real HTTPS server with a CA of its own, for tests: `openssl s_server` as a child.
#pragma once

#include <fcntl.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <stdio.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <string>

namespace orc::test {

/// Its certificate is for the name localhost only, issued by ca_file(). GET / answers 200.
class TlsServer {
 public:
  TlsServer() {
    char name[] = "/tmp/orc-tls-XXXXXX";
    folder_ = ::mkdtemp(name);
    MakeCertificates();
    Start();
  }
  ~TlsServer() {
    if (child_ > 0) {
      ::kill(child_, SIGKILL);
      ::waitpid(child_, nullptr, 0);
    }
    for (const int fd : {input_, output_}) {
      if (fd >= 0) ::close(fd);
    }
    std::filesystem::remove_all(folder_);
  }
  std::string url(const std::string& host) const { return "https://" + host + ":" + port_ + "/"; }
  std::string ca_file() const { return folder_ + "/ca.pem"; }

 private:
  void MakeCertificates() {
    const std::string in = "cd " + folder_ + " && ";
    const std::string commands[] = {
        "openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout ca.key -out ca.pem -days 2 -subj '/CN=A test CA' "
        "2>/dev/null",
        "openssl req -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout server.key -out server.csr -subj /CN=localhost 2>/dev/null",
        "printf 'subjectAltName=DNS:localhost' > ext && openssl x509 -req -in server.csr -CA ca.pem -CAkey ca.key -CAcreateserial "
        "-days 2 -extfile ext -out server.pem 2>/dev/null"};
    for (const auto& command : commands) {
      if (std::system((in + command).c_str()) != 0) ADD_FAILURE() << command;
    }
  }
  void Start() {
    int in[2];
    int out[2];
    if (::pipe2(in, O_CLOEXEC) != 0 || ::pipe2(out, O_CLOEXEC) != 0) return;
    child_ = ::fork();
    if (child_ == 0) {
      ::dup2(in[0], 0);
      ::dup2(out[1], 1);
      if (::chdir(folder_.c_str()) == 0) {
        ::execlp("openssl", "openssl", "s_server", "-accept", "127.0.0.1:0", "-cert", "server.pem", "-key", "server.key", "-www", nullptr);
      }
      ::_exit(127);
    }
    ::close(in[0]);
    ::close(out[1]);
    input_ = in[1];
    output_ = out[0];
    ReadPort();
  }
  /// It prints "ACCEPT 127.0.0.1:12345" once it listens.
  void ReadPort() {
    std::string seen;
    char c;
    while (::read(output_, &c, 1) == 1) {
      if (c == '\n' && seen.rfind("ACCEPT ", 0) == 0) {
        port_ = seen.substr(seen.rfind(':') + 1);
        return;
      }
      c == '\n' ? seen.clear() : seen.push_back(c);
    }
    ADD_FAILURE() << "openssl s_server did not start";
  }

  std::string folder_;
  std::string port_;
  pid_t child_ = -1;
  int input_ = -1;
  int output_ = -1;
};

}  // namespace orc::test
