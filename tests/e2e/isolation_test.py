"""Plugins in processes of their own, seen from outside: crashes beside other runs, the server's own death, limits."""
import os
import shutil
import signal
import subprocess
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


class Wild(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.mkdtemp(prefix="orc-wild-")
        shutil.copy(os.path.join(PLUGINS, "wild.so"), self.folder)
        shutil.copy(os.path.join(PLUGINS, "good_c.so"), self.folder)

    def tearDown(self):
        shutil.rmtree(self.folder)

    def server(self, **wild):
        settings = {"wild": {"restart_delay": "1ms", "stop_grace": "200ms", **wild}}
        return Server({"plugins": {"path": self.folder, "settings": settings}})


class IsolationTest(Wild):
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


class ReloadTest(Wild):
    """New versions of a plugin, by a request and by a signal; what is shown of them."""

    def put(self, version):
        fresh = os.path.join(self.folder, "fresh")
        shutil.copy(os.path.join(PLUGINS, f"version_{version}.so"), fresh)
        os.rename(fresh, os.path.join(self.folder, "versioned.so"))

    def which(self, server):
        return server.start_run(self.workflow, wait="20s")["steps"][0]["output"]

    def test_a_request_and_a_signal_bring_a_new_version(self):
        self.put(1)
        with self.server() as server:
            self.workflow = server.create_workflow({"name": "which", "action": "ver.which", "input": {}})["id"]
            self.assertEqual(self.which(server), "1.0.0")
            before = server.get("/v1/actions/ver.which").expect(200)
            self.assertEqual((before["origin"], before["isolation"]), ("third_party", "process"))
            self.put(2)
            report = server.post("/v1/plugins/reload").expect(200)
            self.assertEqual(report, {"loaded": ["versioned.so"], "kept": ["good_c.so", "wild.so"], "removed": [], "failed": []})
            self.assertEqual(self.which(server), "2.0.0")
            after = server.get("/v1/actions/ver.which").expect(200)
            self.assertEqual(after["plugin"]["version"], "2.0.0")
            self.assertNotEqual(after["plugin"]["digest"], before["plugin"]["digest"])
            run = server.start_run(self.workflow, wait="20s")
            log = server.get(f"/v1/runs/{run['id']}/logs").expect(200)["items"]
            self.assertIn(f"carried out by versioned 2.0.0, {after['plugin']['digest'][:23]}", "\n".join(map(str, log)))
            self.put(1)
            server.process.send_signal(signal.SIGHUP)
            wait_until(lambda: self.which(server) == "1.0.0", what="the reload")

    def test_the_command_line_shows_what_is_loaded(self):
        with self.server() as server:
            def actions(*arguments):
                done = subprocess.run([server.binary, "actions", "--config", server.config_path, *arguments], capture_output=True, text=True, timeout=60, check=False)
                return done.returncode, done.stdout, done.stderr
            code, table, _ = actions()
            self.assertEqual(code, 0)
            self.assertRegex(table, r"wild\.echo +1\.0\.0 +wild 1\.0\.0 +third_party +process +sha256:[0-9a-f]{16}")
            self.assertRegex(table, r"transform +\S+ +- +built_in +none +-")
            self.assertIn("| `set` |", actions("transform")[1])
            code, _, err = actions("wild.ecko")
            self.assertEqual(code, 1)
            self.assertIn('did you mean "wild.echo"?', err)
            self.assertEqual(actions("--frob")[0], 2)


if __name__ == "__main__":
    unittest.main(verbosity=2)
