"""The real server on a real PostgreSQL: the seed's calls, kills and restarts of either under load, sub-workflows, limits and
schedules over kills, an outage, TLS.

ORC_POSTGRES_ROUNDS (default 4) says how often PostgreSQL is restarted, ORC_CRASH_ROUNDS how often the server is killed.
"""
import concurrent.futures
import datetime
import os
import random
import socket
import subprocess
import tempfile
import threading
import time
import unittest

os.environ.setdefault("ORC_CRASH_ROUNDS", "4")
import crash_test  # noqa: E402
from postgres import Postgres  # noqa: E402
from server import BINARY, TERMINAL, Server, http_step, read_sse, wait_until  # noqa: E402
from stub import Reply, Stub  # noqa: E402

ROUNDS = int(os.environ.get("ORC_POSTGRES_ROUNDS", "4"))


def on(postgres, **database):
    return {"database": {"dsn": postgres.url(), **database}}


class Proxy:
    """Stands between the server and PostgreSQL; while it is paused nothing comes through, and no connection ends."""

    def __init__(self, port):
        self.target, self.open = port, threading.Event()
        self.open.set()
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port, self.sockets = self.listener.getsockname()[1], []
        threading.Thread(target=self._accept, daemon=True).start()

    def _accept(self):
        while True:
            try:
                near, _ = self.listener.accept()
            except OSError:
                return
            far = socket.create_connection(("127.0.0.1", self.target))
            self.sockets += [near, far]
            for source, sink in ((near, far), (far, near)):
                threading.Thread(target=self._pump, args=(source, sink), daemon=True).start()

    def _pump(self, source, sink):
        try:
            while data := source.recv(65536):
                self.open.wait()
                sink.sendall(data)
        except OSError:
            pass
        for end in (source, sink):
            try:
                end.shutdown(socket.SHUT_RDWR)
            except OSError:
                pass

    def close(self):
        self.open.set()
        self.listener.close()
        for end in self.sockets:
            end.close()


class PostgresTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.postgres = Postgres()

    @classmethod
    def tearDownClass(cls):
        cls.postgres.close()

    def tearDown(self):
        self.postgres.run("DROP SCHEMA public CASCADE; CREATE SCHEMA public")

    def test_the_seeds_calls(self):
        with Stub() as stub, Server(on(self.postgres)) as server:
            stub.on("POST", "/v1/chat/completions", Reply(200, {"choices": [{"message": {"content": "hi \u0000 é"}}], "n": 18446744073709551615}))
            steps = [http_step(stub.url + "/v1/chat/completions", name="call ai-router"),
                     {"name": "set", "action": "transform", "input": {"set": {"answer": "{{ steps['call ai-router'].output.choices[0].message.content }}"}}},
                     {"name": "gate", "action": "transform", "input": {"set": {"done": True}}, "requires_approval": True}]
            workflow = server.create_workflow(*steps, name="demo", description="Simple demo workflow")
            run = server.start_run(workflow["id"], {"project_id": "default"})
            server.wait_run(run["id"], ("WAITING_APPROVAL",))
            self.assertEqual([gate["run_id"] for gate in server.get("/v1/approvals").expect(200)["items"]], [run["id"]])
            server.post(f"/v1/runs/{run['id']}/logs", "a line\nof my own").expect(200, 201)
            server.post(f"/v1/runs/{run['id']}/approve").expect(200, 202)
            done = server.wait_run(run["id"])
            self.assertEqual(done["status"], "SUCCEEDED", done)
            server.put(f"/v1/workflows/{workflow['id']}", {"name": "demo", "steps": steps[:1]}).expect(200)
            server.post(f"/v1/workflows/{workflow['id']}/rollback", {"version": 1}).expect(200)
            before = self.everything(server, workflow["id"], run["id"])
            self.assertEqual(self.postgres.run("SELECT count(*) FROM runs"), "1")
            server.stop()
            server.start()
            self.assertEqual(self.everything(server, workflow["id"], run["id"]), before)
            self.assertNotIn("orchestrator:orchestrator", server.log(), "the password is in the log")
            self.assertIn("store=postgres://orchestrator@127.0.0.1", server.log())

    def everything(self, server, workflow_id, run_id):
        stream = server.stream(f"/v1/runs/{run_id}/logs/stream")
        logs = [event.text for event in read_sse(stream)]
        stream.close()
        paths = [f"/v1/workflows/{workflow_id}", f"/v1/workflows/{workflow_id}/versions", f"/v1/runs/{run_id}", f"/v1/runs/{run_id}/logs",
                 f"/v1/runs/{run_id}/events", "/v1/runs?status=SUCCEEDED", "/v1/templates"]
        return logs + [server.get(path).expect(200) for path in paths]

    def test_sub_workflows_a_limit_and_a_schedule_over_kills(self):
        child = {"name": "child", "key": "child", "limit": 2, "output": "context.n * 2"}
        call = {"name": "call", "action": "workflow.run", "for_each": "[1, 2, 3, 4, 5, 6]", "concurrency": 6,
                "input": {"workflow": "child", "context": {"n": "{{ item }}"}}}
        with Stub() as stub, Server(on(self.postgres)) as server:
            stub.on("POST", "/ask", Reply(200, {}, delay=600))  # until the first two kills
            child = server.create_workflow(http_step(stub.url + "/ask"), **child)["id"]
            parent = server.create_workflow(call, name="parent", output="steps.call.output")["id"]
            ticks = {"name": "s", "cron": "* * * * * *", "overlap": "allow", "catch_up": "all"}
            server.create_workflow({"name": "a", "action": "transform", "input": {"expr": "1"}}, name="ticks", schedules=[ticks])
            schedule = server.get("/v1/schedules").expect(200)["items"][0]
            run = server.start_run(parent)
            for kills in (1, 2):
                stub.wait_for(2 * kills, timeout=30)
                wait_until(lambda: len(self.children(server, child, "WAITING")) == 4, 30, "a queue of four")
                self.assertEqual(len(self.children(server, child, "RUNNING")), 2, "the limit")
                self.assertEqual(stub.count(), 2 * kills)
                if kills == 2:
                    stub.on("POST", "/ask", Reply(200, {}, delay=0.05))
                server.kill()
                server.start()
            self.assertEqual(server.wait_run(run["id"])["output"], [2, 4, 6, 8, 10, 12])
            self.assertEqual(len(self.children(server, child, "SUCCEEDED")), 6, "each item had one run")
            self.assertEqual(self.postgres.run(f"SELECT count(*) FROM runs WHERE workflow_id = '{child}'"), "6")
            wait_until(lambda: self.postgres.run("SELECT count(*) FROM run_mail") == "0", 10, "all mail being read")
            self.check_ticks(server, schedule)

    @staticmethod
    def children(server, workflow_id, status):
        return server.get(f"/v1/runs?workflow_id={workflow_id}&status={status}").expect(200)["items"]

    def check_ticks(self, server, schedule):
        path = f"/v1/runs?limit=500&schedule_id={schedule['id']}"
        wait_until(lambda: len(server.get(path).expect(200)["items"]) >= 3, 20, "three runs of the schedule")
        server.post(f"/v1/schedules/{schedule['id']}/pause").expect(202)
        runs = [server.wait_run(run["id"]) for run in reversed(server.get(path).expect(200)["items"])]
        self.assertEqual({run["status"] for run in runs}, {"SUCCEEDED"})
        fired = sorted(int(datetime.datetime.fromisoformat(run["scheduled_for"].replace("Z", "+00:00")).timestamp()) for run in runs)
        self.assertEqual(fired, list(range(fired[0], fired[0] + len(fired))), "no instant fired twice, and none was lost")
        self.assertEqual(runs[0]["scheduled_for"], schedule["next_at"])

    def test_a_start_that_cannot_succeed_says_why(self):
        port = self.postgres.port
        for dsn, words in {
            f"postgres://orchestrator:s3cret@127.0.0.1:{port}/orchestrator": "correct user and password in database.dsn",
            f"postgres://orchestrator:orchestrator@127.0.0.1:{port}/none": "make that database (CREATE DATABASE",
            f"postgres://orchestrator:orchestrator@127.0.0.1:{port}/orchestrator?sslmode=require": "use sslmode=disable in database.dsn",
            "postgres://orchestrator:s3cret@127.0.0.1:1/orchestrator": "start PostgreSQL there, or correct host and port in database.dsn",
        }.items():
            with tempfile.TemporaryDirectory() as folder:
                path = os.path.join(folder, "c.yaml")
                with open(path, "w") as out:
                    out.write(f"server: {{port: 0}}\ndatabase:\n  dsn: {dsn}\n  connect_timeout: 500ms\n")
                done = subprocess.run([BINARY, "--config", path], capture_output=True, text=True, timeout=30)
                self.assertEqual(done.returncode, 1, done.stderr)
                self.assertIn(words, done.stderr)
                self.assertNotIn("s3cret", done.stderr)

    def test_a_start_waits_for_a_database_that_is_starting(self):
        postgres = Postgres("fsync = off")
        try:
            postgres.stop()
            with Server(on(postgres), start=False) as server:
                server.launch()
                wait_until(lambda: "waiting for the database" in server.log(), 30, "a line in the log")
                postgres.start()
                line = server.process.stdout.readline().decode()
                self.assertIn("ready at http://", line, server.log())
        finally:
            postgres.close()

    def test_an_outage_refuses_new_work_and_ends(self):
        postgres = Postgres("fsync = off")
        try:
            with Stub() as stub, Server(on(postgres)) as server:
                stub.on("*", "/slow", Reply(200, {}, delay=1.5))
                workflow = server.create_workflow(http_step(stub.url + "/slow"), http_step(stub.url + "/next", name="next"))
                under_way = server.start_run(workflow["id"])
                stub.wait_for(1, timeout=10)
                postgres.stop("immediate")
                refused = server.post("/v1/runs", {"workflow_id": workflow["id"]})
                self.assertEqual(refused.status, 503, refused.data)
                self.assertIn("Retry-After", refused.headers)
                ready = server.get("/readyz")
                self.assertEqual(ready.status, 503)
                self.assertIn("start PostgreSQL there", ready.json["detail"])
                self.assertEqual(server.get("/healthz").status, 200)
                self.assertEqual(server.get("/v1/workflows").status, 503)
                time.sleep(2)  # the call of the run under way comes back while nothing can be written
                postgres.start()
                wait_until(lambda: server.get("/readyz").status == 200, 30, "/readyz")
                self.assertEqual(server.wait_run(under_way["id"])["status"], "SUCCEEDED")
                self.assertEqual(stub.count(), 2, "each step was called once")
        finally:
            postgres.close()

    def test_a_database_that_is_cut_off(self):
        proxy = Proxy(self.postgres.port)
        try:
            config = {"database": {"dsn": self.postgres.url(port=proxy.port), "statement_timeout": "1s", "connect_timeout": "2s"}}
            with Stub() as stub, Server(config) as server:
                workflow = server.create_workflow(http_step(stub.url + "/x"))
                self.assertEqual(server.start_run(workflow["id"], wait="10s")["status"], "SUCCEEDED")
                proxy.open.clear()
                refused = server.post("/v1/runs", {"workflow_id": workflow["id"]}, timeout=60)
                self.assertEqual(refused.status, 503, refused.data)
                self.assertIn("has not answered", refused.json["detail"])
                proxy.open.set()
                wait_until(lambda: server.get("/readyz").status == 200, 30, "/readyz")
                self.assertEqual(server.start_run(workflow["id"], wait="10s")["status"], "SUCCEEDED")
        finally:
            proxy.close()


