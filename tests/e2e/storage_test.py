"""Disks and database files that are not as they should be."""
import contextlib
import os
import sqlite3
import subprocess
import tempfile
import unittest

from server import BINARY, Server, http_step, wait_until
from stub import Stub


def start_with(dsn, folder):
    """Exit code and error text of a start that can't succeed."""
    path = os.path.join(folder, "c.yaml")
    with open(path, "w") as out:
        out.write(f"server: {{port: 0}}\nstate_dir: {folder}/state\ndatabase: {{dsn: '{dsn}'}}\n")
    done = subprocess.run([BINARY, "--config", path], capture_output=True, text=True, timeout=30)
    return done.returncode, done.stderr


class StorageTest(unittest.TestCase):
    def test_a_file_that_is_no_database(self):
        with tempfile.TemporaryDirectory() as folder:
            file = os.path.join(folder, "notes.txt")
            with open(file, "w") as out:
                out.write("This is a letter and no database. " * 100)
            code, err = start_with(f"sqlite:{file}", folder)
            self.assertEqual(code, 1)
            self.assertIn(file, err)
            self.assertIn("not a", err.lower().replace("not an", "not a"))
            with open(file) as text:
                self.assertTrue(text.read().startswith("This is a letter"), "it was left alone")

    def test_a_database_of_another_program(self):
        with tempfile.TemporaryDirectory() as folder:
            file = os.path.join(folder, "other.db")
            other = sqlite3.connect(file)
            other.execute("create table runs (something text)")
            other.commit()
            other.close()
            code, err = start_with(f"sqlite:{file}", folder)
            self.assertEqual(code, 1, err)
            self.assertIn(file, err)

    def test_a_file_that_is_read_only(self):
        with tempfile.TemporaryDirectory() as folder:
            file = os.path.join(folder, "ro.db")
            with Server({"database": {"dsn": f"sqlite:{file}"}}):
                pass
            os.chmod(file, 0o400)
            if os.geteuid() == 0:  # root ignores modes: the attribute does not
                if subprocess.run(["chattr", "+i", file], capture_output=True).returncode != 0:
                    self.mounted_read_only(file)
                    return
                self.addCleanup(subprocess.run, ["chattr", "-i", file])
            code, err = start_with(f"sqlite:{file}", folder)
            if os.geteuid() == 0:
                subprocess.run(["chattr", "-i", file], check=True)
            self.assertEqual(code, 1, err)
            self.assertIn(file, err)

    def mounted_read_only(self, file):
        folder = os.path.dirname(file)
        if subprocess.run(["mount", "--bind", folder, folder], capture_output=True).returncode != 0:
            self.skipTest("neither chattr nor mount works here")
        try:
            subprocess.run(["mount", "-o", "remount,bind,ro", folder], check=True)
            with tempfile.TemporaryDirectory() as other:
                code, err = start_with(f"sqlite:{file}", other)
            self.assertEqual(code, 1, err)
            self.assertIn(file, err)
        finally:
            subprocess.run(["umount", folder], check=True)

    def test_a_folder_that_cannot_be_made(self):
        with tempfile.TemporaryDirectory() as folder:
            with open(os.path.join(folder, "file"), "w"):
                pass
            path = os.path.join(folder, "c.yaml")
            with open(path, "w") as out:
                out.write(f"state_dir: {folder}/file/state\n")
            done = subprocess.run([BINARY, "--config", path], capture_output=True, text=True, timeout=30)
            self.assertEqual(done.returncode, 1)
            self.assertIn(f"{folder}/file/state", done.stderr)

    def test_a_second_server_on_the_same_state(self):
        with Server() as server:
            path = os.path.join(server.state_dir, "second.yaml")
            with open(path, "w") as out:
                out.write(f"server: {{port: 0}}\nstate_dir: {server.state_dir}\n")
            done = subprocess.run([BINARY, "--config", path], capture_output=True, text=True, timeout=30)
            self.assertEqual(done.returncode, 1)
            self.assertEqual(server.get("/readyz").status, 200)

    def test_memory(self):
        with Stub() as stub, Server({"database": {"dsn": "memory:"}}) as server:
            run = server.start_run(server.create_workflow(http_step(stub.url + "/x"))["id"], wait="10s")
            self.assertEqual(run["status"], "SUCCEEDED")
            self.assertFalse(os.path.exists(server.state_dir))

    def test_a_database_that_is_taken_away_refuses_new_work(self):
        with Stub() as stub, Server() as server:
            workflow = server.create_workflow(http_step(stub.url + "/x"))
            database = os.path.join(server.state_dir, "orchestrator.db")
            os.rename(database, database + ".aside")
            refused = server.post("/v1/runs", {"workflow_id": workflow["id"]})
            self.assertEqual(refused.status, 503, refused.data)
            self.assertIn(database, refused.json["detail"])
            self.assertEqual(server.get("/readyz").status, 503)
            os.rename(database + ".aside", database)
            run = wait_until(lambda: self.accepted(server, workflow), 30, "new work being taken again").json
            self.assertEqual(server.wait_run(run["id"])["status"], "SUCCEEDED")

    @unittest.skipUnless(os.geteuid() == 0, "needs to mount a small file system")
    def test_a_full_disk_refuses_new_work_and_resumes(self):
        with tempfile.TemporaryDirectory() as folder, contextlib.ExitStack() as stack, Stub() as stub:
            if subprocess.run(["mount", "-t", "tmpfs", "-o", "size=8m", "tmpfs", folder], capture_output=True).returncode != 0:
                self.skipTest("mounting is not allowed here")
            stack.callback(subprocess.run, ["umount", "-l", folder], check=True)
            with Server(state_dir=os.path.join(folder, "state")) as server:
                workflow = server.create_workflow(http_step(stub.url + "/x"))
                kept = server.start_run(workflow["id"], wait="10s")
                ballast = os.path.join(folder, "ballast")
                self.fill(ballast)
                refused = wait_until(lambda: self.refused(server, workflow), 60, "a refusal")
                self.assertEqual(refused.status, 503, refused.data)
                self.assertIn("Retry-After", refused.headers)
                self.assertEqual(server.run(kept["id"])["status"], "SUCCEEDED", "reads go on")
                self.assertEqual(server.get("/healthz").status, 200)
                self.assertEqual(server.get("/readyz").status, 503)
                os.unlink(ballast)
                answer = wait_until(lambda: self.accepted(server, workflow), 30, "new work being taken again")
                self.assertEqual(server.wait_run(answer.json["id"])["status"], "SUCCEEDED")
                self.assertEqual(server.get("/readyz").status, 200)

    @staticmethod
    def fill(path):
        with open(path, "wb", buffering=0) as out:
            try:
                while True:
                    out.write(b"\0" * 4096)
            except OSError:
                pass

    @staticmethod
    def refused(server, workflow):
        answer = server.post("/v1/runs", {"workflow_id": workflow["id"], "context": {"pad": "z" * 100_000}})
        return answer if answer.status != 201 else None

    @staticmethod
    def accepted(server, workflow):
        answer = server.post("/v1/runs", {"workflow_id": workflow["id"]})
        return answer if answer.status == 201 else None


if __name__ == "__main__":
    unittest.main(verbosity=2)
