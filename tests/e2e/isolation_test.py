"""Plugins in processes of their own, seen from outside: crashes beside other runs, the server's own death, limits."""
import os
import shutil
import tempfile
import threading
import unittest

from server import Server, wait_until

PLUGINS = os.path.join(os.environ["ORC_BINARY_DIR"], "tests/plugins")


def children_of(pid):
    found = []
    for entry in filter(str.isdigit, os.listdir("/proc")):
        try:
            with open(f"/proc/{entry}/stat") as stat:
                if int(stat.read().rsplit(")", 1)[1].split()[1]) == pid:
                    found.append(int(entry))
        except OSError:
            pass
    return found


def is_alive(pid):
    try:
        with open(f"/proc/{pid}/stat") as stat:
            return stat.read().rsplit(")", 1)[1].split()[0] != "Z"
    except OSError:
        return False


class IsolationTest(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.mkdtemp(prefix="orc-wild-")
        shutil.copy(os.path.join(PLUGINS, "wild.so"), self.folder)
        shutil.copy(os.path.join(PLUGINS, "good_c.so"), self.folder)

    def tearDown(self):
        shutil.rmtree(self.folder)

    def server(self, **wild):
        settings = {"wild": {"restart_delay": "1ms", "stop_grace": "200ms", **wild}}
        return Server({"plugins": {"path": self.folder, "settings": settings}})

    def test_crashes_beside_other_runs_harm_nobody_else(self):
        with self.server() as server:
            pid = server.pid
            crash = server.create_workflow({"name": "crash", "action": "wild.crash", "input": {}}, name="crash")["id"]
            fine = server.create_workflow({"name": "one", "action": "c.echo", "input": {"n": 1}}, {"name": "two", "action": "transform", "input": {"set": {"a": 1}}})["id"]
            crashes, others = [], []

            def start(workflow, count, into):
                for _ in range(count):
                    into.append(server.start_run(workflow, wait="30s"))

            threads = [threading.Thread(target=start, args=(crash, 100, crashes)), *(threading.Thread(target=start, args=(fine, 250, others)) for _ in range(4))]
            for thread in threads:
                thread.start()
            for thread in threads:
                thread.join()
            self.assertEqual({run["status"] for run in others}, {"SUCCEEDED"})
            self.assertEqual(len(others), 1000)
            self.assertEqual({run["steps"][0]["error_detail"]["code"] for run in crashes}, {"plugin_crashed"})
            self.assertEqual(len(crashes), 100)
            self.assertEqual(server.pid, pid)
            self.assertIsNone(server.process.poll())

    def test_a_retry_repeats_a_crash(self):
        with self.server() as server:
            workflow = server.create_workflow({"name": "crash", "action": "wild.abort", "input": {}, "retry": {"max": 2, "backoff_ms": 1}})
            run = server.start_run(workflow["id"], wait="20s")
            self.assertEqual(run["steps"][0]["attempts"], 3, run)
            self.assertIn("SIGABRT", run["steps"][0]["error"])

    def test_an_endless_loop_ends_by_the_steps_time(self):
        with self.server() as server:
            for action in ("wild.loop", "wild.loop_run"):
                workflow = server.create_workflow({"name": "loop", "action": action, "input": {}, "timeout_ms": 200})
                self.assertEqual(server.start_run(workflow["id"], wait="20s")["steps"][0]["error_detail"]["code"], "timeout")
            workflow = server.create_workflow({"name": "echo", "action": "wild.echo", "input": {"n": 1}})
            self.assertEqual(server.start_run(workflow["id"], wait="20s")["steps"][0]["output"], {"n": 1})

    def test_processes_end_with_the_server_however_it_ends(self):
        for end in ("stop", "kill"):
            with self.server() as server:
                processes = children_of(server.pid)
                self.assertEqual(len(processes), 2)
                getattr(server, end)()
                wait_until(lambda: not any(is_alive(pid) for pid in processes), what="the end of the processes")

    def test_the_folder_of_our_own_is_not_isolated(self):
        with Server() as server:
            self.assertEqual(children_of(server.pid), [])


if __name__ == "__main__":
    unittest.main(verbosity=2)
