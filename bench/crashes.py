#!/usr/bin/env python3
"""1,000 crashes of an isolated plugin while 1,000 other runs go on: what the others notice. Usage: crashes.py BUILD_FOLDER [CRASHES] [RUNS].

Prints the p50 and p99 of the other runs, alone and beside the crashes, and whether the server's process is the same."""
import os
import shutil
import sys
import tempfile
import threading
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "../tests/support"))
BUILD = sys.argv[1]
os.environ.setdefault("ORC_SERVER", os.path.join(BUILD, "bin/orchestrator"))
from server import Server  # noqa: E402


def percentile(values, part):
    return sorted(values)[min(len(values) - 1, int(len(values) * part))] * 1000


def runs(server, workflow, count, pause=0.0):
    times = []
    for _ in range(count):
        begin = time.monotonic()
        server.start_run(workflow, wait="60s")
        times.append(time.monotonic() - begin)
        time.sleep(pause)
    return times


def main():
    crashes, others = (int(sys.argv[i]) if len(sys.argv) > i else 1000 for i in (2, 3))
    folder = tempfile.mkdtemp(prefix="orc-crashes-")
    for name in ("wild.so", "good_c.so"):
        shutil.copy(os.path.join(BUILD, "tests/plugins", name), folder)
    settings = {"wild": {"restart_delay": "1ms"}, "good_c": {"isolation": "none"}}
    with Server({"plugins": {"path": folder, "settings": settings}, "log": {"level": "error"}}) as server:
        pid = server.pid
        fine = server.create_workflow({"name": "one", "action": "c.echo", "input": {"n": 1}})["id"]
        crash = server.create_workflow({"name": "crash", "action": "wild.crash", "input": {}})["id"]
        runs(server, fine, 100)
        alone = runs(server, fine, others, pause=0.02)
        done = []
        crasher = threading.Thread(target=lambda: done.extend(runs(server, crash, crashes)))
        crasher.start()
        beside = runs(server, fine, others, pause=0.02)
        crasher.join()
        print(f"{len(done)} crashes, {others} other runs; the server's process is {'the same' if server.pid == pid and server.process.poll() is None else 'ANOTHER'}")
        for what, times in (("alone", alone), ("beside the crashes", beside)):
            print(f"  {what}: p50 {percentile(times, 0.5):.2f} ms, p99 {percentile(times, 0.99):.2f} ms")
    shutil.rmtree(folder)


if __name__ == "__main__":
    main()
