"""Starts the real server for tests: a free port, a state folder of its own, and calls to its API.

    with Server({"egress": {"allow": ["127.0.0.0/8"]}}) as server:
        workflow = server.post("/v1/workflows", {...}).expect(201)
"""
import http.client
import json
import os
import shutil
import signal
import socket
import subprocess
import tempfile
import threading
import time

BINARY = os.environ.get("ORC_SERVER", "build/dev/bin/orchestrator")
TERMINAL = ("SUCCEEDED", "FAILED", "CANCELED", "TIMED_OUT")
LOOPBACK = {"egress": {"allow": ["127.0.0.0/8"]}}


def wait_until(condition, timeout=30, what="the condition", every=0.02):
    """The first true value of `condition()`; fails after `timeout` seconds."""
    deadline = time.monotonic() + timeout
    while True:
        value = condition()
        if value:
            return value
        if time.monotonic() > deadline:
            raise AssertionError(f"{what} did not come true within {timeout} s")
        time.sleep(every)


class Answer:
    def __init__(self, status, headers, data):
        self.status, self.headers, self.data = status, headers, data

    @property
    def json(self):
        return json.loads(self.data)

    def expect(self, *statuses):
        if self.status not in statuses:
            raise AssertionError(f"status {self.status}, expected {statuses}: {self.data[:2000]!r}")
        return self.json if self.data and "json" in self.headers.get("Content-Type", "") else self.data


class SseEvent:
    def __init__(self):
        self.id, self.event, self.data = None, "message", []

    @property
    def text(self):
        return "\n".join(self.data)


def read_sse(stream):
    """Events of a text/event-stream until it ends."""
    event, empty = SseEvent(), True
    for raw in stream:
        line = raw.decode().rstrip("\r\n")
        if line == "":
            if not empty:
                yield event
            event, empty = SseEvent(), True
        elif not line.startswith(":"):
            name, _, value = line.partition(":")
            value = value[1:] if value.startswith(" ") else value
            empty = empty and name != "data"  # without data there is nothing to dispatch
            if name == "data":
                event.data.append(value)
            elif name == "id":
                event.id = value
            elif name == "event":
                event.event = value


def merge(base, extra):
    out = dict(base)
    for key, value in extra.items():
        out[key] = merge(out[key], value) if isinstance(value, dict) and isinstance(out.get(key), dict) else value
    return out


