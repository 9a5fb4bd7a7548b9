"""The SDK as a third party has it: installed into a prefix, used from folders outside the source tree, with gcc and clang."""
import json
import os
import re
import shutil
import subprocess
import tempfile
import unittest

from server import Server

SOURCE = os.environ["ORC_SOURCE_DIR"]
KITS = os.path.join(SOURCE, "sdk")


class Prefix:
    """One installation for all tests of this file."""
    path = None

    @classmethod
    def get(cls):
        if cls.path is None:
            cls.path = tempfile.mkdtemp(prefix="orc-sdk-")
            subprocess.run(["cmake", "--install", os.environ["ORC_BINARY_DIR"], "--prefix", cls.path], check=True, stdout=subprocess.DEVNULL)
        return cls.path


def tearDownModule():
    if Prefix.path:
        shutil.rmtree(Prefix.path)


def environment(**more):
    prefix = Prefix.get()
    return {**os.environ, "PATH": f"{prefix}/bin:{os.environ['PATH']}", "CMAKE_PREFIX_PATH": prefix,
            "PKG_CONFIG_PATH": f"{prefix}/share/pkgconfig", **more}


def run(command, cwd, **env):
    done = subprocess.run(command, cwd=cwd, env=environment(**env), shell=isinstance(command, str), executable="/bin/bash" if isinstance(command, str) else None,
                          stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, timeout=300, check=False)
    if done.returncode != 0:
        raise AssertionError(f"{command} in {cwd} ended with {done.returncode}:\n{done.stdout[-6000:]}")
    return done.stdout


def build(project, *flags, tests=True, **env):
    """Copies a project of the SDK out of the tree, builds it and runs its tests; the folder."""
    folder = tempfile.mkdtemp(prefix="orc-plugin-")
    shutil.copytree(os.path.join(KITS, project), folder, dirs_exist_ok=True)
    run(["cmake", "-B", "build", *flags], folder, **env)
    run(["cmake", "--build", "build"], folder, **env)
    if tests:
        run(["ctest", "--test-dir", "build", "--output-on-failure"], folder, **env)
    return folder


def server_with(plugins, settings=None):
    return Server({"plugins": {"path": plugins, "settings": settings or {}}}, binary=os.path.join(Prefix.get(), "bin/orchestrator"))


class Folders(unittest.TestCase):
    def setUp(self):
        self._folders = []

    def tearDown(self):
        for folder in self._folders:
            shutil.rmtree(folder, ignore_errors=True)

    def keep(self, folder):
        self._folders.append(folder)
        return folder

    def run_step(self, server, action, step_input):
        workflow = server.create_workflow({"name": "step", "action": action, "input": step_input})
        run_ = server.start_run(workflow["id"], wait="20s")
        return run_["steps"][0]


def blocks(text):
    """(kind, name, body) of every marked block of a page, in order."""
    for kind, name, body in re.findall(r"<!-- (file|run)(?:: (\S+))? -->\n```\w*\n(.*?)```", text, re.S):
        yield kind, name, body


class TutorialTest(Folders):
    def test_followed_word_by_word_it_gives_a_running_step(self):
        with open(os.path.join(SOURCE, "docs/plugins/tutorial.md")) as page:
            text = page.read()
        self.assertEqual(len(re.findall(r"^```\w+$", text, re.M)), len(list(blocks(text))), "a block of the tutorial is not marked, so it is not tested")
        folder = self.keep(tempfile.mkdtemp(prefix="orc-tutorial-"))
        port = str(free_port())
        script = ["set -euo pipefail", "set -m"]
        for kind, name, body in blocks(text):
            body = body.replace("8100", port)
            if kind == "file":
                script.append(f"mkdir -p $(dirname {name}) && cat > {name} <<'END_OF_FILE'\n{body}END_OF_FILE")
            else:
                script.append(body)
        output = run("\n".join(script), folder)
        self.assertIn('"output":{"text":"Good morning, Ada!"}', output)
        self.assertIn("11 passed, 0 failed", output + run(["orchestrator-plugin-check", "--examples", "examples", "build/greet.so"], folder))


