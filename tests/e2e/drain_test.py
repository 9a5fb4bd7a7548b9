"""SIGTERM drains, a second one ends at once, SIGHUP re-reads what can be."""
import os
import signal
import time
import unittest

from server import Server, http_step, wait_until
from stub import Stub


class DrainTest(unittest.TestCase):
    def setUp(self):
        self.stub = Stub()
        self.addCleanup(self.stub.close)

    def start_slow(self, server, seconds):
        workflow = server.create_workflow(http_step(f"{self.stub.url}/sleep/{seconds}"))
        run = server.start_run(workflow["id"])
        self.stub.wait_for(1, f"/sleep/{seconds}")
        return run

    def test_what_is_under_way_ends_and_new_runs_are_refused(self):
        with Server() as server:
            run = self.start_slow(server, 2)
            os.kill(server.pid, signal.SIGTERM)
            wait_until(lambda: server.get("/readyz").status == 503, what="/readyz 503")
            self.assertEqual(server.get("/healthz").status, 200)
            refused = server.post("/v1/runs", {"workflow_id": run["workflow_id"]})
            self.assertEqual(refused.status, 503)
            self.assertIn("Retry-After", refused.headers)
            self.assertEqual(server.process.wait(20), 0)
            server.start()
            self.assertEqual(server.wait_run(run["id"])["status"], "SUCCEEDED")
            self.assertEqual(self.stub.count("/sleep/2"), 1, "the call was let end")

    def test_the_limit_ends_the_wait_and_the_run_goes_on_later(self):
        with Server({"server": {"drain_timeout": "300ms"}}) as server:
            run = self.start_slow(server, 5)
            began = time.monotonic()
            os.kill(server.pid, signal.SIGTERM)
            self.assertEqual(server.process.wait(20), 0)
            self.assertLess(time.monotonic() - began, 4.5)
            server.start()
            self.assertEqual(server.wait_run(run["id"])["status"], "SUCCEEDED")
            self.assertEqual(len({r.headers["idempotency-key"] for r in self.stub.requests("/sleep/5")}), 1)

    def test_a_second_signal_ends_at_once(self):
        with Server({"server": {"drain_timeout": "60s"}}) as server:
            self.start_slow(server, 50)
            os.kill(server.pid, signal.SIGINT)
            wait_until(lambda: server.get("/readyz").status == 503, what="/readyz 503")
            os.kill(server.pid, signal.SIGTERM)
            self.assertNotEqual(server.process.wait(10), 0)

    def test_an_idle_server_ends_soon(self):
        with Server() as server:
            server.stream("/v1/events/stream")  # an open stream holds nothing up
            self.assertEqual(server.stop(10), 0)

    def test_sighup(self):
        with Server() as server:
            log_file = os.path.join(server.state_dir, "server.log")
            server.configure({"log": {"file": log_file}, "policy": {"strict": True}, "server": {"workers": 3}})
            document = {"name": "w", "steps": [http_step(self.stub.url)], "descripton": "typo"}
            self.assertEqual(server.post("/v1/workflows", document).status, 201)
            os.kill(server.pid, signal.SIGHUP)
            wait_until(lambda: "configuration re-read" in self.read(log_file), what="the line in the new log file")
            text = self.read(log_file)
            self.assertIn("server.workers", text)
            self.assertIn("next start", text)
            self.assertEqual(server.post("/v1/workflows", document).status, 422)
            os.rename(log_file, log_file + ".1")  # what logrotate does
            os.kill(server.pid, signal.SIGHUP)
            wait_until(lambda: "configuration re-read" in self.read(log_file), what="the re-opened log file")

    def test_sighup_with_a_bad_file_changes_nothing(self):
        with Server() as server:
            with open(server.config_path, "w") as out:
                out.write("server:\n  prot: 1\n")
            os.kill(server.pid, signal.SIGHUP)
            wait_until(lambda: "reload refused" in server.log(), what="the line in the log")
            self.assertIn(":2:3:", server.log())
            self.assertEqual(server.get("/readyz").status, 200)

    @staticmethod
    def read(path):
        try:
            with open(path) as text:
                return text.read()
        except FileNotFoundError:
            return ""


if __name__ == "__main__":
    unittest.main(verbosity=2)