class Server:
    def __init__(self, config=None, state_dir=None, env=None, start=True, binary=None, wrapper=()):
        self.binary, self.wrapper = binary or BINARY, list(wrapper)
        self._own_dir = tempfile.mkdtemp(prefix="orc-e2e-")
        self.state_dir = state_dir or os.path.join(self._own_dir, "state")
        self.env, self.process, self.port = env or {}, None, None
        self._local, self._open = threading.local(), []
        self.log_path = os.path.join(self._own_dir, "server.log")
        self.config_path = os.path.join(self._own_dir, "config.yaml")
        self.configure(config or {})
        if start:
            self.start()

    def configure(self, config):
        base = merge({"server": {"port": 0}, "state_dir": self.state_dir}, LOOPBACK)
        self.config = merge(base, config)
        with open(self.config_path, "w") as out:
            json.dump(self.config, out, indent=1)  # JSON is YAML

    def launch(self):
        """Starts the process without waiting for it to be ready."""
        self._hang_up()
        self._log = open(self.log_path, "ab")
        self.process = subprocess.Popen(self.wrapper + [self.binary, "-config", self.config_path], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                                        stderr=self._log, env={**os.environ, **self.env})
        self._log.close()

    def start(self, timeout=30):
        self.launch()
        timer = threading.Timer(timeout, self.process.kill)
        timer.start()
        line = self.process.stdout.readline().decode()
        timer.cancel()
        if "http://" not in line:
            self.process.kill()
            self.process.wait()
            raise AssertionError(f"the server did not start: {line!r}\n{self.log()[-4000:]}")
        self.port = int(line.rsplit(":", 1)[1].strip().rstrip("/"))
        self.url = f"http://127.0.0.1:{self.port}"
        wait_until(lambda: self.get("/readyz").status == 200, timeout, "/readyz")
        return self

    @property
    def pid(self):
        return self.process.pid

    def log(self):
        with open(self.log_path, errors="replace") as text:
            return text.read()

    def kill(self):
        """kill -9."""
        self.process.kill()
        self.process.wait()
        self.process.stdout.close()

    def stop(self, timeout=30):
        """SIGTERM; its exit code."""
        if self.process is None or self.process.poll() is not None:
            return self.process.returncode if self.process else None
        self.process.send_signal(signal.SIGTERM)
        try:
            code = self.process.wait(timeout)
        except subprocess.TimeoutExpired:
            self.kill()
            raise AssertionError(f"the server did not end within {timeout} s\n{self.log()[-4000:]}") from None
        self.process.stdout.close()
        return code

    def _hang_up(self):
        """Closes what this object holds open to a server that is no more."""
        for connection in self._open:
            connection.close()
        self._local, self._open = threading.local(), []

    def close(self):
        try:
            self.stop()
        finally:
            self._hang_up()
            shutil.rmtree(self._own_dir, ignore_errors=True)

    def __enter__(self):
        return self

    def __exit__(self, kind, *_):
        if kind is not None:
            print(f"--- log of the server ---\n{self.log()[-6000:]}")
        self.close()

    # The API.

    def call(self, method, path, body=None, headers=None, timeout=60):
        """One request over this thread's own kept connection."""
        data, headers = body, dict(headers or {})
        if body is not None and not isinstance(body, (bytes, str)):
            data = json.dumps(body)
            headers.setdefault("Content-Type", "application/json")
        for attempt in (1, 2):
            connection = getattr(self._local, "connection", None)
            fresh = connection is None
            if fresh:
                connection = self._local.connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=timeout)
                self._open.append(connection)
            try:
                connection.request(method, path, body=data, headers=headers)
                response = connection.getresponse()
                return Answer(response.status, response.headers, response.read())
            except (http.client.HTTPException, OSError):
                connection.close()
                self._local.connection = None
                if fresh or attempt == 2:
                    raise

    def get(self, path, **kw):
        return self.call("GET", path, **kw)

    def post(self, path, body=None, **kw):
        return self.call("POST", path, body, **kw)

    def put(self, path, body=None, **kw):
        return self.call("PUT", path, body, **kw)

    def delete(self, path, **kw):
        return self.call("DELETE", path, **kw)

    def create_workflow(self, *steps, name="test", **fields):
        return self.post("/v1/workflows", {"name": name, "steps": list(steps), **fields}).expect(201)

    def start_run(self, workflow_id, context=None, wait=None, **fields):
        path = "/v1/runs" + (f"?wait={wait}" if wait else "")
        return self.post(path, {"workflow_id": workflow_id, "context": context or {}, **fields}).expect(201)

    def run(self, run_id):
        return self.get(f"/v1/runs/{run_id}").expect(200)

    def wait_run(self, run_id, statuses=TERMINAL, timeout=30):
        def reached():
            run = self.run(run_id)
            return run if run["status"] in statuses else None
        return wait_until(reached, timeout, f"run {run_id} in {statuses}")

    def stream(self, path, last_id=None, timeout=30):
        """An open SSE answer; iterate read_sse over it, and close it."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=timeout)
        headers = {"Accept": "text/event-stream"}
        if last_id is not None:
            headers["Last-Event-ID"] = str(last_id)
        connection.request("GET", path, headers=headers)
        response = connection.getresponse()
        if response.status != 200:
            raise AssertionError(f"status {response.status}: {response.read()!r}")
        self._open.append(response)
        return response

    # What the system says of the process.

    def threads(self):
        return len(os.listdir(f"/proc/{self.pid}/task"))

    def rss_kib(self):
        with open(f"/proc/{self.pid}/status") as status:
            return int(next(line for line in status if line.startswith("VmRSS")).split()[1])


def http_step(url, name="call", **fields):
    return {"name": name, "action": "http", "input": {"method": "POST", "url": url, "body": {"n": 1}}, **fields}


def raw_request(port, data, timeout=10):
    """Sends bytes as they are; everything that comes back until the far side closes or is silent."""
    with socket.create_connection(("127.0.0.1", port), timeout=timeout) as connection:
        connection.sendall(data)
        out = b""
        try:
            while chunk := connection.recv(65536):
                out += chunk
        except TimeoutError:
            pass
        return out
