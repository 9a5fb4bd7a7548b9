"""`cmake --install` gives a tree that can be moved: the program finds its plugins, schemas and templates relative to itself."""
import os
import shutil
import subprocess
import tempfile
import unittest

from server import Server, http_step
from stub import Stub


class InstallTest(unittest.TestCase):
    def test_an_installed_and_moved_tree_works(self):
        with tempfile.TemporaryDirectory() as folder, Stub() as stub:
            first, moved = os.path.join(folder, "first"), os.path.join(folder, "moved here")
            subprocess.run(["cmake", "--install", os.environ["ORC_BINARY_DIR"], "--prefix", first], check=True, stdout=subprocess.DEVNULL)
            shutil.move(first, moved)
            for wanted in ("bin/orchestrator", "share/orchestrator/schema/workflow.schema.json", "share/orchestrator/templates/templates.json",
                           "share/orchestrator/config/orchestrator.yaml", "include/orchestrator/abi.h", "share/doc/orchestrator/LICENSE",
                           "share/doc/orchestrator/docs/http-api.md"):
                self.assertTrue(os.path.exists(os.path.join(moved, wanted)), wanted)
            with Server(binary=os.path.join(moved, "bin/orchestrator")) as server:
                actions = server.get("/v1/actions?limit=500").expect(200)["items"]
                self.assertLessEqual({"http", "ai_router.chat", "scm.call"}, {a["name"] for a in actions})
                with open(f"/proc/{server.pid}/maps") as maps:
                    self.assertIn(f"{moved}/", maps.read())
                self.assertGreaterEqual(len(server.get("/v1/templates").expect(200)["items"]), 8)
                run = server.start_run(server.create_workflow(http_step(stub.url + "/x"))["id"], wait="10s")
                self.assertEqual(run["status"], "SUCCEEDED")


if __name__ == "__main__":
    unittest.main(verbosity=2)
