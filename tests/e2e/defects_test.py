"""The defects known in servers of this API (the list at the end of the compatibility card), one test each."""
import socket
import unittest

from server import Server, http_step, read_sse, wait_until
from stub import Reply, Stub


class DefectsTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.stub = Stub()
        cls.server = Server()

    @classmethod
    def tearDownClass(cls):
        cls.server.close()
        cls.stub.close()

    def test_1_a_client_that_hangs_up_does_not_end_its_run(self):
        self.stub.on("POST", "/slow1", Reply(200, {}, delay=0.5))
        workflow = self.server.create_workflow(http_step(self.stub.url + "/slow1"))
        body = b'{"workflow_id":"%s","labels":{"of":"defect1"}}' % workflow["id"].encode()
        with socket.create_connection(("127.0.0.1", self.server.port)) as client:
            client.sendall(b"POST /v1/runs?wait=30s HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n" % len(body) + body)
            self.stub.wait_for(1, "/slow1")
        # The client is gone while its step runs.
        run = wait_until(lambda: self.server.get(f"/v1/runs?workflow_id={workflow['id']}").expect(200)["items"], what="the run")[0]
        self.assertEqual(self.server.wait_run(run["id"])["status"], "SUCCEEDED")

    def test_2_a_cancel_is_not_overwritten_by_a_late_completion(self):
        self.stub.on("POST", "/slow2", Reply(200, {}, delay=1.0))
        workflow = self.server.create_workflow(http_step(self.stub.url + "/slow2"), http_step(self.stub.url + "/never2"))
        run = self.server.start_run(workflow["id"])
        self.stub.wait_for(1, "/slow2")
        self.server.post(f"/v1/runs/{run['id']}/cancel").expect(202)
        self.assertEqual(self.server.wait_run(run["id"])["status"], "CANCELED")
        # The answer to the cancelled call would have come by the time that another call of the same length ends.
        after = self.server.start_run(self.server.create_workflow(http_step(self.stub.url + "/slow2"))["id"])
        self.server.wait_run(after["id"])
        self.assertEqual(self.server.run(run["id"])["status"], "CANCELED")
        self.assertEqual(self.stub.count("/never2"), 0)

    def test_3_a_second_gate_in_one_run_can_be_passed(self):
        workflow = self.server.create_workflow(*[http_step(f"{self.stub.url}/gate{i}", name=f"s{i}", requires_approval=True) for i in range(3)])
        run = self.server.start_run(workflow["id"])
        for passed in range(3):
            self.server.wait_run(run["id"], ("WAITING_APPROVAL",))
            self.assertEqual(self.stub.count(f"/gate{passed}"), 0)
            self.server.post(f"/v1/runs/{run['id']}/approve").expect(200)
            self.stub.wait_for(1, f"/gate{passed}")
        self.assertEqual(self.server.wait_run(run["id"])["status"], "SUCCEEDED")

    def test_4_an_edit_leaves_runs_under_way_alone(self):
        gate = http_step(self.stub.url + "/old4", requires_approval=True)
        workflow = self.server.create_workflow(gate)
        run = self.server.start_run(workflow["id"])
        self.server.wait_run(run["id"], ("WAITING_APPROVAL",))
        self.server.put(f"/v1/workflows/{workflow['id']}", {"name": "new", "steps": [http_step(self.stub.url + "/new4")]}).expect(200)
        self.server.post(f"/v1/runs/{run['id']}/approve").expect(200)
        run = self.server.wait_run(run["id"])
        self.assertEqual((run["status"], run["workflow_version"]), ("SUCCEEDED", 1))
        self.assertEqual((self.stub.count("/old4"), self.stub.count("/new4")), (1, 0))

    def test_5_runs_go_on_after_a_restart(self):
        with Server() as server:
            workflow = server.create_workflow(http_step(self.stub.url + "/a5"), http_step(self.stub.url + "/sleep/0.4"), http_step(self.stub.url + "/b5"))
            run = server.start_run(workflow["id"])
            self.stub.wait_for(1, "/sleep/0.4")
            server.kill()
            server.start()
            self.assertEqual(server.wait_run(run["id"])["status"], "SUCCEEDED")
            self.assertEqual((self.stub.count("/a5"), self.stub.count("/b5")), (1, 1))
            self.assertEqual(len({r.headers["idempotency-key"] for r in self.stub.requests("/sleep/0.4")}), 1)

    def test_6_comparing_objects_and_arrays(self):
        steps = [{"name": "c", "action": "condition", "input": {"key": "value", "equals": {"a": [1, {"b": None}]}, "on_false": "fail"}}]
        workflow = self.server.create_workflow(*steps)
        for value, status in (({"a": [1.0, {"b": None}]}, "SUCCEEDED"), ({"a": [1]}, "FAILED"), ([1], "FAILED"), (None, "FAILED"), ("x", "FAILED")):
            run = self.server.start_run(workflow["id"], {"value": value}, wait="10s")
            self.assertEqual(run["status"], status, value)

    def test_7_a_log_line_with_line_breaks_survives_the_stream(self):
        workflow = self.server.create_workflow(http_step(self.stub.url + "/x7", requires_approval=True))
        run = self.server.start_run(workflow["id"])
        line = "first\nsecond\r\nthird\n\ndata: not an event\nevent: end"
        self.server.post(f"/v1/runs/{run['id']}/logs", line, headers={"Content-Type": "text/plain"}).expect(200)
        self.server.post(f"/v1/runs/{run['id']}/cancel").expect(202)
        self.server.wait_run(run["id"])
        events = list(read_sse(self.server.stream(f"/v1/runs/{run['id']}/logs/stream")))
        self.assertEqual(events[-1].event, "end")
        self.assertIn(line.replace("\r\n", "\n"), [e.text for e in events])

    def test_8_errors_and_successes_say_what_they_are(self):
        made = self.server.post("/v1/workflows", {"name": "w", "steps": [http_step(self.stub.url)]})
        self.assertEqual(made.status, 201)
        self.assertEqual(made.headers["Location"], f"/v1/workflows/{made.json['id']}")
        run = self.server.post("/v1/runs", {"workflow_id": made.json["id"]})
        self.assertEqual((run.status, run.headers["Location"]), (201, f"/v1/runs/{run.json['id']}"))
        for answer, status in ((self.server.get("/v1/runs/run_none"), 404), (self.server.post("/v1/runs", b"{", headers={"Content-Type": "application/json"}), 400),
                               (self.server.call("PATCH", "/v1/runs"), 405), (self.server.post("/v1/workflows", {"name": 5}), 422),
                               (self.server.post("/v1/workflows", b"x", headers={"Content-Type": "text/csv"}), 415)):
            self.assertEqual(answer.status, status, answer.data)
            self.assertEqual(answer.headers["Content-Type"].split(";")[0], "application/problem+json")
            self.assertLessEqual({"type", "title", "status", "detail"}, set(answer.json))
            self.assertEqual(answer.json["status"], status)


if __name__ == "__main__":
    unittest.main(verbosity=2)