class CommandsTest(unittest.TestCase):
    """orchestrator migrate and orchestrator move."""

    def setUp(self):
        self.postgres = Postgres("fsync = off")
        self.addCleanup(self.postgres.close)

    def command(self, *words):
        done = subprocess.run([BINARY, *words], capture_output=True, text=True, timeout=60)
        return done.returncode, done.stdout, done.stderr

    def test_migrate(self):
        with Server(on(self.postgres), start=False) as server:
            code, out, err = self.command("migrate", "--config", server.config_path, "--check")
            self.assertEqual((code, err), (1, ""))
            self.assertIn("0001_initial", out)
            self.assertIn("missing", out)
            code, out, err = self.command("migrate", "--config", server.config_path, "--to", "99")
            self.assertEqual(code, 1)
            self.assertIn("this release has no migration 99", err)
            code, out, err = self.command("migrate", "--config", server.config_path)
            self.assertEqual((code, err), (0, ""))
            code, out, err = self.command("migrate", "--config", server.config_path, "--check")
            self.assertEqual(code, 0, out)
            self.assertNotIn("missing", out)
            server.start()
            self.assertEqual(self.command("migrate", "--config", server.config_path, "--check")[0], 0, "a look beside a running server")
        for words in (["migrate", "--chek"], ["migrate", "--to"], ["migrate", "--to", "x"], ["move"], ["move", "--from", "sqlite"], ["move", "--from", "x", "--to", "y"]):
            code, out, err = self.command(*words)
            self.assertEqual(code, 2, err)
            self.assertTrue(err.startswith("orchestrator: "), err)

    def test_move_there_and_back(self):
        with Stub() as stub, Server({"database": {}}) as server:
            workflow = server.create_workflow(http_step(stub.url + "/x"), name="moved")
            gated = server.create_workflow(http_step(stub.url + "/y", requires_approval=True))
            done = server.start_run(workflow["id"], wait="10s")
            waiting = server.start_run(gated["id"])
            server.wait_run(waiting["id"], ("WAITING_APPROVAL",))
            code, _, err = self.command("move", "--from", "sqlite", "--to", self.postgres.url(), "--config", server.config_path)
            self.assertEqual(code, 1)
            self.assertIn("in use by process", err)
            server.stop()
            before = server.config
            server.configure(on(self.postgres))
            code, out, err = self.command("move", "--from", "sqlite", "--to", "postgres", "--config", server.config_path)
            self.assertEqual((code, err), (0, ""))
            self.assertRegex(out, r"(?m)^runs +2 rows  sha256 [0-9a-f]{64}$")
            self.assertNotIn("orchestrator:orchestrator", out)
            code, _, err = self.command("move", "--from", "sqlite", "--to", "postgres", "--config", server.config_path)
            self.assertEqual(code, 1)
            self.assertIn("the target is not empty", err)
            server.start()
            self.assertEqual(server.run(done["id"])["steps"], done["steps"])
            server.post(f"/v1/runs/{waiting['id']}/approve").expect(200, 202)
            self.assertEqual(server.wait_run(waiting["id"])["status"], "SUCCEEDED")
            server.stop()
            back = os.path.join(server.state_dir, "back.db")
            code, out, err = self.command("move", "--from", "postgres", "--to", f"sqlite:{back}", "--config", server.config_path)
            self.assertEqual((code, err), (0, ""))
            server.configure({**before, "database": {"dsn": f"sqlite:{back}"}})
            server.start()
            self.assertEqual(server.run(waiting["id"])["status"], "SUCCEEDED")
            self.assertEqual(stub.count(), 2)


