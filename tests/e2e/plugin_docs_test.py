"""Every code block of docs/plugins compiles, parses or runs (the tutorial: sdk_test.py follows it)."""
import json
import os
import re
import shutil
import subprocess
import tempfile
import unittest

SOURCE = os.environ["ORC_SOURCE_DIR"]
PAGES = os.path.join(SOURCE, "docs/plugins")
COMPILERS = {"cpp": [("g++", "c++", "-std=c++17"), ("clang++", "c++", "-std=c++20")], "c": [("gcc", "c", "-std=c11"), ("clang", "c", "-std=c11")]}


def blocks():
    for page in sorted(os.listdir(PAGES)):
        if page.endswith(".md"):
            with open(os.path.join(PAGES, page)) as text:
                for number, (language, body) in enumerate(re.findall(r"^```(\w+)\n(.*?)^```", text.read(), re.S | re.M)):
                    yield f"{page} block {number}", language, body


class PluginDocsTest(unittest.TestCase):
    def judge(self, command, text):
        done = subprocess.run(command, input=text, text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False, timeout=120)
        self.assertEqual(done.returncode, 0, done.stdout[-3000:])

    def test_every_block(self):
        counts = {}
        for name, language, body in blocks():
            counts[language] = counts.get(language, 0) + 1
            with self.subTest(name):
                if language in COMPILERS:
                    for compiler, kind, standard in COMPILERS[language]:
                        if shutil.which(compiler):
                            self.judge([compiler, "-x", kind, standard, "-Wall", "-Wextra", "-Werror", "-fsyntax-only", f"-I{SOURCE}/sdk/include", "-"], body)
                elif language == "json":
                    json.loads(body)
                elif language == "yaml":
                    with tempfile.TemporaryDirectory() as folder:
                        os.mkdir(os.path.join(folder, "build"))
                        with open(os.path.join(folder, "c.yaml"), "w") as config:
                            config.write(body)
                        done = subprocess.run([os.environ["ORC_SERVER"], "--config", "c.yaml", "--check-config"], cwd=folder, capture_output=True, text=True, check=False)
                        self.assertEqual(done.returncode, 0, done.stderr)
                elif language == "bash":
                    self.judge(["bash", "-n"], body)
                elif language == "cmake":
                    self.assertEqual(body.count("("), body.count(")"))  # built whole by sdk_test.py, from the tutorial and the template
                else:
                    self.fail(f"a block of {language} is not tested")
        self.assertGreaterEqual(counts["cpp"], 5)
        self.assertGreaterEqual(counts["yaml"], 2)

    def test_the_reference_is_made_from_the_headers(self):
        if not shutil.which("doxygen"):
            self.skipTest("doxygen is not installed")
        done = subprocess.run(["doxygen", "docs/plugins/Doxyfile"], cwd=SOURCE, capture_output=True, text=True, check=False, timeout=120)
        self.assertEqual((done.returncode, done.stderr), (0, ""))
        with open(os.path.join(SOURCE, "build/plugin-reference/html/structorc__host.html")) as page:
            self.assertIn("a line of the run", page.read())


if __name__ == "__main__":
    unittest.main(verbosity=2)
