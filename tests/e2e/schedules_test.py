"""Schedules of the real server: every second through kill -9, what was missed, overlap, pause, versions."""
import datetime
import glob
import os
import sqlite3
import unittest

from server import Server, wait_until

QUICK = {"name": "a", "action": "transform", "input": {"expr": "run.scheduled_for"}}
HANGS = {"name": "wait", "action": "wait", "input": {"signal": "go"}}


def seconds(text):
    return int(datetime.datetime.fromisoformat(text.replace("Z", "+00:00")).timestamp())


class SchedulesTest(unittest.TestCase):
    def setUp(self):
        self.server = Server()
        self.addCleanup(self.server.close)

    def schedule(self, name):
        return next(s for s in self.server.get("/v1/schedules").expect(200)["items"] if s["name"] == name)

    def runs(self, schedule_id):
        items, cursor = [], ""
        while True:
            page = self.server.get(f"/v1/runs?schedule_id={schedule_id}&limit=500&cursor={cursor}").expect(200)
            items += page["items"]
            cursor = page["next_cursor"]
            if not cursor:
                return items

    def fired(self, schedule_id):
        return sorted(seconds(run["scheduled_for"]) for run in self.runs(schedule_id))

    def test_every_second_through_kills(self):
        """No instant fires twice and none is lost, whenever the process dies."""
        self.server.create_workflow(QUICK, schedules=[{"name": "s", "cron": "* * * * * *", "overlap": "allow", "catch_up": "all"}])
        schedule = self.schedule("s")
        for count in range(1, 7):
            wait_until(lambda: len(self.runs(schedule["id"])) >= count, 20, f"{count} runs")  # noqa: B023
            self.server.kill()
            self.server.start()
        self.server.post(f"/v1/schedules/{schedule['id']}/pause").expect(202)
        fired = self.fired(schedule["id"])
        self.assertEqual(fired, list(range(fired[0], fired[0] + len(fired))))
        self.assertEqual(fired[0], seconds(schedule["next_at"]))
        self.assertEqual(seconds(self.schedule("s")["last_fired_at"]), fired[-1])
        for run in self.runs(schedule["id"]):
            run = self.server.wait_run(run["id"])
            self.assertEqual((run["status"], run["created_by"], run["schedule_id"]), ("SUCCEEDED", "schedule:s", schedule["id"]))
            self.assertEqual(seconds(run["steps"][0]["output"]), seconds(run["scheduled_for"]))

    def test_what_was_missed(self):
        """Two minutes down: the rows are set back by so much while the server is."""
        cron = {"cron": "*/20 * * * * *", "overlap": "allow"}
        self.server.create_workflow(QUICK, schedules=[{"name": how, "catch_up": how, **cron} for how in ("none", "last", "all")])
        begin = seconds(self.schedule("all")["next_at"])
        self.server.stop()
        # With the pages of a process that is gone: nobody else writes.
        with sqlite3.connect(glob.glob(os.path.join(self.server.state_dir, "*.db"))[0]) as rows:
            rows.execute("UPDATE schedules SET next_us = next_us - 120000000")
        rows.close()
        self.server.start()
        fired = {}

        def caught_up():
            for how in ("none", "last", "all"):
                fired[how] = self.fired(self.schedule(how)["id"])
            return len(fired["all"]) >= 5 and len(fired["last"]) >= 1 and self.schedule("none")["last_missed_at"]
        wait_until(caught_up, 20, "catching up")
        self.assertEqual(fired["all"], list(range(begin - 120, begin - 120 + 20 * len(fired["all"]), 20)))
        self.assertGreaterEqual(len(fired["all"]), 6 - 1)
        self.assertLessEqual(len(fired["last"]), 3)  # the last one, and what came due since
        self.assertGreaterEqual(fired["last"][0], begin - 20)
        self.assertGreaterEqual((fired["none"] + [begin])[0], begin - 80)  # a minute late is not missed
        self.assertIn("instants were missed and are not caught up", self.server.log())

    def test_overlap(self):
        every = {"cron": "* * * * * *"}
        self.server.create_workflow(HANGS, schedules=[{"name": how, "overlap": how, **every} for how in ("skip", "queue", "cancel_running")])
        ids = {how: self.schedule(how)["id"] for how in ("skip", "queue", "cancel_running")}
        wait_until(lambda: self.schedule("skip")["skipped"] >= 1 and self.schedule("queue")["queued"] and len(self.runs(ids["cancel_running"])) >= 2, 20,
                   "overlapping instants")
        self.assertEqual([len(self.runs(ids[how])) for how in ("skip", "queue")], [1, 1])
        queued_for = self.schedule("queue")["queued_for"]
        live = [run for run in self.runs(ids["queue"])][0]
        self.server.post(f"/v1/runs/{live['id']}/signals/go", {}).expect(202)
        wait_until(lambda: len(self.runs(ids["queue"])) == 2, 10, "the queued run")
        self.assertEqual(self.runs(ids["queue"])[0]["scheduled_for"], queued_for)
        for run in self.runs(ids["cancel_running"])[1:]:  # newest first
            self.server.wait_run(run["id"], ("CANCELED",))

    def test_versions_pause_and_the_end(self):
        made = self.server.create_workflow(QUICK, schedules=[{"name": "s", "cron": "* * * * * *", "overlap": "allow"}])
        schedule = self.schedule("s")
        path = f"/v1/schedules/{schedule['id']}"
        wait_until(lambda: self.schedule("s")["last_run_id"], 10, "the first run")
        self.assertTrue(self.server.post(f"{path}/pause").expect(202)["paused"])
        last = self.server.get(path).expect(200)["last_fired_at"]
        self.server.kill()
        self.server.start()
        document = {"name": "test", "steps": [QUICK], "schedules": [{"name": "s", "cron": "0 0 1 1 *"}]}
        self.server.put(f"/v1/workflows/{made['id']}", document).expect(200)
        after = self.server.get(path).expect(200)
        self.assertEqual((after["paused"], after["last_fired_at"], after["cron"]), (True, last, "0 0 1 1 *"))
        self.server.post(f"/v1/workflows/{made['id']}/rollback", {"version": 1}).expect(200)
        self.assertEqual(self.server.get(path).expect(200)["cron"], "* * * * * *")
        count = len(self.runs(schedule["id"]))
        self.server.post(f"{path}/resume").expect(202)
        wait_until(lambda: len(self.runs(schedule["id"])) > count, 10, "the next run")
        self.assertNotIn(last, [run["scheduled_for"] for run in self.runs(schedule["id"])[:-count]])
        self.server.delete(f"/v1/workflows/{made['id']}?force=true").expect(204)
        self.assertEqual(self.server.get("/v1/schedules").expect(200)["items"], [])
        self.assertFalse(self.server.get(path).expect(200)["active"])


if __name__ == "__main__":
    unittest.main(verbosity=2)
