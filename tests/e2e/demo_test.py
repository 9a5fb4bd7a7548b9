"""`./dev run --once`: the demo's own script, to its end."""
import os
import subprocess
import sys
import unittest

from server import BINARY


class DemoTest(unittest.TestCase):
    def test_the_demo_runs_to_its_end(self):
        script = os.path.join(os.environ["ORC_SOURCE_DIR"], "demo/run.py")
        done = subprocess.run([sys.executable, "-B", script, "--server", BINARY, "--once"], capture_output=True, text=True, timeout=100)
        print(done.stdout)
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
        self.assertEqual(done.stdout.count("  run SUCCEEDED"), 2)
        self.assertIn("You said: hello", done.stdout)
        self.assertIn("somebody must agree", done.stdout)
        self.assertIn("memarch and audit_log were sent 22 events", done.stdout)


if __name__ == "__main__":
    unittest.main(verbosity=2)