class RestartTest(unittest.TestCase):
    """PostgreSQL goes down at once, as in a crash, while runs are started and are under way: nothing is lost, nothing is doubled."""

    STEPS = 3

    def test_immediate_restarts_under_load(self):
        dice = random.Random(int(os.environ.get("ORC_CRASH_SEED", "1")))
        stub = Stub()
        stub.on("*", "*", lambda request: Reply(200, {"ok": True}, delay=dice.uniform(0.01, 0.1)))
        postgres = Postgres()
        try:
            with stub, Server(on(postgres)) as server:
                self.load_and_restart(postgres, stub, server, dice)
        finally:
            postgres.close()

    def load_and_restart(self, postgres, stub, server, dice):
        workflow = server.create_workflow(*[http_step(f"{stub.url}/s{i}", name=f"s{i}") for i in range(self.STEPS)])
        acknowledged, refused, stop = [], [], threading.Event()

        def start_runs():
            while not stop.is_set():
                answer = server.post("/v1/runs", {"workflow_id": workflow["id"]}, timeout=60)
                if answer.status == 201:
                    acknowledged.append(answer.json["id"])
                else:
                    self.assertEqual(answer.status, 503, answer.data)
                    refused.append(answer)
                    time.sleep(0.02)

        with concurrent.futures.ThreadPoolExecutor(8) as pool:
            jobs = [pool.submit(start_runs) for _ in range(8)]
            for _ in range(ROUNDS):
                before = len(acknowledged)
                wait_until(lambda: len(acknowledged) >= before + 50, 60, "fifty more runs")
                time.sleep(dice.uniform(0, 0.3))
                postgres.restart("immediate")
            before = len(acknowledged)
            wait_until(lambda: len(acknowledged) >= before + 50, 30, "new runs being taken again")
            stop.set()
            for job in jobs:
                job.result()
        returned = time.monotonic()
        live = "SELECT count(*) FROM runs WHERE status NOT IN ('SUCCEEDED', 'FAILED', 'CANCELED', 'TIMED_OUT')"
        wait_until(lambda: postgres.run(live) == "0", 30, "the end of every run")
        print(f"{len(acknowledged)} acknowledged, {len(refused)} refused, the last ended {time.monotonic() - returned:.1f} s after the last restart")
        self.check(postgres, stub, server, acknowledged)

    def check(self, postgres, stub, server, acknowledged):
        self.assertEqual(len(acknowledged), len(set(acknowledged)))
        for run_id in acknowledged:
            run = server.run(run_id)
            self.assertEqual(run["status"], "SUCCEEDED", run)
        stored = postgres.run("SELECT id FROM runs").split("\n")
        keys = [request.headers["idempotency-key"] for request in stub.requests()]
        self.assertEqual(len(keys), len(set(keys)), "the server lived on: nothing had to be called twice")
        self.assertEqual(len(keys), self.STEPS * len(stored), "each step of each stored run was called")
        self.assertLessEqual(set(acknowledged), set(stored))
        doubled = "SELECT count(*) FROM (SELECT run_id, number FROM run_events GROUP BY 1, 2 HAVING count(*) > 1) AS twice"
        self.assertEqual(postgres.run(doubled), "0", "no row of the history is there twice")
        gaps = "SELECT count(*) FROM (SELECT run_id FROM run_events GROUP BY 1 HAVING count(*) <> max(number)) AS gaps"
        self.assertEqual(postgres.run(gaps), "0", "and none is missing")
        self.assertTrue(all(status in TERMINAL for status in postgres.run("SELECT DISTINCT status FROM runs").split("\n")))


