"""Every kind of mistake in a configuration and on the command line, as a person would meet it."""
import os
import signal
import subprocess
import tempfile
import unittest

from server import BINARY, Server, wait_until

CASES = {  # file text: (line:column, a part of the message)
    "server:\n  prot: 1\n": ("2:3", 'did you mean "port"?'),
    "sever:\n  port: 1\n": ("1:1", 'did you mean "server"?'),
    "server:\n  port: 99999\n": ("2:3", "server.port"),
    "server:\n  port: eighty\n": ("2:3", "server.port"),
    "server: [1, 2\n": ("", "not readable as YAML"),
    "a: b: c\n": ("1:5", "not readable as YAML"),
    "log:\n  level: info\n  level: warn\n": ("3:3", "twice"),
    "database:\n  dsn: postgres://o:o@localhost:5432/o?sslmode=off\n": ("2:8", 'sslmode is "off", expected one of disable'),
    "database:\n  dsn: ${ORC_NO_SUCH_VARIABLE}\n": ("2:8", "ORC_NO_SUCH_VARIABLE is not set"),
    "memarch:\n  base_url: ftp://memarch\n": ("2:3", "memarch.base_url"),
    "audit_log:\n  timeout: soon\n": ("2:3", "audit_log.timeout"),
    "policy:\n  require_approval: maybe\n": ("2:3", "policy.require_approval"),
    "policy:\n  workflow_schema: \"/etc/x.json\n": ("2:20", "never closed"),
    "a: &a [1]\nb: *c\n": ("2:4", "not readable as YAML"),
    "---\nserver: {}\n---\nserver: {}\n": ("4:1", "second document"),
    "just text\n": ("1:1", "object"),
    "secrets:\n  api-token: {env: X}\n": ("2:3", "letters, digits and _"),
    "secrets:\n  token: {flie: /x}\n": ("2:11", 'did you mean "file"?'),
}


def check(text, *flags, environment=None):
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "config.yaml")
        with open(path, "w") as out:
            out.write(text)
        done = subprocess.run([BINARY, "--config", path, "--check-config", *flags], capture_output=True, text=True, timeout=20,
                              env={**os.environ, **(environment or {})})
        return done.returncode, done.stderr.replace(path, "F"), done.stdout


