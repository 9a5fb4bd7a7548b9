"""Starts a real PostgreSQL for tests: a folder of its own, an unprivileged user, a free port on loopback.

    with Postgres() as postgres, Server({"database": {"dsn": postgres.url()}}) as server:
        ...
        postgres.restart("immediate")
"""
import glob
import os
import pwd
import shutil
import signal
import socket
import subprocess
import tempfile
import time

PROGRAMS = os.environ.get("ORC_POSTGRES_BIN") or max(glob.glob("/usr/lib/postgresql/*/bin"), default="")


def as_other_user():
    """Words before a command that make it run as somebody who is not root: PostgreSQL refuses to."""
    deadly = ["setpriv", "--pdeathsig", "QUIT"]  # it ends with the test, however that ends
    if os.geteuid() != 0:
        return deadly, None
    try:
        user = pwd.getpwnam("postgres")
    except KeyError:
        user = pwd.getpwnam("nobody")
    return deadly + ["--reuid", str(user.pw_uid), "--regid", str(user.pw_gid), "--clear-groups"], user


class Postgres:
    def __init__(self, *settings):
        """`settings`: more lines of postgresql.conf."""
        if not PROGRAMS:
            raise RuntimeError("there is no PostgreSQL: install postgresql-15, or name its programs' folder in ORC_POSTGRES_BIN")
        self.folder = tempfile.mkdtemp(prefix="orc-pg-", dir="/tmp")  # short: a Unix socket's path has room for 107 bytes
        self.prefix, user = as_other_user()
        if user:
            os.chown(self.folder, user.pw_uid, user.pw_gid)
        self.process, self.port = None, 0
        password = os.path.join(self.folder, "password")
        with open(password, "w") as out:
            out.write("orchestrator\n")
        self.data = os.path.join(self.folder, "data")
        subprocess.run([*self.prefix, f"{PROGRAMS}/initdb", "-D", self.data, "-N", "-E", "UTF8", "--locale=C.UTF-8", "-U", "orchestrator", "--pwfile",
                        password, "--auth-local=trust", "--auth-host=scram-sha-256"], check=True, stdout=subprocess.DEVNULL, cwd=self.folder)
        with open(os.path.join(self.data, "postgresql.conf"), "a") as out:
            out.write("\nlisten_addresses = '127.0.0.1'\n" + f"unix_socket_directories = '{self.folder}'\n" + "\n".join(settings) + "\n")
        self.start()
        self.run("CREATE DATABASE orchestrator", database="postgres")

    def start(self):
        for _ in range(5):
            self.port = self.port or self._free_port()
            with open(os.path.join(self.folder, "server.log"), "ab") as log:
                self.process = subprocess.Popen([*self.prefix, f"{PROGRAMS}/postgres", "-D", self.data, "-p", str(self.port)], stdin=subprocess.DEVNULL,
                                                stdout=log, stderr=log, cwd=self.folder)
            if self._answers():
                return self
            self.port = 0  # somebody else was faster
        raise AssertionError(f"PostgreSQL does not start\n{self.log()[-4000:]}")

    def _answers(self, timeout=60):
        deadline = time.monotonic() + timeout
        while time.monotonic() < deadline:
            if self.process.poll() is not None:
                return False
            if subprocess.run([f"{PROGRAMS}/pg_isready", "-q", "-h", self.folder, "-p", str(self.port)]).returncode == 0:
                return True
            time.sleep(0.02)
        self.stop("immediate")
        return False

    @staticmethod
    def _free_port():
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            return probe.getsockname()[1]

    def stop(self, how="fast"):
        """"fast", or "immediate": as after a crash."""
        if self.process and self.process.poll() is None:
            self.process.send_signal(signal.SIGQUIT if how == "immediate" else signal.SIGINT)
            self.process.wait()

    def restart(self, how="fast"):
        self.stop(how)
        return self.start()

    def url(self, schema=None, port=None):
        """As the seed spells it: user, password and database are "orchestrator"."""
        tail = f"&options=-csearch_path%3D{schema}" if schema else ""
        return f"postgres://orchestrator:orchestrator@127.0.0.1:{port or self.port}/orchestrator?sslmode=disable{tail}"

    def run(self, sql, database="orchestrator"):
        """Runs it as the superuser; what it prints, without headings."""
        done = subprocess.run([f"{PROGRAMS}/psql", "-qAtX", "-v", "ON_ERROR_STOP=1", "-h", self.folder, "-p", str(self.port), "-U", "orchestrator", "-d", database,
                               "-c", sql], capture_output=True, text=True, timeout=120)
        if done.returncode != 0:
            raise AssertionError(f"{sql}: {done.stderr}")
        return done.stdout.strip()

    def log(self):
        with open(os.path.join(self.folder, "server.log"), errors="replace") as text:
            return text.read()

    def close(self):
        self.stop("immediate")
        shutil.rmtree(self.folder, ignore_errors=True)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()
