"""kill -9 with 200 runs in flight, again and again: all finish, none is lost, no completed step is called again.

ORC_CRASH_ROUNDS (default 20) says how often.
"""
import bisect
import concurrent.futures
import os
import random
import unittest

from server import TERMINAL, Server, http_step, wait_until
from stub import Reply, Stub

ROUNDS = int(os.environ.get("ORC_CRASH_ROUNDS", "20"))
RUNS = 200
STEPS = 3


class CrashTest(unittest.TestCase):
    def make_server(self):
        return Server()

    def test_kill_during_200_runs(self):
        seed = int(os.environ.get("ORC_CRASH_SEED", random.randrange(1 << 30)))
        print(f"seed {seed}")
        dice = random.Random(seed)
        stub = Stub()
        stub.on("*", "*", lambda request: Reply(200, {"ok": True}, delay=dice.uniform(0.01, 0.2)))
        with stub, self.make_server() as server:
            workflow = server.create_workflow(*[http_step(f"{stub.url}/s{i}", name=f"s{i}") for i in range(STEPS)])
            acknowledged = []
            round_ends = []  # how many calls there were when all runs of a round had ended
            for round_number in range(ROUNDS):
                acknowledged += self.one_round(server, stub, workflow["id"], dice, round_number)
                wait_until(lambda: self.live(server) == 0, 120, "the end of every run")
                round_ends.append(stub.count())
            self.check(server, stub, acknowledged, round_ends)

    def one_round(self, server, stub, workflow_id, dice, round_number):
        """Starts 200 runs, kills the server while they run, starts it again; the ids that were acknowledged."""
        acknowledged = []

        def start(_):
            try:
                answer = server.post("/v1/runs", {"workflow_id": workflow_id}, timeout=10)
            except OSError:
                return  # the kill came first: nothing was promised
            except Exception as cut:  # http.client: an answer cut off
                if "HTTP" not in type(cut).__name__ and "Incomplete" not in type(cut).__name__ and "Bad" not in type(cut).__name__:
                    raise
                return
            if answer.status == 201:
                acknowledged.append(answer.json["id"])

        before = stub.count()
        kill_after = before + dice.randrange(1, RUNS * STEPS)
        with concurrent.futures.ThreadPoolExecutor(16) as pool:
            jobs = [pool.submit(start, i) for i in range(RUNS)]
            stub.wait_for(kill_after, timeout=20)
            server.kill()
            for job in jobs:
                job.result()
        server.start(timeout=60)
        print(f"round {round_number + 1}: {len(acknowledged)} acknowledged, killed after {kill_after - before} calls")
        return acknowledged

    def live(self, server):
        return len(server.get("/v1/runs?status=PENDING,RUNNING,WAITING,CANCELING&limit=500").expect(200)["items"])

    def check(self, server, stub, acknowledged, round_ends):
        self.assertGreater(len(acknowledged), ROUNDS)
        for run_id in acknowledged:
            run = server.run(run_id)
            self.assertEqual(run["status"], "SUCCEEDED", run)
        calls = {}
        for request in stub.requests():
            calls.setdefault(request.headers["idempotency-key"], []).append(request)
        everything = self.all_runs(server)
        self.assertTrue(all(run["status"] in TERMINAL for run in everything))
        self.assertEqual(len(calls), STEPS * len(everything), "each step of each run was called, under one key")
        self.check_order(calls)
        for key, requests in calls.items():
            rounds = {bisect.bisect_left(round_ends, request.number) for request in requests}
            self.assertEqual(len(rounds), 1, f"{key} was called again after its run had ended")
            self.assertLessEqual(len(requests), 2, f"{key}: one call, and one more when the kill cut it off")
        repeats = sum(len(requests) - 1 for requests in calls.values())
        print(f"{len(everything)} runs, {len(calls)} steps, {repeats} repeated calls, {ROUNDS} kills")

    def check_order(self, calls):
        """A step that completed never runs again: no call of step n comes after the first of step n+1 (begun after n's commit)."""
        first, last = {}, {}
        for key, requests in calls.items():
            run_id, step = key.split(":")[0], int(requests[0].path[2:])
            first[run_id, step] = min(r.number for r in requests)
            last[run_id, step] = max(r.number for r in requests)
        for (run_id, step), number in last.items():
            following = first.get((run_id, step + 1))
            if following is not None:
                self.assertLess(number, following, f"step {step} of {run_id} was called again after it had completed")

    def all_runs(self, server):
        items, cursor = [], ""
        while True:
            page = server.get(f"/v1/runs?limit=500&cursor={cursor}").expect(200)
            items += page["items"]
            cursor = page.get("next_cursor")
            if not cursor:
                return items


if __name__ == "__main__":
    unittest.main(verbosity=2)
