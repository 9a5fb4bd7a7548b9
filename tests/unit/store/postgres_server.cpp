#include "unit/store/postgres_server.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <grp.h>
#include <libpq-fe.h>
#include <netinet/in.h>
#include <pwd.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <filesystem>
#include <fstream>
#include <stdexcept>
#include <thread>

namespace orc::test {
namespace {

namespace fs = std::filesystem;

std::string ProgramFolder() {
  if (const char* given = std::getenv("ORC_POSTGRES_BIN")) return given;
  std::string newest;
  std::error_code none;
  for (const auto& entry : fs::directory_iterator("/usr/lib/postgresql", none)) newest = std::max(newest, entry.path().string() + "/bin");
  if (newest.empty())
    throw std::runtime_error("there is no PostgreSQL: install postgresql-15, or name its programs' folder in ORC_POSTGRES_BIN");
  return newest;
}

/// PostgreSQL refuses to run as root.
const passwd* OtherUser() {
  if (geteuid() != 0) return nullptr;
  const passwd* user = getpwnam("postgres");
  return user != nullptr ? user : getpwnam("nobody");
}

/// Starts a program as that user, its output in `log`. `deadly`: the signal it gets when this program dies.
pid_t Launch(std::vector<std::string> words, const std::string& log, int deadly) {
  const passwd* user = OtherUser();
  std::vector<char*> arguments;
  for (std::string& word : words) arguments.push_back(word.data());
  arguments.push_back(nullptr);
  const pid_t parent = getpid();
  const pid_t child = fork();
  if (child != 0) return child;
  const int out = open(log.c_str(), O_WRONLY | O_CREAT | O_APPEND, 0644);
  dup2(open("/dev/null", O_RDONLY), 0);
  dup2(out, 1);
  dup2(out, 2);
  if (user != nullptr && (setgroups(0, nullptr) != 0 || setgid(user->pw_gid) != 0 || setuid(user->pw_uid) != 0)) _exit(126);
  prctl(PR_SET_PDEATHSIG, deadly);  // after setuid, which takes it back
  if (getppid() != parent) _exit(126);
  execv(arguments[0], arguments.data());
  _exit(127);
}

int FreePort() {
  const int probe = socket(AF_INET, SOCK_STREAM, 0);
  sockaddr_in address = {};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof address;
  const bool bound = bind(probe, reinterpret_cast<sockaddr*>(&address), size) == 0 &&
                     getsockname(probe, reinterpret_cast<sockaddr*>(&address), &size) == 0;
  close(probe);
  if (!bound) throw std::runtime_error("no free port");
  return ntohs(address.sin_port);
}

}  // namespace

PostgresServer& PostgresServer::Shared() {
  static PostgresServer server;
  return server;
}

PostgresServer::PostgresServer(std::vector<std::string> settings) {
  std::string pattern = "/tmp/orc-pg-XXXXXX";  // short: a Unix socket's path has room for 107 bytes
  if (mkdtemp(pattern.data()) == nullptr) throw std::runtime_error("no temporary folder");
  folder_ = pattern;
  Initialise(settings);
  Start();
  Run("CREATE DATABASE orchestrator");
}

PostgresServer::~PostgresServer() {
  if (pid_ > 0) Stop(How::kImmediate);
  std::error_code ignored;
  fs::remove_all(folder_, ignored);
}

void PostgresServer::Initialise(const std::vector<std::string>& settings) {
  std::ofstream(folder_ + "/password") << "orchestrator\n";
  if (const passwd* user = OtherUser(); user != nullptr && chown(folder_.c_str(), user->pw_uid, user->pw_gid) != 0)
    throw std::runtime_error("chown");
  const pid_t child = Launch({ProgramFolder() + "/initdb", "-D", folder_ + "/data", "-N", "-E", "UTF8", "--locale=C.UTF-8", "-U",
                              "orchestrator", "--pwfile", folder_ + "/password", "--auth-local=trust", "--auth-host=scram-sha-256"},
                             folder_ + "/initdb.log", SIGKILL);
  int status = 0;
  if (child < 0 || waitpid(child, &status, 0) != child || status != 0) throw std::runtime_error("initdb failed, see " + folder_);
  std::ofstream file(folder_ + "/data/postgresql.conf", std::ios::app);
  // The kernel keeps what was written when a process is killed: no test here turns off the machine.
  file << "\nfsync = off\nlisten_addresses = '127.0.0.1'\nunix_socket_directories = '" << folder_ << "'\n";
  for (const std::string& line : settings) file << line << "\n";
}

void PostgresServer::Start() {
  for (int tries = 0; tries < 5; ++tries) {
    if (port_ == 0) port_ = FreePort();
    if (TryStart()) return;
    port_ = 0;  // somebody else was faster
  }
  throw std::runtime_error("PostgreSQL does not start, see " + folder_);
}

bool PostgresServer::TryStart() {
  pid_ = Launch({ProgramFolder() + "/postgres", "-D", folder_ + "/data", "-p", std::to_string(port_)}, folder_ + "/server.log", SIGQUIT);
  const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(60);
  while (std::chrono::steady_clock::now() < deadline) {
    if (waitpid(pid_, nullptr, WNOHANG) == pid_) {
      pid_ = -1;
      return false;
    }
    if (AnswersPings()) return true;
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
  }
  Stop(How::kImmediate);
  return false;
}

bool PostgresServer::AnswersPings() const {
  const std::string place = "host='" + folder_ + "' dbname=postgres user=orchestrator port=" + std::to_string(port_);
  return PQping(place.c_str()) == PQPING_OK;
}

void PostgresServer::Stop(How how) {
  kill(pid_, how == How::kFast ? SIGINT : SIGQUIT);
  waitpid(pid_, nullptr, 0);
  pid_ = -1;
}

void PostgresServer::Restart(How how) {
  Stop(how);
  Start();
}

std::string PostgresServer::Url(const std::string& schema) const {
  std::string url = "postgres://orchestrator:orchestrator@127.0.0.1:" + std::to_string(port_) + "/orchestrator?sslmode=disable";
  if (!schema.empty()) url += "&options=-csearch_path%3D" + schema;
  return url;
}

std::string PostgresServer::NewSchema() {
  const std::string name = "test_" + std::to_string(++schemas_);
  Run("CREATE SCHEMA " + name);
  return name;
}

std::string PostgresServer::Run(const std::string& sql) const {
  const bool is_first = sql.starts_with("CREATE DATABASE");
  const std::string place = "host='" + folder_ + "' user=orchestrator port=" + std::to_string(port_) +
                            " options='-cclient_min_messages=error' dbname=" + (is_first ? "postgres" : "orchestrator");
  PGconn* connection = PQconnectdb(place.c_str());
  PGresult* result = PQexec(connection, sql.c_str());
  const ExecStatusType status = PQresultStatus(result);
  const std::string fault = PQerrorMessage(connection);
  const std::string value = PQntuples(result) > 0 ? PQgetvalue(result, 0, 0) : "";
  PQclear(result);
  PQfinish(connection);
  if (status != PGRES_COMMAND_OK && status != PGRES_TUPLES_OK) throw std::runtime_error(sql + ": " + fault);
  return value;
}

}  // namespace orc::test
