"""The seed's calls as it writes them (host and port aside), by real curl, with the answers' shapes."""
import json
import re
import subprocess
import unittest

from server import Server, wait_until
from stub import Reply, Stub

CHAT = {"choices": [{"message": {"role": "assistant", "content": "hi"}}]}


class SeedTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.stub = Stub()
        cls.stub.on("POST", "/v1/chat/completions", Reply(200, CHAT))
        cls.server = Server()

    @classmethod
    def tearDownClass(cls):
        cls.server.close()
        cls.stub.close()

    def curl(self, *arguments, expect=200):
        """The answer's JSON (or text)."""
        out = subprocess.run(["curl", "-sS", "-w", "\n%{http_code}", *arguments], capture_output=True, text=True, timeout=30, check=True).stdout
        body, _, status = out.rpartition("\n")
        self.assertEqual(int(status), expect, body)
        try:
            return json.loads(body)
        except ValueError:
            return body

    def post(self, path, body, expect):
        return self.curl("-X", "POST", self.server.url + path, "-H", "Content-Type: application/json", "-d", json.dumps(body), expect=expect)

    def get(self, path, expect=200):
        return self.curl(self.server.url + path, expect=expect)

    def demo(self, **step):
        return {"name": "demo", "description": "Simple demo workflow", "steps": [{
            "name": "call ai-router", "action": "http", "input": {
                "method": "POST", "url": f"{self.stub.url}/v1/chat/completions", "headers": {"Content-Type": "application/json"},
                "body": {"model": "llama2", "project_id": "default", "messages": [{"role": "user", "content": "hello"}]}}, **step}]}

    def finished(self, run_id):
        def ended():
            run = self.get(f"/v1/runs/{run_id}")
            return run if run["status"] in ("SUCCEEDED", "FAILED", "CANCELED") else None
        return wait_until(ended, 20, "the end of the run")

    def test_create_and_run_as_written(self):
        workflow = self.post("/v1/workflows", self.demo(), 201)
        self.assertRegex(workflow["id"], r"^wf_")
        self.assertEqual((workflow["name"], workflow["description"], workflow["version"]), ("demo", "Simple demo workflow", 1))
        self.assertLessEqual({"id", "name", "action", "input", "retry", "requires_approval"}, set(workflow["steps"][0]))
        self.assertRegex(workflow["steps"][0]["id"], r"^step_")
        self.assertRegex(workflow["created_at"], r"^\d{4}-\d\d-\d\dT")

        run = self.post("/v1/runs", {"workflow_id": workflow["id"], "context": {"project_id": "default"}}, 201)
        self.assertRegex(run["id"], r"^run_")
        self.assertEqual(run["workflow_id"], workflow["id"])
        run = self.finished(run["id"])
        self.assertEqual(run["status"], "SUCCEEDED", run)
        self.assertEqual(run["context"], {"project_id": "default"})
        self.assertEqual(run["workflow_version"], 1)
        step = run["steps"][0]
        self.assertEqual((step["name"], step["action"], step["status"], step["http_code"]), ("call ai-router", "http", "SUCCEEDED", 200))
        self.assertEqual(step["output"], CHAT)
        self.assertFalse(step["error"])
        self.assertEqual(step["step_id"], workflow["steps"][0]["id"])
        sent = self.stub.requests("/v1/chat/completions")[-1]
        self.assertEqual(sent.json()["messages"], [{"role": "user", "content": "hello"}])
        self.assertEqual(sent.headers["content-type"], "application/json")

    def test_approve(self):
        workflow = self.post("/v1/workflows", self.demo(requires_approval=True), 201)
        before = self.stub.count()
        run = self.post("/v1/runs", {"workflow_id": workflow["id"], "context": {}}, 201)
        wait_until(lambda: self.get(f"/v1/runs/{run['id']}")["status"] == "WAITING_APPROVAL", 20, "the gate")
        self.assertEqual(self.stub.count(), before, "the gate comes before the step")
        self.curl("-X", "POST", f"{self.server.url}/v1/runs/{run['id']}/approve")
        self.assertEqual(self.finished(run["id"])["status"], "SUCCEEDED")

    def test_cancel(self):
        workflow = self.post("/v1/workflows", self.demo(requires_approval=True), 201)
        run = self.post("/v1/runs", {"workflow_id": workflow["id"], "context": {}}, 201)
        self.curl("-X", "POST", f"{self.server.url}/v1/runs/{run['id']}/cancel", expect=202)
        run = self.finished(run["id"])
        self.assertEqual(run["status"], "CANCELED")
        ended = self.post("/v1/runs", {"workflow_id": self.post("/v1/workflows", self.demo(), 201)["id"]}, 201)
        self.finished(ended["id"])
        self.post(f"/v1/runs/{ended['id']}/cancel", {}, 409)

    def test_templates(self):
        items = self.get("/v1/templates")["items"]
        self.assertGreaterEqual(len(items), 8)
        self.assertLessEqual({"name", "description", "steps"}, set(items[0]))
        made = self.post("/v1/templates", {"name": "mine", "description": "d", "steps": self.demo()["steps"]}, 201)
        self.assertRegex(made["id"], r"^tpl_")
        names = {t["name"] for t in self.get("/v1/templates?limit=500")["items"]}
        self.assertIn("mine", names)

    def test_versions_and_rollback(self):
        workflow = self.post("/v1/workflows", self.demo(), 201)
        changed = {**self.demo(), "description": "second"}
        self.curl("-X", "PUT", f"{self.server.url}/v1/workflows/{workflow['id']}", "-H", "Content-Type: application/json", "-d", json.dumps(changed))
        back = self.post(f"/v1/workflows/{workflow['id']}/rollback", {"version": 1}, 200)
        self.assertEqual((back["version"], back["description"]), (3, "Simple demo workflow"))
        items = self.get(f"/v1/workflows/{workflow['id']}/versions")["items"]
        self.assertEqual(sorted(v["version"] for v in items), [1, 2, 3])
        self.assertLessEqual({"id", "workflow_id", "version", "payload", "created_at"}, set(items[0]))
        self.assertTrue(all(re.match("wfver_", v["id"]) for v in items))

    def test_logs(self):
        workflow = self.post("/v1/workflows", self.demo(requires_approval=True), 201)
        run = self.post("/v1/runs", {"workflow_id": workflow["id"], "context": {}}, 201)
        url = f"{self.server.url}/v1/runs/{run['id']}"
        answer = self.curl("-X", "POST", f"{url}/logs", "-H", "Content-Type: text/plain", "--data-binary", "a line of mine")
        self.assertEqual(answer, {"ok": True})
        self.assertIn("a line of mine", self.get(f"/v1/runs/{run['id']}/logs")["items"])
        self.curl("-X", "POST", f"{url}/approve")
        self.finished(run["id"])
        stream = subprocess.run(["curl", "-sSN", "--max-time", "20", f"{url}/logs/stream"], capture_output=True, text=True, check=True).stdout
        self.assertIn("data: a line of mine\n", stream)
        self.assertIn("event: end\n", stream)

    def test_retry(self):
        answers = iter([500, 502])
        self.stub.on("POST", "/flaky", lambda _: Reply(next(answers, 200), {"ok": True}))
        document = self.demo(retry={"max": 2, "backoff_ms": 10})
        document["steps"][0]["input"]["url"] = f"{self.stub.url}/flaky"
        workflow = self.post("/v1/workflows", document, 201)
        run = self.finished(self.post("/v1/runs", {"workflow_id": workflow["id"], "context": {}}, 201)["id"])
        self.assertEqual(run["status"], "SUCCEEDED")
        tries = self.stub.requests("/flaky")
        self.assertEqual(len(tries), 3)
        self.assertEqual(len({r.headers["idempotency-key"] for r in tries}), 1)

    def test_validation(self):
        document = self.demo()
        document["steps"][0]["input"]["url"] = "ftp://example.org"
        problem = self.post("/v1/workflows", document, 422)
        self.assertIn("/steps/0/input/url", [e["pointer"] for e in problem["errors"]])

    def test_healthz(self):
        self.get("/healthz")
        self.get("/readyz")


if __name__ == "__main__":
    unittest.main(verbosity=2)
