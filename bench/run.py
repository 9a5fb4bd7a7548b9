"""`./dev bench`: workflows of three sequential HTTP steps against a fast stub, beside the raw ceilings of this machine.

Everything is measured in the same run, on the same disk, by the same client: the stub alone, fdatasync alone, then the server.
"""
import argparse
import http.client
import json
import os
import platform
import resource
import socket
import statistics
import struct
import subprocess
import sys
import tempfile
import time

STEPS = 3
COUNTS = {1: 400, 16: 3000, 64: 6000, 256: 12000}


def run_json(command, **kw):
    return json.loads(subprocess.run(command, check=True, capture_output=True, text=True, **kw).stdout)


class Bench:
    def __init__(self, build, folder, scale, sync_delay_us):
        self.bin, self.folder, self.scale = os.path.join(build, "bin"), folder, scale
        self.sync_file = os.path.join(folder, "syncs")
        self.disk = {**os.environ, "LD_PRELOAD": f"{self.bin}/../lib/libbench_sync_counter.so", "ORC_SYNC_DELAY_US": str(sync_delay_us)}

    def load(self, port, target, count, concurrency, calls, expect, body):
        return run_json([f"{self.bin}/bench_load", str(port), target, str(max(1, int(count * self.scale))), str(concurrency), str(calls), expect],
                        input=json.dumps(body))

    def start_stub(self):
        self.stub = subprocess.Popen([f"{self.bin}/bench_stub"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        return int(self.stub.stdout.readline())

    def launch(self, name):
        config = os.path.join(self.folder, f"{name}.yaml")
        with open(config, "w") as out:
            json.dump({"server": {"port": self.free_port()}, "state_dir": os.path.join(self.folder, name), "log": {"level": "warn"},
                       "egress": {"allow": ["127.0.0.0/8"]}}, out)
        env = {**self.disk, "ORC_SYNC_COUNT": self.sync_file}
        began = time.monotonic()
        server = subprocess.Popen([f"{self.bin}/orchestrator", "-config", config], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, text=True, env=env)
        return server, began

    def free_port(self):
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
            return self.port

    def healthz_ms(self, began):
        """From the start of the process to its first answer."""
        request = b"GET /healthz HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"
        while time.monotonic() - began < 30:
            try:
                with socket.create_connection(("127.0.0.1", self.port), timeout=5) as connection:
                    connection.sendall(request)
                    if b" 200 " in connection.recv(100):
                        return (time.monotonic() - began) * 1000
            except OSError:
                time.sleep(0.0005)
        raise SystemExit("/healthz did not answer")

    def syncs(self):
        with open(self.sync_file, "rb") as count:
            return struct.unpack("<Q", count.read(8))[0]

    def post(self, path, body):
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        connection.request("POST", path, json.dumps(body), {"Content-Type": "application/json"})
        answer = connection.getresponse()
        text = answer.read()
        if answer.status != 201:
            raise SystemExit(f"POST {path}: {answer.status} {text!r}")
        return json.loads(text)


def cpu_seconds(pid):
    return time.clock_gettime((~pid << 3) | 2)  # the process's own CPU clock (clock_getcpuclockid)


def rss_mib(pid):
    with open(f"/proc/{pid}/status") as status:
        return int(next(line for line in status if line.startswith("VmRSS")).split()[1]) / 1024


def measure_start(bench, times):
    """Cold state folders each time; the last server is left running for the measure at rest."""
    first, again, rest = [], [], 0.0
    for i in range(times):
        server, began = bench.launch(f"start{i}")
        first.append(bench.healthz_ms(began))
        server.stdout.readline()
        time.sleep(1)
        rest = max(rest, rss_mib(server.pid))
        server.terminate()
        server.wait()
        server, began = bench.launch(f"start{i}")
        again.append(bench.healthz_ms(began))
        server.terminate()
        server.wait()
    return {"healthz_first_start_ms": round(statistics.median(first), 1), "healthz_again_ms": round(statistics.median(again), 1),
            "rss_at_rest_mib": round(rest, 1)}


def measure_runs(bench, server, stub_port, concurrency):
    workflow = bench.post("/v1/workflows", {"name": "bench", "steps": [
        {"name": f"s{i}", "action": "http", "input": {"method": "POST", "url": f"http://127.0.0.1:{stub_port}/s{i}", "body": {"n": i}}}
        for i in range(STEPS)]})
    body = {"workflow_id": workflow["id"], "context": {"project_id": "default"}}
    target, expect = "/v1/runs?wait=30s", '"status":"SUCCEEDED"'
    bench.load(bench.port, target, COUNTS[concurrency] / 5, concurrency, 1, expect, body)  # warm
    cpu, syncs = cpu_seconds(server.pid), bench.syncs()
    result = bench.load(bench.port, target, COUNTS[concurrency], concurrency, 1, expect, body)
    result["cpu_ms_per_workflow"] = round((cpu_seconds(server.pid) - cpu) * 1000 / result["count"], 3)
    result["fsyncs_per_workflow"] = round((bench.syncs() - syncs) / result["count"], 3)
    result["rss_mib"] = round(rss_mib(server.pid), 1)
    return result


def show(report):
    start, disk = report["start"], report["fdatasync"]
    print(f"\nmachine: {report['machine']}")
    print(f"fdatasync alone: p50 {disk['fdatasync_p50_us']:.0f} µs, p95 {disk['fdatasync_p95_us']:.0f} µs")
    print(f"/healthz after the start: {start['healthz_first_start_ms']} ms with a new state folder, {start['healthz_again_ms']} ms with an old one;"
          f" at rest {start['rss_at_rest_mib']} MiB resident")
    print(f"\n{'':>12} {'workflows/s':>12} {'p50 ms':>8} {'p95 ms':>8} {'p99 ms':>8} {'CPU ms':>8} {'fsyncs':>8} {'RSS MiB':>8}   stub alone: {STEPS} calls/s, p50 ms")
    for concurrency, r in report["runs"].items():
        s = report["stub"][concurrency]
        print(f"{concurrency:>9} at once {r['per_second']:>7.0f} {r['p50_us'] / 1000:>10.2f} {r['p95_us'] / 1000:>8.2f} {r['p99_us'] / 1000:>8.2f}"
              f" {r['cpu_ms_per_workflow']:>8.3f} {r['fsyncs_per_workflow']:>8.3f} {r['rss_mib']:>8.1f}   {s['per_second']:>8.0f} {s['p50_us'] / 1000:>10.2f}")
    floor = report["floor"]
    print(f"\none at a time: the floor ({STEPS + 1} calls and {STEPS + 1} fdatasyncs in turn, nothing else) is {floor['floor_p50_us'] / 1000:.2f} ms;"
          f" p50 is {report['runs'][1]['p50_us'] / floor['floor_p50_us']:.2f} times that")


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--build", required=True)
    parser.add_argument("--scale", type=float, default=1.0, help="multiplies the number of workflows")
    parser.add_argument("--dir", default=None, help="where the state is put: the disk that is measured (default: the build folder)")
    parser.add_argument("--sync-delay-us", type=int, default=0, help="makes every fdatasync take so much longer, as on a slower disk (by spinning: the CPU figures then say nothing)")
    parser.add_argument("--json", default=None, help="also write the figures to this file")
    options = parser.parse_args()
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    with tempfile.TemporaryDirectory(prefix="orchestrator-bench-", dir=options.dir or options.build) as folder:
        bench = Bench(options.build, folder, options.scale, options.sync_delay_us)
        report = {"machine": f"{platform.machine()}, {os.cpu_count()} cores, Linux {platform.release()}"}
        report["fdatasync"] = run_json([f"{bench.bin}/bench_fsync", os.path.join(folder, "probe"), "500"], env=bench.disk)
        report["start"] = measure_start(bench, 5)
        stub_port = bench.start_stub()
        report["stub"] = {c: bench.load(stub_port, "/s0", n, c, STEPS, "ok", {"n": 0}) for c, n in COUNTS.items()}
        server, began = bench.launch("runs")
        bench.healthz_ms(began)
        server.stdout.readline()
        report["runs"] = {}
        try:
            for concurrency in COUNTS:
                if concurrency == 1:  # beside it, in time too
                    report["floor"] = run_json([f"{bench.bin}/bench_floor", str(stub_port), os.path.join(folder, "floor"), "500", str(STEPS)], env=bench.disk)
                report["runs"][concurrency] = measure_runs(bench, server, stub_port, concurrency)
        finally:
            server.terminate()
            server.wait()
            bench.stub.stdin.close()
            bench.stub.wait()
        show(report)
        if options.json:
            with open(options.json, "w") as out:
                json.dump(report, out, indent=1)
    return 0


if __name__ == "__main__":
    sys.exit(main())
