"""Event hooks of the real server: shapes, order, restarts, a receiver that is down, and never in the way of a run."""
import unittest

from server import Server, http_step
from stub import Reply, Stub


class HooksTest(unittest.TestCase):
    def setUp(self):
        self.stub = Stub()
        self.addCleanup(self.stub.close)

    def config(self, stub):
        return {"memarch": {"base_url": stub.url + "/mem", "timeout": "2s", "project_id": "p1"}, "audit_log": {"base_url": stub.url + "/audit/", "timeout": "500ms"}}

    def events(self, path="/audit/v1/events"):
        return [request.json() for request in self.stub.requests(path)]

    def test_shapes_and_order(self):
        with Server(self.config(self.stub)) as server:
            workflow = server.create_workflow(http_step(self.stub.url + "/a", name="first"), http_step(self.stub.url + "/b", name="second", requires_approval=True))
            run = server.start_run(workflow["id"])
            server.wait_run(run["id"], ("WAITING_APPROVAL",))
            server.post(f"/v1/runs/{run['id']}/approve").expect(200)
            server.wait_run(run["id"])
            expected = ["run.started", "step.succeeded", "run.waiting_approval", "step.succeeded", "run.succeeded"]
            for path in ("/audit/v1/events", "/mem/v1/events"):
                self.stub.wait_for(len(expected), path)
            self.assertEqual([e["event"] for e in self.events()], expected)
            first, step = self.events()[0], self.events()[1]
            self.assertEqual(set(first), {"event", "run_id", "workflow_id", "status", "current_step", "note", "ts"})
            self.assertEqual((first["run_id"], first["workflow_id"], first["status"]), (run["id"], workflow["id"], "RUNNING"))
            self.assertEqual(set(step), {"event", "run_id", "workflow_id", "step_id", "step_name", "step_action", "step_status", "http_code", "error", "ts"})
            self.assertEqual((step["step_name"], step["step_action"], step["step_status"], step["http_code"], step["error"]), ("first", "http", "SUCCEEDED", 200, ""))
            wrapped = self.events("/mem/v1/events")
            self.assertEqual([(w["project_id"], w["type"]) for w in wrapped], [("p1", "orchestrator")] * len(expected))
            self.assertEqual([w["payload"] for w in wrapped], self.events())

    def test_failures(self):
        self.stub.on("POST", "/fails", Reply(500, {"no": "luck"}))
        with Server(self.config(self.stub)) as server:
            run = server.start_run(server.create_workflow(http_step(self.stub.url + "/fails"))["id"])
            server.wait_run(run["id"])
            self.stub.wait_for(3, "/audit/v1/events")
            self.assertEqual([e["event"] for e in self.events()], ["run.started", "step.failed", "run.failed"])
            self.assertEqual(self.events()[1]["http_code"], 500)
            self.assertTrue(self.events()[1]["error"])
            self.assertTrue(self.events()[2]["note"])

    def test_a_receiver_that_is_down_delays_nobody_and_gets_everything_after_a_restart(self):
        self.stub.on("POST", "/audit/v1/events", Reply(503))
        with Server(self.config(self.stub)) as server:
            workflow = server.create_workflow(http_step(self.stub.url + "/work"))
            runs = [server.start_run(workflow["id"], wait="10s") for _ in range(20)]
            self.assertEqual({run["status"] for run in runs}, {"SUCCEEDED"})
            self.stub.wait_for(60, "/mem/v1/events")
            server.kill()
            down = self.stub.count("/audit/v1/events")
            self.stub.on("POST", "/audit/v1/events", Reply(202))
            server.start()
            self.stub.wait_for(down + 60, "/audit/v1/events")
            delivered = self.events()[down:]
            # At least once and in order: after the kill some may come twice, none out of turn.
            seen = list(dict.fromkeys((e["run_id"], e["event"]) for e in delivered))
            self.assertEqual(seen, [(run["id"], event) for run in runs for event in ("run.started", "step.succeeded", "run.succeeded")])

    def test_a_refused_event_is_put_aside_after_some_tries(self):
        def judge(request):
            return Reply(422 if request.json()["event"] == "run.started" else 200)
        self.stub.on("POST", "/audit/v1/events", judge)
        with Server(self.config(self.stub)) as server:
            server.start_run(server.create_workflow(http_step(self.stub.url + "/work"))["id"])
            self.stub.wait_for(7, "/audit/v1/events", timeout=60)
            self.assertEqual([e["event"] for e in self.events()], ["run.started"] * 5 + ["step.succeeded", "run.succeeded"])
            self.assertIn("put aside", server.log())


if __name__ == "__main__":
    unittest.main(verbosity=2)
