"""The workflow language on the real server: every example of its page, and what people do while a run is under way."""
import json
import os
import re
import unittest

from server import Server, wait_until
from stub import Reply, Stub

PAGE = os.path.join(os.environ["ORC_SOURCE_DIR"], "docs", "workflow-language.md")
ENDS = {  # workflow: its output, or how it fails
    "graph": 3,
    "only if": "SKIPPED",
    "loop": 17,
    "poll": 3,
    "caught": "expression_error",
    "nap": True,
    "parent": [2, 4, 6],
    "double": 8,
    "one per customer": "ana",
    "brief": True,
    "report": "by hand",
    "tries": 3,
    "once": 200,
    "checked": {"total": 12, "team": "billing"},
    "release": "shipping 1.2",
    "payment": 7,
    "another way": "large",
    "with a secret": "Bearer [secret api_token]-of-test",
}
CONTEXTS = {  # others get the stub's address
    "saga": {},
    "double": {"n": 4},
    "one per customer": {"customer": "ana"},
    "checked": {"items": [{"price": 5}, {"price": 7}]},
    "another way": {"n": 10},
}


class LanguageTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.stub = Stub()
        cls.stub.on("*", "/v1/me", lambda request: Reply(200, {"you_sent": request.headers["authorization"]}))
        tries = iter([503, 503, 200])
        cls.stub.on("*", "/v1/flaky", lambda request: Reply(next(tries), {}))
        cls.stub.on("*", "/v1/charges", lambda request: Reply(200, {}))
        cls.server = Server({"secrets": {"api_token": {"env": "API_TOKEN"}}}, env={"API_TOKEN": "a-token-of-the-test"})

    @classmethod
    def tearDownClass(cls):
        cls.server.stop()
        cls.server.close()
        cls.stub.close()

    def call(self, method, path, body=None, expect=None):
        answer = self.server.call(method, path, body)
        if expect is not None:
            self.assertEqual(answer.status, expect, answer.data)
        return answer.json if answer.data else None

    def begin(self, workflow, context=None, expect=201):
        made = self.call("POST", "/v1/workflows", workflow, 201)
        return self.call("POST", "/v1/runs", {"workflow_id": made["id"], "context": context or {}}, expect)

    def ended(self, run_id):
        def look():
            run = self.call("GET", f"/v1/runs/{run_id}", None, 200)
            return run if run["status"] in ("SUCCEEDED", "FAILED", "CANCELED", "TIMED_OUT") else None
        return wait_until(look, 20, "the end of the run")

    def test_every_example_of_the_page(self):
        with open(PAGE, encoding="utf-8") as page:
            examples = [json.loads(text) for text in re.findall(r"```json\n(.*?)```", page.read(), re.S)]
        self.assertGreaterEqual(len(examples), 8)
        for workflow in examples:
            if workflow["name"] == "tell":
                teller = self.call("POST", "/v1/workflows", workflow, 201)["id"]
                continue
            context = CONTEXTS.get(workflow["name"], {"service": self.stub.url, "suffix": "-of-test", "order": "17", "what": "it"})
            run = self.begin(workflow, context)
            if workflow["name"] == "release":
                self.assertEqual(run["steps"][0]["message"], "Ship it?")
                self.assertEqual(run["steps"][0]["gate"]["form"]["required"], ["version"])
                waiting = self.call("GET", "/v1/approvals", None, 200)["items"]
                self.assertEqual([(gate["message"], gate["count"]) for gate in waiting if gate["run_id"] == run["id"]], [("Ship it?", 1)])
                refused = self.call("POST", f"/v1/runs/{run['id']}/approve", {"input": {"version": 2}}, 422)
                self.assertEqual(refused["errors"][0]["pointer"], "/input/version")
                self.call("POST", f"/v1/runs/{run['id']}/approve", {"input": {"version": "1.2"}}, 200)
            if workflow["name"] == "payment":
                self.call("POST", f"/v1/runs/{run['id']}/signals/paid", {"amount": 7}, 202)
            run = self.ended(run["id"])
            if workflow["name"] == "saga":
                self.assertEqual((run["status"], run["context"]), ("FAILED", {"booked": False, "tidy": True}))
                self.assertEqual([step["status"] for step in run["compensations"] + run["finally"]], ["SUCCEEDED", "SUCCEEDED"])
            elif workflow["name"] == "may fail":
                told = wait_until(lambda: self.call("GET", f"/v1/runs?workflow_id={teller}")["items"], 20, "the run that tells of the failure")
                self.assertEqual(self.ended(told[0]["id"])["output"], "may fail: expression_error")
            else:
                self.assertEqual((run["status"], run["output"]), ("SUCCEEDED", ENDS[workflow["name"]]), workflow["name"])
            listed = self.call("GET", f"/v1/schedules?workflow_id={run['workflow_id']}", None, 200)["items"]
            self.assertEqual([schedule["name"] for schedule in listed], [schedule["name"] for schedule in workflow.get("schedules", [])])
        self.assertEqual([request.headers["authorization"] for request in self.stub.requests("/v1/me")], ["Bearer a-token-of-the-test-of-test"])
        self.assertEqual([request.headers["idempotency-key"] for request in self.stub.requests("/v1/charges")], ["order-17:1:0"])

    def test_the_undoing_of_items_is_shown(self):
        run = self.ended(self.begin({"name": "u", "steps": [
            {"name": "book", "action": "transform", "for_each": "[1, 2, 3]", "input": {"expr": "item"}, "compensate": {"action": "transform", "input": {"expr": "item"}}},
            {"name": "breaks", "action": "transform", "input": {"expr": "1 / 0"}}]})["id"])
        self.assertEqual([(step["item"], step["status"]) for step in run["compensations"]], [(0, "SUCCEEDED"), (1, "SUCCEEDED"), (2, "SUCCEEDED")])

    def test_a_workflow_that_is_not_there_is_a_warning(self):
        steps = [{"name": "c", "action": "workflow.run", "input": {"workflow": "nowhere"}}]
        made = self.call("POST", "/v1/workflows", {"name": "w", "on_failure": "nobody", "steps": steps}, 201)
        self.assertEqual([warning["pointer"] for warning in made["warnings"]], ["/on_failure", "/steps/0/input/workflow"])

    def test_a_sub_workflow_is_shown_from_both_sides(self):
        child = self.call("POST", "/v1/workflows", {"name": "child", "steps": [{"name": "ask", "action": "transform", "requires_approval": True, "input": {"expr": "1"}}],
                                                    "output": "steps.ask.output"}, 201)
        run = self.begin({"name": "p", "steps": [{"name": "c", "action": "workflow.run", "input": {"workflow": child["id"]}}], "output": "steps.c.output"})
        step = wait_until(lambda: (s := self.call("GET", f"/v1/runs/{run['id']}")["steps"][0])["status"] == "WAITING" and s, 20, "the wait for the child")
        shown = wait_until(lambda: (r := self.call("GET", f"/v1/runs/{step['child_run_id']}"))["status"] == "WAITING_APPROVAL" and r, 20, "the child")
        self.assertEqual(shown["parent_run_id"], run["id"])
        self.call("POST", f"/v1/runs/{shown['id']}/approve", None, 200)
        ended = self.ended(run["id"])
        self.assertEqual((ended["output"], ended["steps"][0]["child_run_id"]), (1, shown["id"]))

    def test_a_run_beyond_its_limit_waits_and_says_so(self):
        gate = {"name": "g", "limit": 1, "concurrency_key": "context.k", "steps": [{"name": "a", "action": "transform", "requires_approval": True, "input": {"expr": "1"}}]}
        made = self.call("POST", "/v1/workflows", gate, 201)
        runs = [self.call("POST", "/v1/runs", {"workflow_id": made["id"], "context": {"k": "x"}}, 201) for _ in range(3)]
        self.assertEqual([run["status"] for run in runs], ["WAITING_APPROVAL", "WAITING", "WAITING"])
        self.assertEqual((runs[1]["waits_for"], runs[1]["concurrency_key"]), ("limit", "x"))
        self.call("POST", f"/v1/runs/{runs[0]['id']}/approve", None, 200)
        wait_until(lambda: self.call("GET", f"/v1/runs/{runs[1]['id']}")["status"] == "WAITING_APPROVAL", 20, "the turn of the second")
        self.assertEqual(self.call("GET", f"/v1/runs/{runs[2]['id']}")["status"], "WAITING")

    def test_signals_pause_and_resume(self):
        run = self.begin({"name": "s", "steps": [{"name": "wait", "action": "wait", "input": {"signal": "paid"}},
                                                 {"name": "amount", "action": "transform", "input": {"expr": "steps.wait.output.amount"}}],
                          "output": "steps.amount.output"})["id"]
        self.assertEqual(self.call("GET", f"/v1/runs/{run}")["steps"][0]["waits_for_signal"], "paid")
        self.assertEqual(self.call("POST", f"/v1/runs/{run}/pause", None, 202)["status"], "PAUSED")
        paused = self.call("POST", f"/v1/runs/{run}/signals/paid", {"amount": 7}, 202)
        self.assertEqual([step["status"] for step in paused["steps"]], ["SUCCEEDED", "PENDING"])
        self.call("POST", f"/v1/runs/{run}/resume", None, 202)
        self.assertEqual(self.ended(run)["output"], 7)
        self.assertIn("the run is over", self.call("POST", f"/v1/runs/{run}/signals/paid", {}, 409)["detail"])

    def test_items_are_listed_apart(self):
        run = self.begin({"name": "i", "steps": [{"id": "l", "name": "l", "action": "transform", "for_each": "lists.range(150)", "input": {"expr": "item * 2"}}]})["id"]
        step = self.ended(run)["steps"][0]
        self.assertEqual(step["items"], {"total": 150, "begun": 150, "ended": 150, "failed": 0})
        self.assertEqual(step["output"], [2 * i for i in range(150)])
        self.assertEqual(self.call("GET", f"/v1/runs/{run}/steps/l/output", None, 200), step["output"])
        page = self.call("GET", f"/v1/runs/{run}/steps?parent=l&limit=100", None, 200)
        rest = self.call("GET", f"/v1/runs/{run}/steps?parent=l&limit=100&cursor={page['next_cursor']}", None, 200)
        self.assertEqual([item["output"] for item in page["items"] + rest["items"]], [2 * i for i in range(150)])
        self.assertIsNone(rest["next_cursor"])

    def test_a_failed_item_has_no_output(self):
        self.stub.on("*", "/no", Reply(404, {"detail": "no such thing"}))
        call = {"name": "call", "action": "http", "for_each": "['/yes', '/no']", "on_item_error": "continue", "input": {"url": self.stub.url + "{{ item }}"}}
        read = {"name": "read", "action": "transform", "requires_approval": True, "input": {"expr": "steps.call.output"}}
        run = self.begin({"name": "items", "steps": [call, read], "output": "steps.call.output"})["id"]
        wait_until(lambda: self.call("GET", f"/v1/runs/{run}")["status"] == "WAITING_APPROVAL", 20, "the gate")
        items = self.call("GET", f"/v1/runs/{run}/steps?parent=call")["items"]
        self.assertEqual(items[1]["output"], {"detail": "no such thing"})  # what it was answered is there to be looked at
        self.call("POST", f"/v1/runs/{run}/approve", {}, 200)
        ended = self.ended(run)
        self.assertEqual((ended["output"], ended["steps"][1]["output"]), ([{"path": "/yes"}, None], [{"path": "/yes"}, None]))

    def test_a_context_that_does_not_fit_is_refused(self):
        workflow = {"name": "c", "input_schema": {"type": "object", "required": ["n"], "properties": {"n": {"type": "integer"}}},
                    "steps": [{"name": "a", "action": "transform", "input": {"expr": "context.n"}}]}
        problem = self.begin(workflow, {"n": "x"}, 422)
        self.assertEqual(problem["errors"][0]["pointer"], "/context/n")
        self.assertEqual(self.ended(self.begin(workflow, {"n": 1})["id"])["status"], "SUCCEEDED")

    def test_a_definition_is_refused_with_every_fault_in_its_place(self):
        steps = [{"name": "a", "action": "transform", "needs": ["c"], "input": {"expr": "steps.b.output"}},
                 {"name": "b", "action": "transform", "needs": ["a"], "if": "siez(context.x) > 1", "input": {"expr": "1"}},
                 {"name": "c", "action": "transform", "needs": ["b", "zz"], "input": {"expr": "steps.nobody.output"}},
                 {"name": "d", "action": "http", "needs": [], "input": {"url": "http://h/{{ steps.a.output }}"}}]
        report = self.call("POST", "/v1/workflows/validate", {"name": "w", "steps": steps}, 200)
        self.assertFalse(report["valid"])
        found = {problem["pointer"]: problem for problem in report["errors"]}
        self.assertIn("a → ", found["/steps/0/needs"]["detail"])
        self.assertEqual((found["/steps/1/if"]["suggestion"], found["/steps/1/if"]["column"]), ("size", 1))
        self.assertIn('there is no step "zz"', found["/steps/2/needs/1"]["detail"])
        self.assertIn('there is no step "nobody"', found["/steps/2/input/expr"]["detail"])

    def test_expressions_that_explode_fail_their_step_and_nobody_else(self):
        bombs = ["lists.range(1000).map(a, lists.range(1000).map(b, lists.range(1000).map(c, a)))", "lists.range(200000).map(i, 'xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx' + string(i)).join('')"]
        for bomb in bombs:
            run = self.ended(self.begin({"name": "b", "steps": [{"name": "boom", "action": "transform", "input": {"expr": bomb}}]})["id"])
            error = run["steps"][0]["error_detail"]
            self.assertEqual(error["code"], "expression_error")
            self.assertIn("limit", error["message"])
            self.assertEqual(error["detail"]["source"], bomb)
        self.assertEqual(self.server.call("GET", "/healthz").status, 200)


if __name__ == "__main__":
    unittest.main()
