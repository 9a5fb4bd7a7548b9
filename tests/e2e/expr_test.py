"""`orchestrator expr`, as somebody would call it from a shell."""
import json
import os
import subprocess
import tempfile
import unittest

from server import BINARY

DATA = os.path.join(os.environ["ORC_SOURCE_DIR"], "tests", "data", "cel")


def run(*arguments):
    done = subprocess.run([BINARY, "expr", *arguments], capture_output=True, text=True, timeout=60)
    return done.returncode, done.stdout.rstrip("\n"), done.stderr


class ExprTest(unittest.TestCase):
    def test_evaluates(self):
        for arguments, wanted in [
            (["1 + 2"], "3"),
            (["items.filter(i, i.price > 10).map(i, i.name)", "--var", 'items=[{"name":"a","price":12},{"name":"b","price":2}]'], '["a"]'),
            (["a + b", "--var", "a=1", "--var", "b=2"], "3"),
            (["duration('90m')"], '"5400s"'),
            (["{'n': null}"], '{"n":null}'),
        ]:
            self.assertEqual(run(*arguments), (0, wanted, ""))

    def test_a_fault_is_shown_in_its_place(self):
        code, out, err = run("1 +\n  sizee([1])")
        self.assertEqual((code, out), (1, ""))
        self.assertIn("line 2, column 3: there is no function sizee() (did you mean size()?)", err)
        self.assertIn("\n    sizee([1])\n    ^ there is no function", err)
        code, out, err = run("a.b", "--var", "a={}")
        self.assertEqual(code, 1)
        self.assertIn('column 1: a: there is no member "b"', err)
        self.assertIn("give it with --var x=JSON", run("x")[2])

    def test_bad_usage(self):
        for arguments, wanted in [
            ([], "an expression or --cases FILE is expected"),
            (["1", "2"], "found two"),
            (["1", "--vra", "a=1"], 'did you mean "--var"?'),
            (["1", "--var"], "--var needs NAME=JSON"),
            (["1", "--var", "a"], "--var needs NAME=JSON, found a"),
            (["1", "--var", "a={"], "--var a:"),
            (["1", "--cases", "x"], "an expression or --cases FILE is expected"),
        ]:
            code, out, err = run(*arguments)
            self.assertEqual((code, out), (2, ""), arguments)
            self.assertIn(wanted, err)
        self.assertEqual(run("--help")[0], 0)

    def test_conformance_files(self):
        for name, total in [("cel-core.json", "814/814"), ("cel-extended.json", "392/392")]:
            code, out, _ = run("--cases", os.path.join(DATA, name))
            self.assertEqual(code, 0)
            self.assertIn(total, out.split("\n")[-1])

    def test_a_case_that_fails_is_named(self):
        cases = {"g": [{"section": "s", "cases": [{"name": "bad", "expr": "1 + 1", "value": {"int64": "3"}}, {"name": "good", "expr": "1", "value": {"int64": "1"}}]}]}
        with tempfile.TemporaryDirectory() as folder:
            path = os.path.join(folder, "cases.json")
            with open(path, "w") as file:
                json.dump(cases, file)
            code, out, _ = run("--cases", path)
            self.assertEqual(code, 1)
            for wanted in ["FAILED g/s/bad", "1 + 1", "expected int 3", "found    int 2", "g              1/2"]:
                self.assertIn(wanted, out)
            exceptions = os.path.join(folder, "except")
            with open(exceptions, "w") as file:
                file.write("g/s/bad # as it is\n")
            code, out, _ = run("--cases", path, "--except", exceptions)
            self.assertEqual(code, 0)
            self.assertIn("1/2, 1 excepted", out)
            self.assertEqual(run("--cases", folder)[0], 1)
            self.assertEqual(run("--cases", os.path.join(folder, "none"))[0], 1)


if __name__ == "__main__":
    unittest.main()
