"""The README's curl examples, run as they stand (the address replaced, ids filled in from the answers)."""
import json
import os
import re
import subprocess
import unittest

from server import Server


def tested_commands(text):
    """The curl commands of the block that is marked as tested."""
    block = text.split("<!-- tested:", 1)[1].split("```bash\n", 1)[1].split("```", 1)[0]
    return [command.strip() for command in re.split(r"\n(?=curl )", block) if command.strip()]


class ReadmeTest(unittest.TestCase):
    def test_every_example_works(self):
        with open(os.path.join(os.environ["ORC_SOURCE_DIR"], "README.md")) as readme:
            commands = tested_commands(readme.read())
        self.assertGreaterEqual(len(commands), 7)
        ids, answers = {}, []
        with Server() as server:
            for command in commands:
                for name, value in ids.items():
                    command = command.replace(name, value)
                if "/approve" in command:
                    server.wait_run(ids["RUN_ID"], ("WAITING_APPROVAL",))
                done = subprocess.run(["bash", "-c", command.replace("http://127.0.0.1:8100", server.url)], capture_output=True, text=True, timeout=30)
                self.assertEqual(done.returncode, 0, done.stderr)
                answers.append(done.stdout)
                made = re.search(r'"id":"((wf|run)_[^"]+)"', done.stdout)
                if made:
                    ids.setdefault("WORKFLOW_ID" if made.group(2) == "wf" else "RUN_ID", made.group(1))
        ended = json.loads(answers[4])
        self.assertEqual(ended["status"], "SUCCEEDED", ended)
        self.assertEqual(ended["context"]["greeting"], "hello world")
        self.assertIn("data: a line of my own", answers[6])
        self.assertIn("event: end", answers[6])


if __name__ == "__main__":
    unittest.main(verbosity=2)
