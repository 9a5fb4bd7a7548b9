"""The page for people who come from elsewhere: each of its ten translations, stored as it stands and run on its good and its bad way.

The hosts of the page (http://stock.example/…) are folders of one stub (…/stock/…), and waits between tries and rounds are a millisecond."""
import json
import os
import re
import unittest
import urllib.parse

from server import Server
from stub import Reply, Stub

PAGE = os.path.join(os.environ["ORC_SOURCE_DIR"], "docs", "coming-from.md")
SHORT_WAITS = ("every_ms", "backoff_ms")


def sections(text):
    """number: (the original, the translation's workflows in their order)"""
    found = {}
    for part in re.split(r"^### ", text, flags=re.M)[1:]:
        part = re.split(r"^## ", part, flags=re.M)[0]
        originals, translations = ([json.loads(block) for block in re.findall(rf"```{kind}\n(.*?)```", part, re.S)] for kind in ("jsonc", "json"))
        if len(originals) != 1 or not translations:
            raise AssertionError(f"{len(originals)} originals and {len(translations)} translations in {part[:60]!r}")
        found[int(part.split(".")[0])] = (originals[0], translations)
    return found


def without_waits(value):
    if isinstance(value, dict):
        return {key: 1 if key in SHORT_WAITS else without_waits(item) for key, item in value.items()}
    return [without_waits(item) for item in value] if isinstance(value, list) else value


def compact(value):
    return json.dumps(value, separators=(",", ":"), ensure_ascii=False)