def free_port():
    import socket
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class TemplateTest(Folders):
    def check(self, *flags, **env):
        folder = self.keep(build("template", *flags, **env))
        with server_with(os.path.join(folder, "build"), {"greet": {"config": {"greeting": "Good morning"}}}) as server:
            step = self.run_step(server, "greet.hello", {"name": "Ada"})
            self.assertEqual(step["output"], {"text": "Good morning, Ada!"}, step)
            action = server.get("/v1/actions/greet.hello").expect(200)
            self.assertEqual(action["plugin"]["version"], "1.0.0")
        return folder

    def test_built_by_gcc_and_packed_as_deb(self):
        folder = self.check(CXX="g++")
        run(["cpack", "--config", "build/CPackConfig.cmake"], folder)
        package = [name for name in os.listdir(folder) if name.endswith(".deb")]
        self.assertEqual(len(package), 1)
        listing = run(["dpkg-deb", "-c", package[0]], folder)
        self.assertRegex(listing, r"\./usr/lib/(x86_64-linux-gnu/)?orchestrator/plugins\.d/greet\.so")
        self.assertIn("libc6", run(["dpkg-deb", "-f", package[0], "Depends"], folder))

    def test_built_by_clang(self):
        if not shutil.which("clang++"):
            self.skipTest("clang++ is not installed")
        self.check(CXX="clang++")

    def test_built_by_clang_with_libcpp(self):
        if not shutil.which("clang++") or subprocess.run("echo '#include <string>' | clang++ -stdlib=libc++ -x c++ -fsyntax-only -", shell=True, check=False,
                                                         stderr=subprocess.DEVNULL).returncode != 0:
            self.skipTest("clang++ with libc++ is not installed")
        folder = self.check("-DCMAKE_CXX_FLAGS=-stdlib=libc++", CXX="clang++")
        self.assertIn("libc++", run(["ldd", "build/greet.so"], folder))

    def test_built_with_the_old_abi_of_libstdcpp(self):
        self.check("-DCMAKE_CXX_FLAGS=-D_GLIBCXX_USE_CXX11_ABI=0", CXX="g++")

    def test_installed_it_lies_where_the_server_looks(self):
        folder = self.keep(build("template", tests=False))
        prefix = self.keep(tempfile.mkdtemp(prefix="orc-own-"))
        shutil.copytree(Prefix.get(), prefix, dirs_exist_ok=True)
        run(["cmake", "--install", "build", "--prefix", prefix], folder)
        with Server(binary=os.path.join(prefix, "bin/orchestrator")) as server:
            self.assertEqual(self.run_step(server, "greet.hello", {"name": "Ada"})["output"], {"text": "Hello, Ada!"})
            self.assertEqual(server.get("/v1/actions/http").expect(200)["plugin"]["name"], "http")


class OtherLanguagesTest(Folders):
    def compile_and_run(self, command, file, action, step_input, output, examples):
        folder = self.keep(tempfile.mkdtemp(prefix="orc-plugin-"))
        run(command, folder)
        checked = json.loads(run(["orchestrator-plugin-check", "--json", "--examples", examples, file], folder))
        self.assertEqual((checked["passed"], checked["failed"]), (11, 0), checked)
        with server_with(folder) as server:
            self.assertEqual(self.run_step(server, action, step_input)["output"], output)

    def test_plain_c(self):
        source = os.path.join(KITS, "examples/plain_c")
        for compiler in filter(shutil.which, ("gcc", "clang")):
            with self.subTest(compiler):
                # The input of a step is an object or, by this schema, a text that an expression gives.
                command = (f"{compiler} -std=c11 -Wall -Wextra -Werror -fPIC -fvisibility=hidden $(pkg-config --cflags orchestrator-sdk) "
                           f"{source}/reverse.c -o reverse.so $(pkg-config --libs orchestrator-sdk)")
                folder = self.keep(tempfile.mkdtemp(prefix="orc-plugin-"))
                run(command, folder)
                checked = json.loads(run(["orchestrator-plugin-check", "--json", "--examples", f"{source}/examples", "reverse.so"], folder))
                self.assertEqual((checked["passed"], checked["failed"]), (11, 0), checked)

    def test_rust(self):
        if not shutil.which("rustc"):
            self.skipTest("rustc is not installed")
        source = os.path.join(KITS, "examples/rust")
        self.compile_and_run(f"rustc --edition 2021 --crate-type cdylib -O -C panic=abort --crate-name count {source}/src/lib.rs", "libcount.so",
                             "text.count", {"a": 1}, {"bytes": 7}, f"{source}/examples")


class SmtpStub:
    """Takes mails as a server would, one connection after the other."""

    def __enter__(self):
        import socket
        import threading
        self.mails, self._socket = [], socket.create_server(("127.0.0.1", 0))
        self.port = self._socket.getsockname()[1]
        threading.Thread(target=self._serve, daemon=True).start()
        return self

    def __exit__(self, *_):
        self._socket.close()

    def _serve(self):
        while True:
            try:
                connection, _ = self._socket.accept()
            except OSError:
                return
            with connection, connection.makefile("rwb") as stream:
                self._talk(stream)

    def _talk(self, stream):
        def say(line):
            stream.write(line.encode() + b"\r\n")
            stream.flush()
        mail = {"to": [], "data": b""}
        say("220 stub")
        for line in stream:
            word = line.strip().upper()
            if word.startswith(b"RCPT TO:"):
                mail["to"].append(line.strip()[8:].decode())
                say("450 later" if b"busy@" in line else "250 ok")
            elif word == b"DATA":
                say("354 go on")
                for data in iter(stream.readline, b".\r\n"):
                    mail["data"] += data
                self.mails.append(mail)
                say("250 taken")
            elif word == b"QUIT":
                say("221 bye")
                return
            else:
                say("250 ok")