class ConfigTest(unittest.TestCase):
    def test_each_kind_of_mistake(self):
        for text, (place, part) in CASES.items():
            with self.subTest(text=text):
                code, err, _ = check(text)
                self.assertEqual(code, 3, err)
                self.assertIn(f"F:{place}", err)
                self.assertIn(part, err)

    def test_all_mistakes_at_once(self):
        code, err, _ = check("server:\n  prot: 1\n  workers: none\nlogs: {}\n")
        self.assertEqual(code, 3)
        self.assertEqual([line.split(": ")[0] for line in err.splitlines()[:3]], ["F:2:3", "F:3:3", "F:4:1"])

    def test_an_alias_bomb_ends_at_once(self):
        bomb = "a0: &a0 [x,x,x,x,x,x,x,x,x,x]\n" + "".join(f"a{i}: &a{i} [{','.join([f'*a{i-1}'] * 10)}]\n" for i in range(1, 12))
        code, err, _ = check(bomb)
        self.assertEqual(code, 3)
        self.assertIn("more than", err)

    def test_a_secret_that_is_not_there_is_a_warning(self):
        code, err, out = check("secrets:\n  token: {env: ORC_NO_SUCH_VARIABLE}\n  key: {file: /nowhere}\n  good: {env: HOME_OF_TEST}\n",
                               environment={"HOME_OF_TEST": "long enough"})
        self.assertEqual((code, out.endswith(": ok\n")), (0, True), err)
        self.assertEqual([line.split(": ")[0:2] for line in err.splitlines()], [["F:2:3", "secrets.token"], ["F:3:3", "secrets.key"]])
        self.assertIn("ORC_NO_SUCH_VARIABLE is not set; steps that name the secret fail until it is there (warning)", err)

    def test_a_value_in_the_place_of_a_secret_is_not_quoted(self):
        code, err, _ = check("secrets:\n  token: hunter2hunter2\n")
        self.assertEqual(code, 3)
        self.assertIn("F:2:3: secrets.token: must be {env: VARIABLE}", err)
        self.assertNotIn("hunter2", err)

    def test_a_good_one(self):
        code, err, out = check("server:\n  port: ${P:-8100}\nmemarch: {base_url: '${M:-}'}\n", environment={"P": "9000"})
        self.assertEqual((code, err), (0, ""))
        self.assertIn("ok", out)

    def test_a_workflow_schema_that_is_not_there(self):
        code, err, _ = check("policy: {workflow_schema: /nowhere/w.json}\n")
        self.assertEqual(code, 3)
        self.assertIn("/nowhere/w.json", err)

    def test_the_files_that_are_installed_are_good(self):
        folder = os.path.join(os.environ["ORC_SOURCE_DIR"], "config")
        for name in os.listdir(folder):
            if name.endswith(".yaml"):
                with open(os.path.join(folder, name)) as text:
                    code, err, _ = check(text.read())
                    self.assertEqual((code, err), (0, ""), name)

    def test_flags(self):
        def run(*arguments):
            done = subprocess.run([BINARY, *arguments], capture_output=True, text=True, timeout=20)
            return done.returncode, done.stdout + done.stderr
        self.assertRegex(run("--version")[1], r"^orchestrator \d+\.\d+\.\d+\n$")
        self.assertEqual(run("-version")[0], 0)
        self.assertEqual(run("--help")[0], 0)
        code, text = run("--confg", "x")
        self.assertEqual(code, 2)
        self.assertIn('did you mean "--config"?', text)
        code, text = run("--config", "/nowhere.yaml")
        self.assertEqual(code, 3)
        self.assertIn("/nowhere.yaml: No such file or directory", text)

    def test_too_few_open_files(self):
        with tempfile.TemporaryDirectory() as folder:
            path = os.path.join(folder, "c.yaml")
            with open(path, "w") as out:
                out.write(f"server: {{port: 0}}\nstate_dir: {folder}/state\n")
            done = subprocess.run(["prlimit", "--nofile=64:64", BINARY, "--config", path], capture_output=True, text=True, timeout=20)
        self.assertEqual(done.returncode, 1)
        self.assertIn("64 files at once, expected at least 128", done.stderr)

    def test_pipes_that_nobody_writes_or_reads(self):
        with tempfile.TemporaryDirectory() as folder:
            pipe = os.path.join(folder, "pipe")
            os.mkfifo(pipe)
            done = subprocess.run([BINARY, "--config", pipe, "--check-config"], capture_output=True, text=True, timeout=20)
            self.assertEqual((done.returncode, done.stderr), (3, f"orchestrator: {pipe} is not a regular file\n"))
            with Server() as server:
                server.configure({"log": {"file": pipe}})
                os.kill(server.pid, signal.SIGHUP)
                wait_until(lambda: "a pipe that nobody reads" in server.log(), what="the refusal")
                self.assertEqual(server.stop(), 0)

    def test_an_address_that_is_taken(self):
        with Server() as server:
            with tempfile.TemporaryDirectory() as folder:
                path = os.path.join(folder, "c.yaml")
                with open(path, "w") as out:
                    out.write(f"server: {{port: {server.port}}}\nstate_dir: {folder}/state\n")
                done = subprocess.run([BINARY, "--config", path], capture_output=True, text=True, timeout=20)
                self.assertEqual(done.returncode, 1)
                self.assertIn(str(server.port), done.stderr)

    def test_a_plugin_that_is_none_leaves_a_line_and_the_others_work(self):
        with tempfile.TemporaryDirectory() as folder:
            with open(os.path.join(folder, "broken.so"), "w") as out:
                out.write("this is not a library")
            good = os.path.join(os.environ["ORC_BINARY_DIR"], "lib/orchestrator/plugins")
            with Server({"plugins": {"path": [folder, good]}}) as server:
                self.assertIn("broken.so", server.log())
                names = {a["name"] for a in server.get("/v1/actions?limit=500").expect(200)["items"]}
                self.assertLessEqual({"http", "ai_router.chat", "web.search", "web.extract", "memarch.store_fact", "memarch.search", "scm.call",
                                      "transform", "condition"}, names)


if __name__ == "__main__":
    unittest.main(verbosity=2)
