"""Every template of the pack: a workflow is made of it and run on the real server, with the real plugins, against services on loopback."""
import json
import os
import unittest
import urllib.parse

from server import Server, wait_until
from stub import Reply, Stub

PACK = os.path.join(os.environ["ORC_SOURCE_DIR"], "templates", "templates.json")
TOKEN = "token-of-the-test-4711"


def page(request):
    name = request.path.rsplit("/", 1)[1]
    return Reply(200, f"<html><head><title>{name}</title></head><body><p>All about {name}.</p></body></html>", {"Content-Type": "text/html"})


def chat(words):
    return lambda request: Reply(200, {"choices": [{"message": {"role": "assistant", "content": words}}]})


def in_turn(*replies):
    """One after the other; the last one goes on."""
    left = list(replies)
    return lambda _: left.pop(0) if len(left) > 1 else left[0]


class TemplatesTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        with open(PACK, encoding="utf-8") as pack:
            cls.pack = {template["name"]: template for template in json.load(pack)["templates"]}
        cls.stub = Stub()
        url = cls.stub.url
        cls.server = Server({"ai_router": {"base_url": url + "/ai"}, "web": {"search": {"base_url": url + "/searx"}}, "scm": {"base_url": url + "/scm"},
                             "memarch": {"base_url": url + "/mem"}, "secrets": {"api": {"env": "API_TOKEN"}}}, env={"API_TOKEN": TOKEN})
        listed = cls.server.get("/v1/templates?limit=500").expect(200)["items"]
        cls.ids = {template["name"]: template["id"] for template in listed}

    @classmethod
    def tearDownClass(cls):
        cls.server.close()
        cls.stub.close()

    def setUp(self):
        self.stub.forget()

    def make(self, name, **params):
        made = self.server.post("/v1/workflows", {"template_id": self.ids[name], "params": params}).expect(201)
        self.assertNotIn("warnings", made)
        self.assertNotIn("params.", json.dumps(made["steps"]))
        return made["id"]

    def begin(self, workflow_id, context=None, expect=201):
        return self.server.post("/v1/runs", {"workflow_id": workflow_id, "context": context or {}}).expect(expect)

    def ended(self, run_id, status="SUCCEEDED"):
        run = self.server.wait_run(run_id)
        self.assertEqual(run["status"], status, json.dumps(run, indent=1)[:4000])
        return run

    def run_of(self, name, context=None, status="SUCCEEDED", **params):
        return self.ended(self.begin(self.make(name, **params), context)["id"], status)

    def waiting(self, run_id, status):
        return self.server.wait_run(run_id, (status,))

    def decide(self, run_id, decision="approve", expect=200, **body):
        return self.server.post(f"/v1/runs/{run_id}/{decision}", body).expect(expect)

    def bodies(self, path):
        return [request.json() for request in self.stub.requests(path)]

    def steps(self, run):
        return {step["name"]: step["status"] for step in run["steps"]}

    def test_each_template_has_a_case(self):
        cases = {name for name in dir(self) if name.startswith("test_template_")}
        wanted = {"test_template_" + "".join(c if c.isalnum() else "_" for c in name.lower()) for name in self.pack}
        for name in wanted:
            self.assertTrue(any(case.startswith(name) for case in cases), f"no case {name}")
        self.assertEqual(set(self.pack), set(self.ids))
        for template in self.pack.values():
            self.assertTrue(template["description"].endswith("."), template["name"])

    # ask a model

    def test_template_ask_a_model(self):
        self.stub.on("POST", "/ai/v1/chat/completions", in_turn(Reply(503, {"error": "busy"}, {"Retry-After": "0"}), chat("forty-two")(None)))
        run = self.run_of("ask a model", question="What is it? {{ context.x }}", model="m1")
        self.assertEqual((run["output"], run["steps"][0]["attempts"]), ("forty-two", 2))
        asked = self.bodies("/ai/v1/chat/completions")[1]
        self.assertEqual((asked["model"], asked["messages"]), ("m1", [{"role": "user", "content": "What is it? {{ context.x }}"}]))
        self.stub.on("POST", "/ai/v1/chat/completions", Reply(400, {"error": "no such model"}))
        run = self.run_of("ask a model", status="FAILED", question="again")
        self.assertEqual(run["steps"][0]["attempts"], 1)  # nothing that another try would change

    # research and summarise

    def research(self, results):
        self.stub.on("GET", "/searx/search", Reply(200, {"query": "q", "results": results}))
        self.stub.on("POST", "/ai/v1/chat/completions", chat("It is so."))
        self.stub.on("POST", "/mem/v1/facts", Reply(201, {"id": "f1"}))
        for name in ("one", "two"):
            self.stub.on("GET", f"/pages/{name}", page)
        self.stub.on("GET", "/pages/gone", Reply(404, {}))

    def test_template_research_and_summarise(self):
        urls = [f"{self.stub.url}/pages/{name}" for name in ("one", "gone", "two")]
        self.research([{"url": url, "title": url, "content": "…", "engine": "stub"} for url in urls])
        run = self.run_of("research and summarise", topic="ducks", pages=3, concurrency=2, project_id="p1")
        self.assertEqual(run["output"], {"summary": "It is so.", "sources": [urls[0], urls[2]], "unreadable": 1})
        self.assertIn("All about two.", self.bodies("/ai/v1/chat/completions")[0]["messages"][1]["content"])
        [fact] = self.bodies("/mem/v1/facts")
        self.assertEqual((fact["project_id"], fact["fact"], fact["source"], fact["tags"]), ("p1", "ducks: It is so.", f"{urls[0]} {urls[2]}", ["research"]))
        self.assertEqual(urllib.parse.parse_qs(self.stub.requests("/searx/search")[0].query)["q"], ["ducks"])

    def test_template_research_and_summarise_without_hits(self):
        self.research([])
        run = self.run_of("research and summarise", topic="nothing")
        self.assertEqual(run["output"], {"summary": "", "sources": [], "unreadable": 0})
        self.assertEqual(self.stub.count("/ai/v1/chat/completions"), 0)

    # answer from memory

    def test_template_answer_from_memory(self):
        self.stub.on("POST", "/mem/v1/search", Reply(200, {"items": [{"fact": "the sky is blue"}] * 3}))
        self.stub.on("POST", "/ai/v1/chat/completions", chat("Blue."))
        self.stub.on("POST", "/mem/v1/facts", Reply(201, {"id": "f1"}))
        workflow = self.make("answer from memory")
        problem = self.begin(workflow, {}, 422)
        self.assertIn("question", json.dumps(problem["errors"]) if isinstance(problem, dict) else str(problem))
        run = self.ended(self.begin(workflow, {"question": "Which colour?"})["id"])
        self.assertEqual(run["output"], {"answer": "Blue.", "facts": 3, "searched": False})
        self.assertEqual(self.steps(run)["look it up"], "SKIPPED")
        self.assertEqual(self.bodies("/mem/v1/search")[0], {"project_id": "default", "query": "Which colour?", "limit": 8})
        self.assertEqual(self.bodies("/mem/v1/facts")[0]["fact"], "Q: Which colour? A: Blue.")
        self.assertIn("the sky is blue", self.bodies("/ai/v1/chat/completions")[0]["messages"][0]["content"])

    def test_template_answer_from_memory_looks_it_up(self):
        self.stub.on("POST", "/mem/v1/search", Reply(200, {"facts": []}))
        self.stub.on("POST", "/ai/v1/chat/completions", chat("Who knows."))
        self.stub.on("GET", "/searx/search", Reply(400, {"error": "no"}))  # which is no reason to give no answer
        run = self.run_of("answer from memory", {"question": "Why?", "keep": False}, facts_key="facts")
        self.assertEqual(run["output"], {"answer": "Who knows.", "facts": 0, "searched": True})
        self.assertEqual(self.steps(run), {"recall": "SUCCEEDED", "facts": "SUCCEEDED", "look it up": "FAILED", "answer": "SUCCEEDED", "remember": "SKIPPED"})

    # draft, review, publish

    def draft(self, **params):
        words = 'data: {"choices":[{"index":0,"delta":{"content":"A dull text."}}]}\n\ndata: [DONE]\n\n'
        self.stub.on("POST", "/ai/v1/chat/completions", Reply(200, words, {"Content-Type": "text/event-stream"}))
        self.stub.on("POST", "/publish", Reply(201, {"id": 7}))
        return self.begin(self.make("draft, review, publish", brief="Write!", publish_url=self.stub.url + "/publish", **params))["id"]

    def test_template_draft__review__publish(self):
        run_id = self.draft(token_secret="api")
        self.waiting(run_id, "WAITING_APPROVAL")
        self.assertEqual(self.server.run(run_id)["steps"][1]["message"], "To be published: A dull text.")
        self.decide(run_id, expect=422, input={"txt": "misspelt"})
        self.decide(run_id, input={"text": "A fine text."}, comment="better so")
        self.assertEqual(self.ended(run_id)["output"], {"published": True, "why_not": ""})
        [request] = self.stub.requests("/publish")
        self.assertEqual((request.json(), request.headers["authorization"]), ({"text": "A fine text.", "reviewed_by": "local"}, "Bearer " + TOKEN))

    def test_template_draft__review__publish_as_it_is(self):
        run_id = self.draft()
        self.waiting(run_id, "WAITING_APPROVAL")
        self.decide(run_id)
        self.ended(run_id)
        [request] = self.stub.requests("/publish")
        self.assertEqual(request.json()["text"], "A dull text.")
        self.assertNotIn("authorization", request.headers)

    def test_template_draft__review__publish_too_late(self):
        run = self.ended(self.draft(review_ms=50))
        self.assertFalse(run["output"]["published"])
        self.assertIn("nobody decided within 50 ms", run["output"]["why_not"])
        self.assertEqual(self.stub.count("/publish"), 0)

    # approved release

    def release(self, *states, announce=Reply(200, {})):
        self.stub.on("GET", "/scm/status", in_turn(*[Reply(200, {"state": state}) for state in states]))
        self.stub.on("POST", "/scm/releases", Reply(201, {"id": 17}))
        self.stub.on("POST", "/announce", announce)
        return self.begin(self.make("approved release", status_path="/status", releases_path="/releases", tag="v1.2", every_ms=10, announce_url=self.stub.url + "/announce"))["id"]

    def test_template_approved_release(self):
        run_id = self.release("pending", "running", "success")
        run = self.waiting(run_id, "WAITING_APPROVAL")
        self.assertEqual(self.stub.count("/scm/status"), 3)
        self.decide(run_id, expect=422)  # the notes are missing
        self.decide(run_id, input={"notes": "much better"})
        run = self.ended(run_id)
        self.assertEqual(run["output"], {"release": 17, "approved_by": "local"})
        self.assertEqual(self.bodies("/scm/releases"), [{"tag_name": "v1.2", "body": "much better", "prerelease": False}])
        self.assertEqual(self.bodies("/announce"), [{"text": "v1.2 is released: much better", "approved_by": "local"}])
        self.assertEqual(self.stub.count("/scm/releases/17"), 0)

    def test_template_approved_release_of_bad_checks(self):
        run = self.ended(self.release("failure"), "FAILED")
        self.assertEqual(run["error_code"], "condition_false")
        self.assertEqual(self.stub.count("/scm/releases"), 0)

    def test_template_approved_release_taken_back(self):
        run_id = self.release("success", announce=Reply(400, {}))
        self.waiting(run_id, "WAITING_APPROVAL")
        self.decide(run_id, input={"notes": "n"})
        run = self.ended(run_id, "FAILED")
        self.assertEqual([request.method for request in self.stub.requests("/scm/releases/17")], ["DELETE"])
        self.assertEqual([step["status"] for step in run["compensations"]], ["SUCCEEDED"])

    # run a job and wait for it

    def job(self, *states, status="SUCCEEDED", **params):
        def made(request):
            return Reply(201, {"id": "j1"}) if request.headers.get("authorization") == "Bearer " + TOKEN else Reply(401, {})
        self.stub.on("POST", "/jobs", made)
        self.stub.on("GET", "/jobs/j1", in_turn(*[Reply(200, {"status": state}) for state in states]))
        self.stub.on("GET", "/jobs/j1/result", Reply(200, {"rows": 3}))
        return self.run_of("run a job and wait for it", {"job": {"sql": "select 1"}}, status, jobs_url=self.stub.url + "/jobs", token_secret="api", every_ms=5, **params)

    def test_template_run_a_job_and_wait_for_it(self):
        run = self.job("queued", "running", "done")
        self.assertEqual(run["output"], {"rows": 3})
        self.assertEqual(self.bodies("/jobs"), [{"sql": "select 1"}])
        self.assertEqual(self.stub.count("/jobs/j1"), 3)
        self.assertTrue(all(request.headers["authorization"] == "Bearer " + TOKEN for request in self.stub.requests() if request.path.startswith("/jobs")))
        self.assertNotIn(TOKEN, json.dumps(self.server.get(f"/v1/workflows/{run['workflow_id']}").expect(200)))

    def test_template_run_a_job_and_wait_for_it_in_vain(self):
        run = self.job("running", status="FAILED", looks=3)
        self.assertEqual((run["error_code"], self.steps(run)["cancel it"]), ("condition_false", "SUCCEEDED"))
        self.assertEqual([request.method for request in self.stub.requests("/jobs/j1")], ["GET"] * 3 + ["DELETE"])

    def test_template_run_a_job_and_wait_for_it_that_fails(self):
        run = self.job("failed", status="FAILED")
        self.assertEqual(self.steps(run)["cancel it"], "SKIPPED")
        self.assertEqual(self.stub.count("/jobs/j1/result"), 0)

    # fan out over URLs

    def test_template_fan_out_over_urls(self):
        self.stub.on("GET", "/busy", in_turn(Reply(429, {}, {"Retry-After": "0"}), Reply(200, {"n": 1})))
        self.stub.on("GET", "/gone", Reply(404, {}))
        urls = [f"{self.stub.url}/{name}" for name in ("a", "busy", "gone", "b")]
        run = self.run_of("fan out over URLs", {"urls": urls}, least_percent=75, concurrency=2)
        self.assertEqual((run["output"]["answered"], run["output"]["unanswered"]), (3, [urls[2]]))
        self.assertEqual(run["output"]["answers"], [{"path": "/a"}, {"n": 1}, None, {"path": "/b"}])
        self.assertEqual(run["steps"][0]["items"], {"total": 4, "begun": 4, "ended": 4, "failed": 1})
        self.assertEqual((self.stub.count("/busy"), self.stub.count("/gone")), (2, 1))
        run = self.run_of("fan out over URLs", {"urls": urls}, "FAILED")
        self.assertEqual(run["error_code"], "condition_false")
        self.begin(self.make("fan out over URLs"), {"urls": ["ftp://x"]}, 422)

    # order with compensation

    def order(self, status="SUCCEEDED", credit=Reply(200, {"ok": True}), ship=Reply(201, {"tracking": "T1"})):
        self.stub.on("POST", "/stock", Reply(201, {"id": "r1"}))
        self.stub.on("POST", "/credit", credit)
        self.stub.on("POST", "/pay", Reply(201, {"id": "p1"}))
        self.stub.on("POST", "/ship", ship)
        url = self.stub.url
        run = self.run_of("order with compensation", {"order_id": "o1", "items": [{"sku": "a", "n": 2}], "amount": 12.5}, status,
                          stock_url=url + "/stock", credit_url=url + "/credit", payment_url=url + "/pay", shipping_url=url + "/ship", notify_url=url + "/notify")
        return run, [request.method + " " + request.path for request in self.stub.requests() if not request.path.startswith("/mem")]

    def test_template_order_with_compensation(self):
        run, calls = self.order()
        self.assertEqual(run["output"], {"tracking": "T1", "payment": "p1"})
        self.assertEqual((set(calls[:2]), calls[2:]), ({"POST /stock", "POST /credit"}, ["POST /pay", "POST /ship", "POST /notify"]))
        self.assertEqual(self.bodies("/notify"), [{"order": "o1", "shipped": True, "tracking": "T1"}])
        self.assertTrue(self.stub.requests("/pay")[0].headers["idempotency-key"].startswith("pay-o1:"))

    def test_template_order_with_compensation_undone(self):
        run, calls = self.order("FAILED", ship=Reply(409, {"error": "no such street"}))
        self.assertEqual(calls[3:], ["POST /ship", "POST /pay/p1/refund", "DELETE /stock/r1", "POST /notify"])  # last first
        self.assertEqual(self.bodies("/pay/p1/refund"), [{"amount": 12.5}])
        self.assertEqual(self.bodies("/notify"), [{"order": "o1", "shipped": False, "tracking": ""}])
        self.assertIn("no such street", run["error"])

    def test_template_order_with_compensation_without_credit(self):
        _, calls = self.order("FAILED", credit=Reply(200, {"ok": False}))
        self.assertEqual(calls[2:], ["DELETE /stock/r1", "POST /notify"])

    # ask a partner and wait for the answer

    def test_template_ask_a_partner_and_wait_for_the_answer(self):
        def partner(request):
            told.append(request.json())
            return Reply(202, {})
        told = []
        self.stub.on("POST", "/partner", partner)
        run_id = self.begin(self.make("ask a partner and wait for the answer", partner_url=self.stub.url + "/partner"), {"offer": 5})["id"]
        self.waiting(run_id, "WAITING")
        self.assertEqual(told, [{"request": {"offer": 5}, "run": run_id, "signal": "answer", "reminder": False}])
        self.server.post(f"/v1/runs/{told[0]['run']}/signals/{told[0]['signal']}", {"agreed": True}).expect(202)
        run = self.ended(run_id)
        self.assertEqual(run["output"], {"answer": {"agreed": True}, "reminded": False})
        self.assertEqual(self.steps(run)["remind"], "SKIPPED")

    def test_template_ask_a_partner_and_wait_for_the_answer_that_is_late(self):
        run_id = self.begin(self.make("ask a partner and wait for the answer", partner_url=self.stub.url + "/partner", signal="done", patience_ms=2500))["id"]
        self.assertEqual(self.stub.wait_for(2, "/partner"), 2)
        self.assertTrue(self.bodies("/partner")[1]["reminder"])
        self.server.post(f"/v1/runs/{run_id}/signals/done", {"agreed": False}).expect(202)
        self.assertEqual(self.ended(run_id)["output"], {"answer": {"agreed": False}, "reminded": True})

    def test_template_ask_a_partner_and_wait_for_the_answer_that_never_comes(self):
        run = self.run_of("ask a partner and wait for the answer", status="FAILED", partner_url=self.stub.url + "/partner", patience_ms=20)
        self.assertEqual(run["error_code"], "timeout")

    # health check and alert

    def health(self, **context):
        self.stub.on("GET", "/well", Reply(200, {"status": "ok"}))
        self.stub.on("GET", "/ill", Reply(500, {}))
        self.stub.on("GET", "/moody", in_turn(Reply(503, {}), Reply(200, {"status": "ok"})))
        services = [{"name": name, "url": f"{self.stub.url}/{name}"} for name in ("well", "moody")]
        return self.run_of("health check and alert", context, services=services, alert_url=self.stub.url + "/alert", retry_ms=1)

    def test_template_health_check_and_alert(self):
        run = self.health()
        self.assertEqual((run["output"], self.steps(run)["alert"]), ({"healthy": True, "sick": []}, "SKIPPED"))
        self.assertEqual(self.bodies("/mem/v1/facts")[0]["fact"], "all services answered")

    def test_template_health_check_and_alert_alerts(self):
        run = self.health(more_services=[{"name": "the ill one", "url": self.stub.url + "/ill"}])
        self.assertEqual(run["output"], {"healthy": False, "sick": ["the ill one"]})
        [alert] = self.bodies("/alert")
        self.assertEqual((alert["run"], alert["sick"]), (run["id"], ["the ill one"]))
        self.assertEqual(self.stub.count("/ill"), 3)
        self.assertEqual(self.bodies("/mem/v1/facts")[0]["fact"], "did not answer: the ill one")

    # incident with escalation

    def incident(self, **params):
        return self.begin(self.make("incident with escalation", page_url=self.stub.url + "/page", **params), {"title": "disk full", "severity": "high"})["id"]

    def lines(self):
        return [body["line"] for body in self.bodies("/page")]

    def test_template_incident_with_escalation(self):
        run_id = self.incident()
        self.waiting(run_id, "WAITING_APPROVAL")
        self.decide(run_id, input={"eta_minutes": 15})
        self.assertEqual(self.ended(run_id)["output"], {"taken_by": "local", "line": 1, "eta_minutes": 15})
        self.assertEqual(self.lines(), [1, 0])
        self.assertEqual(self.bodies("/page")[1], {"line": 0, "title": "disk full", "taken_by": "local", "eta_minutes": 15})

    def test_template_incident_with_escalation_to_the_second_line(self):
        run_id = self.incident(first_ms=30)
        wait_until(lambda: self.lines() == [1, 2] and self.server.run(run_id)["status"] == "WAITING_APPROVAL", 20, "the second line's gate")
        self.assertEqual(self.server.run(run_id)["steps"][3]["message"],
                         "HIGH: disk full. The first line did not take it (rejected: nobody decided within 30 ms).")
        self.decide(run_id, input={"eta_minutes": 60})
        self.assertEqual(self.ended(run_id)["output"], {"taken_by": "local", "line": 2, "eta_minutes": 60})

    def test_template_incident_with_escalation_that_is_passed_on_to_nobody(self):
        run_id = self.incident(second_ms=30)
        self.waiting(run_id, "WAITING_APPROVAL")
        self.decide(run_id, "reject", comment="not me")
        run = self.ended(run_id, "FAILED")
        self.assertEqual((run["error_code"], self.lines()), ("timeout", [1, 2, 0]))
        self.assertEqual(self.bodies("/page")[2]["taken_by"], "nobody")

    # batch import

    def test_template_batch_import(self):
        tries = {}

        def take(request):
            record = request.json()
            tries.setdefault(record["sku"], []).append(request.headers["idempotency-key"])
            if record["sku"] == "bad":
                return Reply(422, {"error": "no price"})
            return Reply(503, {}, {"Retry-After": "0"}) if record["sku"] == "slow" and len(tries["slow"]) == 1 else Reply(201, {"stored": record["sku"]})
        self.stub.on("POST", "/import", take)
        records = [{"sku": sku, "text": "{{ secrets.api }}"} for sku in ("a", "bad", "slow", "b")]
        params = {"import_url": self.stub.url + "/import", "rejects_url": self.stub.url + "/rejects", "id_key": "sku", "token_secret": "api"}
        run = self.run_of("batch import", {"records": records}, most_rejects=1, concurrency=2, **params)
        self.assertEqual(run["output"], {"imported": 3, "rejected": ["bad"]})
        self.assertEqual(self.bodies("/rejects"), [{"run": run["id"], "records": [records[1]]}])
        self.assertEqual((len(tries["slow"]), len(set(tries["slow"])), len(tries["bad"])), (2, 1, 1))  # the same key on every try
        self.assertEqual({request.headers["authorization"] for request in self.stub.requests("/import")}, {"Bearer " + TOKEN})
        self.assertEqual({request.json()["text"] for request in self.stub.requests("/import")}, {"{{ secrets.api }}"})
        self.assertEqual(self.run_of("batch import", {"records": records[:2]}, "FAILED", **params)["error_code"], "condition_false")


if __name__ == "__main__":
    unittest.main()