class ExamplesTest(Folders):
    """The worked examples, built by both compilers, then in a server: each in a process of its own."""

    def built(self, name):
        folder = None
        for compiler in ("g++", "clang++"):
            if shutil.which(compiler):
                folder = self.keep(build(f"examples/{name}", CXX=compiler))
        return os.path.join(folder, "build")

    def test_shell_run(self):
        allow = {"allow": ["/bin/echo", "/bin/sleep"]}
        plugin = self.built("shell_run")
        with server_with(plugin, {"shell_run": {"programs": True, "config": allow}}) as server:
            step = self.run_step(server, "shell.run", {"command": "/bin/echo", "args": ["a b", "$HOME; true"]})
            self.assertEqual(step["output"]["stdout"], "a b $HOME; true\n", step)
            self.assertEqual(self.run_step(server, "shell.run", {"command": "/bin/rm"})["error_detail"]["code"], "command_not_allowed")
            workflow = server.create_workflow({"name": "long", "action": "shell.run", "input": {"command": "/bin/sleep", "args": ["1000"]}})
            started = server.start_run(workflow["id"])
            server.wait_run(started["id"], ("RUNNING",))
            server.post(f"/v1/runs/{started['id']}/cancel").expect(200, 202)
            self.assertEqual(server.wait_run(started["id"])["status"], "CANCELED")
        with server_with(plugin, {"shell_run": {"config": allow}}) as server:
            step = self.run_step(server, "shell.run", {"command": "/bin/echo"})
            self.assertEqual(step["status"], "FAILED")
            self.assertIn("plugins.settings.shell_run.programs must be true", step["error"])

    def test_transform_jq(self):
        limits = {"processes": 2, "attempts_per_process": 1, "memory": "128MiB", "stop_grace": "100ms", "restart_delay": "50ms"}
        with server_with(self.built("transform_jq"), {"transform_jq": limits}) as server:
            self.assertEqual(self.run_step(server, "transform.jq", {"program": "[.[] | . + 1]", "input": [1, 2]})["output"], [2, 3])
            endless = server.create_workflow({"name": "endless", "action": "transform.jq", "input": {"program": "def f: f; f"}, "timeout_ms": 300})
            started = server.start_run(endless["id"])
            self.assertEqual(self.run_step(server, "transform.jq", {"program": ".a", "input": {"a": 7}})["output"], 7)
            self.assertEqual(server.wait_run(started["id"])["steps"][0]["error_detail"]["code"], "timeout")
            greedy = self.run_step(server, "transform.jq", {"program": "[range(1e9)] | length"})
            self.assertEqual(greedy["error_detail"]["code"], "plugin_crashed", greedy)
            self.assertEqual(self.run_step(server, "transform.jq", {"program": "1"})["output"], 1)

    def test_smtp_send(self):
        with SmtpStub() as mail_server:
            config = {"url": f"smtp://127.0.0.1:{mail_server.port}", "from": "orc@example.com", "tls": "none"}
            plugin = self.built("smtp_send")
            with server_with(plugin, {"smtp_send": {"network": True, "config": config}}) as server:
                step = self.run_step(server, "smtp.send", {"to": ["ada@example.com"], "bcc": ["bob@example.com"], "subject": "H\u00e9llo", "text": "Hi.\n.\n"})
                self.assertEqual(step["status"], "SUCCEEDED", step)
                self.assertEqual(mail_server.mails[0]["to"], ["<ada@example.com>", "<bob@example.com>"])
                self.assertIn(b"Subject: =?UTF-8?B?SMOpbGxv?=", mail_server.mails[0]["data"])
                self.assertNotIn(b"bob", mail_server.mails[0]["data"])
                busy = self.run_step(server, "smtp.send", {"to": ["busy@example.com"], "subject": "x", "text": "y"})
                self.assertEqual(busy["error_detail"]["code"], "smtp_status")
            with server_with(plugin, {"smtp_send": {"config": config}}) as server:
                step = self.run_step(server, "smtp.send", {"to": ["ada@example.com"], "subject": "x", "text": "y"})
                self.assertEqual(step["error_detail"]["code"], "network", "a plugin without the network must not reach anybody")
                self.assertEqual(len(mail_server.mails), 1)


if __name__ == "__main__":
    unittest.main(verbosity=2)