class KillTest(crash_test.CrashTest):
    """kill -9 of the server with 200 runs in flight, as tests/e2e/crash_test.py does on the embedded store."""

    def make_server(self):
        postgres = Postgres()
        self.addCleanup(postgres.close)
        return Server(on(postgres))


class TlsTest(unittest.TestCase):
    def test_modes(self):
        with tempfile.TemporaryDirectory() as folder:
            os.chmod(folder, 0o755)
            authority, other = self.make_authority(folder, "one"), self.make_authority(folder, "other")
            postgres = Postgres("fsync = off")
            try:
                self.give_certificate(folder, authority, postgres)
                base = postgres.url().replace("127.0.0.1", "localhost").replace("sslmode=disable", "")
                self.assertIn("ssl=on", self.open_with(f"{base}sslmode=require", postgres))
                self.assertIn("ssl=on", self.open_with(f"{base}sslmode=verify-full&sslrootcert={authority}.pem", postgres))
                self.assertIn("ssl=off", self.open_with(f"{base}sslmode=disable", postgres))
                self.assertIn("the server's certificate is not trusted", self.open_with(f"{base}sslmode=verify-ca&sslrootcert={other}.pem", postgres))
                elsewhere = base.replace("localhost", "127.0.0.1")
                self.assertIn("the certificate is another host's", self.open_with(f"{elsewhere}sslmode=verify-full&sslrootcert={authority}.pem", postgres))
            finally:
                postgres.close()

    def open_with(self, dsn, postgres):
        """How the server's sessions are encrypted, or its last words."""
        server = Server({"database": {"dsn": dsn, "connect_timeout": "500ms"}}, start=False)
        server.launch()
        try:
            if b"ready" not in server.process.stdout.readline():
                return server.log()
            ssl = postgres.run("SELECT DISTINCT ssl FROM pg_stat_ssl JOIN pg_stat_activity USING (pid) WHERE application_name = 'orchestrator'")
            return {"t": "ssl=on", "f": "ssl=off"}.get(ssl, ssl)
        finally:
            server.process.stdout.close()
            server.close()

    @staticmethod
    def make_authority(folder, name):
        path = os.path.join(folder, name)
        subprocess.run(["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", f"/CN={name}", "-keyout", f"{path}.key", "-out",
                        f"{path}.pem"], check=True, capture_output=True)
        return path

    @staticmethod
    def give_certificate(folder, authority, postgres):
        request, extra = os.path.join(folder, "host.csr"), os.path.join(folder, "host.ext")
        key, certificate = os.path.join(postgres.data, "server.key"), os.path.join(postgres.data, "server.crt")
        with open(extra, "w") as out:
            out.write("subjectAltName=DNS:localhost\n")
        subprocess.run(["openssl", "req", "-newkey", "rsa:2048", "-nodes", "-subj", "/CN=localhost", "-keyout", key, "-out", request], check=True, capture_output=True)
        subprocess.run(["openssl", "x509", "-req", "-in", request, "-CA", f"{authority}.pem", "-CAkey", f"{authority}.key", "-CAcreateserial", "-days", "2", "-extfile",
                        extra, "-out", certificate], check=True, capture_output=True)
        owner = os.stat(postgres.data)
        for path in (key, certificate):
            os.chown(path, owner.st_uid, owner.st_gid)
            os.chmod(path, 0o600)
        postgres.run("ALTER SYSTEM SET ssl = on")
        postgres.restart()


if __name__ == "__main__":
    unittest.main(verbosity=2)
