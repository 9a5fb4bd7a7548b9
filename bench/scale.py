"""`./dev bench --scale`: does a step cost the same in a run of ten and of ten thousand, and what does a run cost that waits?

Everything is measured in one run, on one machine. Figures only: nothing here passes or fails.
"""
import argparse
import http.client
import json
import os
import signal
import socket
import subprocess
import tempfile
import time

SIZES = (10, 100, 1000, 10000)
ENDED = ("SUCCEEDED", "FAILED", "CANCELED", "TIMED_OUT")


class Host:
    """A server of its own, with a stub that answers every call."""

    def __init__(self, build, folder):
        self.bin, self.folder = os.path.join(build, "bin"), folder
        self.stub = subprocess.Popen([f"{self.bin}/bench_stub"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        self.url = f"http://127.0.0.1:{int(self.stub.stdout.readline())}/"
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        self.config = os.path.join(folder, "config.yaml")
        with open(self.config, "w") as out:
            json.dump({"server": {"port": self.port, "max_body_bytes": 64 << 20}, "state_dir": os.path.join(folder, "state"), "log": {"level": "warn"},
                       "egress": {"allow": ["127.0.0.0/8"]}}, out)
        self.connection = None
        self.start()

    def start(self):
        """Seconds until it was ready."""
        began = time.monotonic()
        self.process = subprocess.Popen([f"{self.bin}/orchestrator", "-config", self.config], stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL)
        while True:
            try:
                if self.call("GET", "/readyz")[0] == 200:
                    return time.monotonic() - began
            except OSError:
                self.connection = None
            if self.process.poll() is not None or time.monotonic() - began > 120:
                raise SystemExit("the server does not start")
            time.sleep(0.002)

    def stop(self, how=signal.SIGTERM):
        self.process.send_signal(how)
        self.process.wait(60)
        self.connection = None

    def close(self):
        self.stop()
        self.stub.stdin.close()
        self.stub.wait(10)

    def call(self, method, path, body=None):
        if self.connection is None:
            self.connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=300)
        self.connection.request(method, path, json.dumps(body) if body is not None else None, {"Content-Type": "application/json"})
        answer = self.connection.getresponse()
        text = answer.read()
        return answer.status, json.loads(text) if text and answer.headers.get("Content-Type", "").endswith("json") else None

    def must(self, method, path, body=None):
        status, answer = self.call(method, path, body)
        if status >= 300:
            raise SystemExit(f"{method} {path}: {status} {str(answer)[:500]}")
        return answer

    def memory_bytes(self):
        """Private memory: what is the process's own."""
        with open(f"/proc/{self.process.pid}/smaps_rollup") as rollup:
            return sum(int(line.split()[1]) for line in rollup if line.startswith(("Private_Clean", "Private_Dirty"))) * 1024

    def cpu_s(self):
        with open(f"/proc/{self.process.pid}/stat") as stat:
            fields = stat.read().rsplit(")", 1)[1].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    def ms_per_step(self, workflow, steps, runs):
        """Wall and CPU, of `runs` runs one after the other."""
        made = self.must("POST", "/v1/workflows", workflow)
        began, cpu = time.monotonic(), self.cpu_s()
        for _ in range(runs):
            run = self.must("POST", "/v1/runs?wait=5m", {"workflow_id": made["id"]})
            if run["status"] != "SUCCEEDED":
                raise SystemExit(f"{workflow['name']}: {run['status']} {run['error']}")
        wall = time.monotonic() - began
        return 1000 * wall / (steps * runs), 1000 * (self.cpu_s() - cpu) / (steps * runs)


def http_step(host, name, **more):
    return {"name": name, "action": "http", "input": {"method": "GET", "url": host.url}, **more}


def shapes(host, size):
    yield "sequence of http", {"steps": [http_step(host, f"s{i}") for i in range(size)]}
    yield "sequence of transform", {"steps": [{"name": f"s{i}", "action": "transform", "input": {"expr": f"{i} + 1"}} for i in range(size)]}
    yield "graph, ten abreast", {"steps": [http_step(host, f"s{i}", needs=[f"s{i - 10}"] if i >= 10 else []) for i in range(size)]}
    yield "graph, all at once", {"steps": [http_step(host, f"s{i}", needs=[]) for i in range(size)]}
    yield "for_each of http", {"steps": [http_step(host, "loop", for_each=f"lists.range({size})", concurrency=50)]}
    yield "for_each of transform", {"steps": [{"name": "loop", "action": "transform", "for_each": f"lists.range({size})", "input": {"expr": "item * 2"}}]}
    yield "for_each of workflow.run", {"steps": [{"name": "loop", "action": "workflow.run", "for_each": f"lists.range({size})", "concurrency": 50, "input": {"workflow": "leaf", "context": {"n": "{{ item }}"}}}]}


def measure_steps(host, sizes):
    host.must("POST", "/v1/workflows", {"name": "leaf", "key": "leaf", "steps": [{"name": "t", "action": "transform", "input": {"expr": "context.n"}}]})
    table = {}
    for size in sizes:
        for name, shape in shapes(host, size):
            runs = max(1, min(20, 1000 // size))
            table.setdefault(name, []).append(host.ms_per_step({"name": name, **shape}, size, runs))
    print("ms per step (CPU ms per step), by the number of steps in the run")
    print("| shape | " + " | ".join(f"{size:,}" for size in sizes) + " |\n|---|" + "---|" * len(sizes))
    for name, row in table.items():
        print(f"| {name} | " + " | ".join(f"{wall:.3f} ({cpu:.3f})" for wall, cpu in row) + " |", flush=True)


def percentile(values, part):
    return sorted(values)[min(len(values) - 1, int(part * len(values)))]


def measure_waiting(host, count, kind):
    step = {"name": "w", "action": "wait", "input": {"signal": "go"}} if kind == "signal" else {"name": "w", "action": "transform", "requires_approval": True, "input": {"expr": "1"}}
    made = host.must("POST", "/v1/workflows", {"name": f"waits for {kind}", "steps": [step]})
    before = host.memory_bytes()
    began = time.monotonic()
    load = [f"{host.bin}/bench_load", str(host.port), "/v1/runs", str(count), "64", "1", '"status":"WAITING']
    subprocess.run(load, input=json.dumps({"workflow_id": made["id"]}), text=True, check=True, capture_output=True)
    took = time.monotonic() - began
    time.sleep(1)
    grown = host.memory_bytes() - before
    idle = host.cpu_s()
    time.sleep(5)
    idle = (host.cpu_s() - idle) / 5
    host.stop(signal.SIGKILL)
    ready = host.start()
    fresh = host.memory_bytes()
    ids, cursor = [], ""
    while len(ids) < 300:
        page = host.must("GET", f"/v1/runs?workflow_id={made['id']}&limit=100" + (f"&cursor={cursor}" if cursor else ""))
        ids += [run["id"] for run in page["items"]]
        cursor = page["next_cursor"]
    waking = []
    for run in ids[:300]:
        at = time.monotonic()
        host.must("POST", f"/v1/runs/{run}/" + ("signals/go" if kind == "signal" else "approve"), {} if kind == "signal" else None)
        waking.append(1000 * (time.monotonic() - at))
    print(f"| {kind} | {count:,} | {took:.1f} | {grown / count:.0f} | {100 * idle:.2f} % | {1000 * ready:.0f} | {fresh / 2**20:.1f} | "
          f"{percentile(waking, 0.5):.2f} / {percentile(waking, 0.99):.2f} |", flush=True)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--build", required=True)
    parser.add_argument("--waiting", type=int, default=100_000)
    parser.add_argument("--sizes", type=lambda text: tuple(int(part) for part in text.split(",")), default=SIZES)
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        host = Host(arguments.build, folder)
        try:
            measure_steps(host, arguments.sizes)
            if arguments.waiting:
                print("\nruns that wait\n| for | runs | s to make them | bytes of memory each | CPU when idle | ms from kill -9 and start to ready | MiB then | ms to wake one, p50 / p99 |\n|---|---|---|---|---|---|---|---|")
                for kind in ("signal", "approval"):
                    measure_waiting(host, arguments.waiting, kind)
        finally:
            host.close()


if __name__ == "__main__":
    main()