class ComingFromTest(unittest.TestCase):
    maxDiff = None

    @classmethod
    def setUpClass(cls):
        cls.stub = Stub()
        cls.server = Server({"ai_router": {"base_url": cls.stub.url + "/ai"}})
        with open(PAGE, encoding="utf-8") as page:
            cls.text = page.read()
        cls.sections = sections(cls.text)

    @classmethod
    def tearDownClass(cls):
        cls.server.close()
        cls.stub.close()

    # What the checks below are made of.

    def on(self, call, reply):
        """`on("GET jobs/7", …)`: what the service jobs answers; a list is one reply after the other, the last one for good."""
        method, path = call.split(" ")
        if isinstance(reply, list):
            replies = list(reply)
            reply = lambda _: replies.pop(0) if len(replies) > 1 else replies[0]
        elif not callable(reply) and not isinstance(reply, Reply):
            reply = Reply(200, reply)
        self.stub.on(method, "/" + path, reply)

    def start(self, context, expect=201):
        """A run of the section's last workflow, or why there is none."""
        self.seen_before = self.stub.count()
        answer = self.server.post("/v1/runs?wait=30s" if self.to_the_end else "/v1/runs", {"workflow_id": self.main, "context": context})
        self.assertEqual(answer.status, expect, answer.data)
        return answer.json

    def calls(self):
        """What the services were asked since the last start: [(call, query or body)]"""
        seen = self.stub.requests()[self.seen_before:]
        return [(f"{r.method} {r.path[1:]}", dict(urllib.parse.parse_qsl(r.query)) if r.query else r.json() if r.body else None) for r in seen]

    def succeed(self, context):
        run = self.start(context)
        self.assertEqual(run["status"], "SUCCEEDED", run)
        return run.get("output")

    def fails(self, context):  # the error's code
        run = self.start(context)
        self.assertEqual(run["status"], "FAILED", run)
        return run["error_code"], run

    def store(self, workflow):
        report = self.server.post("/v1/workflows/validate", workflow).expect(200)
        self.assertEqual((report["valid"], report["errors"], report["warnings"]), (True, [], []), workflow["name"])
        local = re.sub(r"http://([a-z]+)\.example", rf"{self.stub.url}/\1", json.dumps(without_waits(workflow)))
        self.assertNotIn("http://", local.replace(self.stub.url, ""), "every address of the page is one of the stub's")
        stored = self.server.post("/v1/workflows", json.loads(local)).expect(201)
        self.assertEqual(stored.get("warnings", []), [])
        return stored["id"]

    def test_every_translation(self):
        checks = {1: self.polled_job, 2: self.order, 3: self.invoices, 4: self.expense, 5: self.collect_payment, 6: self.provision_sites,
                  7: self.export_customers, 8: self.new_lead, 9: self.sync_orders, 10: self.morning_report}
        done = []
        for number, (original, workflows) in self.sections.items():
            with self.subTest(number=number):
                self.to_the_end = True
                for workflow in workflows:
                    self.main = self.store(workflow)
                checks[number]()
                there, here = len(compact(original)), sum(len(compact(workflow)) for workflow in workflows)
                print(f"{number:2}: {there} characters there, {here} here")
                self.assertLess(here, there)
                done.append(number)
        self.assertEqual(done, list(range(1, 11)))
        self.assertEqual(self.text.count("```json\n"), 12)  # one of the ten is three workflows

    def test_what_a_failed_item_was_answered_is_no_output_of_the_loop(self):
        self.to_the_end = True
        self.on("POST odd/ones", lambda request: Reply(500 if request.json() % 2 else 200, {"n": request.json()}))
        call = {"name": "call", "action": "http", "for_each": "lists.range(4)", "on_item_error": "continue", "input": {"url": self.stub.url + "/odd/ones", "body": "{{ item }}"}}
        later = {"name": "later", "action": "wait", "input": {"ms": 1}}  # the loop's output is read in its own decision, and once more from the disk
        at_once = {"name": "at once", "action": "transform", "input": {"expr": "steps.call.output"}}
        self.main = self.server.create_workflow(call, at_once, later, output="[steps.at_once.output, steps.call.output]")["id"]
        outputs = [{"n": 0}, None, {"n": 2}, None]
        run = self.start({})
        self.assertEqual(run["output"], [outputs, outputs])
        items = self.server.get(f"/v1/runs/{run['id']}/steps?parent=call").expect(200)["items"]
        self.assertEqual([item["output"] for item in items], [{"n": n} for n in range(4)])

    # The ten.

    def polled_job(self):
        running = Reply(200, {"status": "RUNNING"})
        self.on("POST jobs/jobs", [Reply(503), Reply(200, {"id": "j1"})])
        self.on("GET jobs/jobs/j1", [running, running, Reply(200, {"status": "SUCCEEDED", "result": {"rows": 3}})])
        self.assertEqual(self.succeed({"job": {"of": "ana"}}), {"rows": 3})
        ask = ("GET jobs/jobs/j1", None)
        self.assertEqual(self.calls(), [("POST jobs/jobs", {"of": "ana"})] * 2 + [ask] * 3)
        self.on("GET jobs/jobs/j1", [running, Reply(200, {"status": "FAILED"})])
        self.assertEqual(self.fails({"job": {}})[0], "condition_false")
        self.on("GET jobs/jobs/j1", running)
        code, run = self.fails({"job": {}})
        self.assertEqual((code, run["steps"][1]["round"]), ("repeat_exhausted", 240))

    def order(self):
        context = {"order": "o1", "items": ["a"], "amount": 12.5}
        self.on("POST stock/reservations", {"id": "r1"})
        self.on("POST cards/charges", {"id": "c1"})
        self.on("POST parcels/parcels", {"tracking": "t1"})
        self.assertEqual(self.succeed(context), {"tracking": "t1"})
        there = [("POST stock/reservations", {"order": "o1", "items": ["a"]}), ("POST cards/charges", {"order": "o1", "amount": 12.5})]
        parcel = ("POST parcels/parcels", {"order": "o1", "reservation": "r1"})
        self.assertEqual(self.calls(), [*there, parcel])
        self.on("POST parcels/parcels", Reply(429))
        self.on("POST cards/charges/c1/refund", [Reply(500), Reply(200, {})])
        code, run = self.fails(context)
        self.assertEqual((code, [step["status"] for step in run["compensations"]]), ("http_status", ["SUCCEEDED"] * 2))
        refund, release = ("POST cards/charges/c1/refund", None), ("DELETE stock/reservations/r1", None)
        self.assertEqual(self.calls(), [*there, parcel, parcel, parcel, refund, refund, release])
        self.on("POST cards/charges", Reply(402))
        self.fails(context)
        self.assertEqual(self.calls(), [*there, release])

    def invoices(self):
        context = {"customer": "acme", "invoices": [{"number": n} for n in range(12)]}
        self.on("POST invoices/invoices", lambda request: Reply(200, {"amount": request.json()["number"] * 10}))
        self.assertEqual(self.succeed(context), {"sent": 12, "total": 660})
        self.assertCountEqual(self.calls(), [("POST invoices/invoices", {"number": n, "customer": "acme", "position": n + 1}) for n in range(12)])
        busy = [2]

        def busy_twice(request):
            if request.json()["number"] == 7 and busy[0] > 0:
                busy[0] -= 1
                return Reply(429)
            return Reply(200, {"amount": 1})
        self.on("POST invoices/invoices", busy_twice)
        self.assertEqual(self.succeed(context), {"sent": 12, "total": 12})
        self.assertEqual(len(self.calls()), 14)
        self.on("POST invoices/invoices", lambda request: Reply(400 if request.json()["number"] == 0 else 200, {"amount": 1}))
        code, run = self.fails({**context, "invoices": [{"number": 0}] * 12})
        self.assertEqual((code, run["steps"][0]["items"]["begun"], len(self.calls())), ("http_status", 5, 5))

    def expense(self):
        self.to_the_end = False
        context = {"expense": {"by": "ana@shop.example", "amount": 40}}

        def decide(decision, body, expect=200):
            run = self.server.wait_run(self.start(context)["id"], ("WAITING_APPROVAL",))
            asked = ("POST mail/mails", {"to": "finance@shop.example", "text": f"Expense of ana@shop.example: {run['id']}"})
            self.assertEqual(self.calls(), [asked])
            for answer, status in body:
                self.server.post(f"/v1/runs/{run['id']}/{decision}", answer).expect(status)
            self.assertEqual(self.server.wait_run(run["id"])["status"], "SUCCEEDED")
            return self.calls()[1:]
        paid = [("POST payroll/payments", {"expense": context["expense"], "cost_center": "c7"})]
        self.assertEqual(decide("approve", [({}, 422), ({"input": {"cost_center": 7}}, 422), ({"input": {"cost_center": "c7"}}, 200)]), paid)
        [(call, mail)] = decide("reject", [({"comment": "too much"}, 200)])
        self.assertEqual((call, mail["to"]), ("POST mail/mails", "ana@shop.example"))
        self.assertIn("too much", mail["text"])
        [gate] = [step["requires_approval"] for step in self.sections[4][1][0]["steps"] if "requires_approval" in step]
        hurried = json.loads(json.dumps(self.server.get(f"/v1/workflows/{self.main}").expect(200)["steps"]).replace(str(gate["timeout_ms"]), "1"))
        self.main = self.server.create_workflow(*hurried)["id"]
        self.assertEqual(self.server.wait_run(self.start(context)["id"])["status"], "SUCCEEDED")
        self.assertEqual(self.calls()[1:], [("POST mail/mails", {"to": "ana@shop.example", "text": "rejected: nobody decided within 1 ms"})])

    def collect_payment(self):
        self.on("POST cards/charges", {"id": "c1"})
        self.on("POST invoices/invoices", {"id": "i1"})
        self.assertEqual(self.succeed({"method": "card", "order": "o1", "card": "4111"}), {"payment": "c1"})
        self.assertEqual(self.calls(), [("POST cards/charges", {"order": "o1", "card": "4111"}), ("POST mail/mails", {"order": "o1", "payment": "c1"})])
        self.assertEqual(self.succeed({"method": "invoice", "order": "o1"}), {"payment": "i1"})
        self.assertEqual(self.calls(), [("POST invoices/invoices", {"order": "o1"}), ("POST mail/mails", {"order": "o1", "payment": "i1"})])
        for context in ({"method": "cash"}, {}):
            self.assertIn("/context", self.start(context, expect=422)["errors"][0]["pointer"])
            self.assertEqual(self.calls(), [])

    def provision_sites(self):
        hosts = ["a.example", "b.example", "c.example"]
        self.on("POST dns/records", lambda request: Reply(200, {"id": "r-" + request.json()["name"]}))
        self.on("POST certificates/certificates", lambda request: Reply(200, {"id": "c-" + request.json()["record"]}))
        output = {"sites": [{"host": host, "certificate": f"c-r-{host}"} for host in hosts]}
        self.assertEqual(self.succeed({"sites": [{"host": host} for host in hosts]}), output)
        calls = self.calls()
        self.assertEqual((len(calls), calls[-1]), (7, ("POST chat/messages", output)))
        self.assertNotIn("POST pager/alerts", dict(calls))
        self.on("POST certificates/certificates", lambda request: Reply(507 if request.json()["name"] == hosts[1] else 200, {"id": "c"}))
        code, run = self.fails({"sites": [{"host": host} for host in hosts]})
        self.assertEqual((code, self.stub.wait_for(1, "/pager/alerts")), ("http_status", 1))
        calls = dict(self.calls())
        self.assertEqual(calls["POST pager/alerts"], {"run": run["id"], "why": run["error"]})
        self.assertIn("507", run["error"])
        self.assertNotIn("POST chat/messages", calls)

    def export_customers(self):
        self.on("GET crm/customers/count", {"total": 250})
        self.on("GET crm/customers", lambda request: Reply(200, ["row of " + request.query]))
        self.assertEqual(self.succeed({}), {"pages": 3})
        calls = self.calls()
        self.assertCountEqual(calls[1:4], [("GET crm/customers", {"per_page": "100", "page": str(n)}) for n in (1, 2, 3)])
        self.assertEqual([body["page"] for _, body in calls[4:]], [1, 2, 3])
        self.assertTrue(all(f"page={body['page']}" in body["rows"][0] for _, body in calls[4:]), calls)
        self.on("POST lake/customers", Reply(500))
        self.assertEqual(self.fails({})[0], "http_status")
        self.assertEqual([body["page"] for call, body in self.calls() if call == "POST lake/customers"], [1] * 4)  # one page at a time
        self.on("GET crm/customers", Reply(500))
        self.assertEqual(self.fails({})[0], "http_status")
        self.assertNotIn("POST lake/customers", dict(self.calls()))
        self.on("GET crm/customers/count", {"total": 0})
        self.assertEqual(self.succeed({}), {"pages": 0})

    def new_lead(self):
        context = {"name": "Ana", "email": "ana@acme.example"}
        look_up = ("GET companies/companies", {"domain": "acme.example"})
        newsletter = ("POST newsletter/subscribers", {"email": "ana@acme.example"})
        self.on("GET companies/companies", {"name": "Acme", "employees": 900})
        self.succeed(context)
        self.assertEqual(self.calls(), [look_up, ("POST slack/api/chat.postMessage", {"channel": "#sales", "text": "Ana of Acme (900)"})])
        self.on("GET companies/companies", {"name": "Acme", "employees": 9})
        self.succeed(context)
        self.assertEqual(self.calls(), [look_up, newsletter])
        self.on("GET companies/companies", Reply(503))
        self.succeed(context)
        self.assertEqual(self.calls(), [look_up, look_up, look_up, newsletter])

    def sync_orders(self):
        orders = [{"id": n} for n in range(1, 26)]
        self.on("GET shop/orders", {"orders": orders})
        self.on("POST erp/orders", lambda request: Reply(200, {"booked": request.json()["id"]}))
        self.succeed({})
        done = ("POST chat/messages", {"text": "25 orders"})
        calls = self.calls()
        self.assertEqual((calls[0], calls[-1], len(calls)), (("GET shop/orders", {"state": "new"}), done, 27))
        self.assertCountEqual(calls[1:-1], [("POST erp/orders", order) for order in orders])
        self.on("POST erp/orders", lambda request: Reply(500 if request.json()["id"] in (7, 20) else 200, {"booked": 1}))
        self.succeed({})
        calls = self.calls()
        self.assertEqual(sum(call == "POST erp/orders" for call, _ in calls), 25 + 2 * 2)
        self.assertEqual(sorted(body["title"] for call, body in calls if call == "POST tickets/tickets"), ["Order 20 was not booked", "Order 7 was not booked"])
        self.assertEqual(calls[-1], done)

    def morning_report(self):
        self.on("GET tickets/tickets", {"tickets": [{"id": 1}]})
        self.on("GET pager/incidents", {"incidents": []})
        self.on("POST ai/v1/chat/completions", {"choices": [{"message": {"role": "assistant", "content": "All is calm."}}]})
        self.succeed({})
        calls = self.calls()
        self.assertCountEqual(calls[:2], [("GET tickets/tickets", {"state": "open"}), ("GET pager/incidents", None)])
        self.assertEqual(calls[2][1]["messages"][1]["content"], 'Tickets: [{"id":1}]\nIncidents: []')
        self.assertEqual(calls[3:], [("POST chat/messages", {"text": "All is calm."})])
        self.on("GET pager/incidents", Reply(500))
        self.assertEqual(self.fails({})[0], "http_status")
        self.assertEqual({call for call, _ in self.calls()}, {"GET tickets/tickets", "GET pager/incidents"})


if __name__ == "__main__":
    unittest.main(verbosity=2)
