"""Secrets on the real server: the service gets the value, and no file, log, answer, stream or event of the server ever holds it."""
import base64
import json
import os
import pathlib
import signal
import threading
import unittest
import urllib.parse

from server import Server, wait_until
from stub import Reply, Stub

OF_ENV = 'canary-env/4711+"quoted" ümlaut'
OF_FILE = "canary-file-0815-xyzzy-plugh"
NEXT_FILE = "canary-next-4242-frobozz-quux"
SHORT = "k3y!"


def forms(value):
    """What a leak would look like, in bytes."""
    raw = value.encode()
    found = {raw, json.dumps(value)[1:-1].encode(), json.dumps(value, ensure_ascii=False)[1:-1].encode(),
             urllib.parse.quote(value, safe="").encode(), urllib.parse.quote_plus(value).encode(), urllib.parse.quote(value).encode(),
             raw.hex().encode(), raw.hex().upper().encode(), value[::-1].encode()}
    for before in range(3):
        core = base64.b64encode(b"\0" * before + raw)
        core = core[[0, 2, 3][before]:len(core) - [4, 4, 4][before]]
        found |= {core, core.replace(b"+", b"-").replace(b"/", b"_")}
    return {form for form in found if len(form) >= 8}


def echo(request):
    """The whole request back, in every way that a service might."""
    told = request.headers.get("authorization", "") + " " + request.body.decode()
    body = {"headers": request.headers, "query": urllib.parse.unquote_plus(request.query), "raw_query": request.query,
            "body": request.body.decode(), "base64": base64.b64encode(request.body).decode(),
            "shifted": [base64.b64encode(b"x" * n + told.encode()).decode() for n in range(3)],
            "for_urls": base64.urlsafe_b64encode(b"???>>>" + told.encode()).decode(), "form": urllib.parse.quote_plus(told),
            "twice": urllib.parse.quote(urllib.parse.quote(told)), "hex": told.encode().hex(), told: "as a key", "in json": json.dumps({"a": json.dumps(told)})}
    return body


class SecretsTest(unittest.TestCase):
    def setUp(self):
        self.stub, self.hook = Stub(), Stub()
        self.addCleanup(self.stub.close)
        self.addCleanup(self.hook.close)
        self.stub.on("*", "/echo", lambda r: Reply(200, echo(r), {"X-Echo": r.headers.get("authorization", ""), "X-Form": urllib.parse.quote(r.headers.get("authorization", ""))}))
        self.stub.on("*", "/text", lambda r: Reply(200, ("<p>" + r.headers.get("authorization", "") + "</p>").encode(), {"Content-Type": "text/html"}))
        self.stub.on("*", "/refuse", lambda r: Reply(403, {"detail": "x" * 480 + " bad key " + r.headers.get("authorization", "")}))
        self.server = Server(start=False)
        self.addCleanup(self.server.close)
        self.file = os.path.join(self.server._own_dir, "secret.txt")
        self.write(OF_FILE + "\n")
        self.server.env = {"CANARY": OF_ENV, "SHORT": SHORT}
        self.server.configure({"log": {"level": "debug"}, "memarch": {"base_url": self.hook.url}, "audit_log": {"base_url": self.hook.url},
                               "secrets": {"token": {"env": "CANARY"}, "key": {"file": self.file}, "pin": {"env": "SHORT"},
                                           "gone": {"file": self.file + ".gone"}}})
        self.server.start()
        self.answers = []

    def write(self, text):
        with open(self.file + ".new", "w") as out:
            out.write(text)
        os.rename(self.file + ".new", self.file)

    # Every answer is kept, so that it can be searched.

    def call(self, method, path, body=None, expect=200):
        answer = self.server.call(method, path, body)
        self.answers.append((path, answer.data + str(answer.headers).encode("utf-8", "surrogateescape")))
        self.assertEqual(answer.status, expect, answer.data[:2000])
        return json.loads(answer.data) if answer.data[:1] in (b"{", b"[") else answer.data

    def begin(self, *steps, context=None, **fields):
        made = self.call("POST", "/v1/workflows", {"name": "w", "steps": list(steps), **fields}, 201)
        return self.call("POST", "/v1/runs", {"workflow_id": made["id"], "context": context or {}}, 201)["id"]

    def ended(self, run_id):
        wait_until(lambda: self.server.run(run_id)["status"] in ("SUCCEEDED", "FAILED", "CANCELED"), 20, "the end of " + run_id)
        return self.call("GET", f"/v1/runs/{run_id}")

    def read_all(self, run_id):
        """Everything that the API tells of a run."""
        run = self.call("GET", f"/v1/runs/{run_id}")
        for path in ("/steps", "/events", "/logs"):
            self.call("GET", f"/v1/runs/{run_id}{path}")
        for step in run["steps"]:
            answer = self.server.get(f"/v1/runs/{run_id}/steps/{step['step_id']}/output")
            self.answers.append(("output", answer.data))
        for path in (f"/v1/runs/{run_id}/events/stream", f"/v1/runs/{run_id}/logs/stream"):
            answer = self.server.call("GET", path, headers={"Accept": "text/event-stream"})
            self.answers.append((path, answer.data))
        self.call("GET", f"/v1/workflows/{run['workflow_id']}")
        self.call("GET", "/v1/runs")

    def assert_nowhere(self, *values):
        files = sorted(pathlib.Path(self.server.state_dir).iterdir())
        self.assertTrue(any(file.suffix == ".db" for file in files), files)
        places = [(file.name, file.read_bytes()) for file in [*files, pathlib.Path(self.server.log_path)]] + self.answers
        places += [("a hook", r.body + str(r.headers).encode()) for r in self.hook.requests()]
        for value in values:
            for form in forms(value):
                for name, data in places:
                    at = data.find(form)
                    self.assertEqual(at, -1, f"{form!r} in {name}: {data[max(0, at - 200):at + 200]!r}")

    def call_step(self, path="/echo", header="Bearer {{ secrets.token }}", **fields):
        return {"name": "call", "action": "http",
                "input": {"method": "POST", "url": self.stub.url + path, "headers": {"Authorization": header}, "body": {"key": "{{ secrets.key }}"}}, **fields}

    def test_the_service_gets_the_value_and_nobody_else(self):
        step = self.call_step()
        step["input"]["query"] = {"k": "{{ secrets.token }}"}
        step["input"]["headers"]["X-Basic"] = "Basic {{ base64.encode(bytes('user:' + secrets.key)) }}"
        step["input"]["headers"]["X-Turned"] = "{{ secrets.key.reverse() }}"
        step["input"]["headers"]["Authorization"] = "{{ 'Bearer ' + secrets.token + context.suffix }}"
        step["input"]["headers"]["Authorization"] = "{{ 'Bearer ' + secrets.key + context.suffix }}"
        keep = {"name": "keep", "action": "transform", "input": {"set": {"seen": "{{ steps.call.output }}", "head": "{{ steps.call.response_headers }}"}}}
        run_id = self.begin(step, keep, context={"suffix": "-of-run"})
        run = self.ended(run_id)
        self.assertEqual(run["status"], "SUCCEEDED", run)
        [seen] = self.stub.requests("/echo")
        self.assertEqual(seen.headers["authorization"], f"Bearer {OF_FILE}-of-run")
        self.assertEqual(base64.b64decode(seen.headers["x-basic"][6:]), f"user:{OF_FILE}".encode())
        self.assertEqual(seen.headers["x-turned"], OF_FILE[::-1])
        self.assertEqual(urllib.parse.parse_qs(seen.query)["k"], [OF_ENV])
        self.assertEqual(seen.json(), {"key": OF_FILE})
        output = run["steps"][0]["output"]
        self.assertEqual(output["body"], '{"key":"[secret key]"}')
        self.assertEqual(output["headers"]["authorization"], "Bearer [secret key]-of-run")
        self.assertEqual(output["query"], "k=[secret token]")
        self.assertEqual(run["steps"][0]["response_headers"]["x-echo"], "Bearer [secret key]-of-run")
        self.read_all(run_id)
        wait_until(lambda: sum(b"run.succeeded" in r.body for r in self.hook.requests()) >= 2, 20, "the events")
        self.server.stop()  # what is still in the write-ahead log is moved into the database
        self.assert_nowhere(OF_ENV, OF_FILE)

    def test_failures_logs_and_texts_do_not_hold_it(self):
        key = "{{ secrets.key }}"
        self.stub.on("*", "/x/" + OF_FILE, Reply(404, {}))
        runs = [self.begin(self.call_step("/refuse", key)), self.begin(self.call_step("/text", key)),
                self.begin({"name": "lost", "action": "http", "input": {"url": self.stub.url + "/x/{{ secrets.key }}?t={{ secrets.key }}"}}),
                self.begin({"name": "no url", "action": "http", "input": {"url": "{{ secrets.key }}"}}),
                self.begin({"name": "no number", "action": "http", "input": {"url": self.stub.url, "timeout_ms": "{{ secrets.pin }}"}}),
                self.begin({"name": "no call", "action": "http", "input": {"url": self.stub.url, "method": "{{ secrets.key + '\\r\\n' }}"}}),
                self.begin({"name": "no host", "action": "http", "input": {"url": "http://{{ secrets.key }}.invalid/"}}),
                self.begin({"name": "no text", "action": "http", "input": {"url": self.stub.url, "body": "{{ {'a': 1}[secrets.key] }}"}}),
                self.begin({"name": "no way", "action": "http", "input": {"url": "http://127.0.0.1:1/x/{{ secrets.key }}?t={{ secrets.key }}"}}),
                self.begin({"name": "chat", "action": "ai_router.chat", "input": {"url": self.stub.url + "/echo", "prompt": "say {{ secrets.key }}"}})]
        for run_id in runs:
            run = self.ended(run_id)
            self.read_all(run_id)
        errors = [self.server.run(run_id)["steps"][0].get("error_detail") for run_id in runs]
        self.assertIn("bad key [secret key]", errors[0]["message"])
        self.assertIn("/timeout_ms: does not fit with the secret put in", errors[4]["message"])
        self.assertEqual(errors[7]["code"], "expression_error")
        self.assertIn("/x/[secret key]", errors[2]["message"])
        self.assertEqual(self.server.run(runs[1])["steps"][0]["output"], "<p>[secret key]</p>")
        self.server.stop()
        self.assert_nowhere(OF_FILE)
        self.assertNotIn(SHORT, json.dumps(errors))

    def test_a_value_that_comes_back_later_is_hidden_too(self):
        self.stub.on("*", "/later", lambda _: Reply(200, {"you": OF_ENV}))
        run = self.ended(self.begin({"name": "later", "action": "http", "input": {"url": self.stub.url + "/later"}}))
        self.assertEqual(run["steps"][0]["output"], {"you": "[secret token]"})

    def test_data_that_looks_like_a_secret_is_sent_as_it_is(self):
        hostile = ["{{ secrets.token }}", "{", "{ secrets.token }}", "{{{{ secrets.token }}", '" + secrets.token + "', "}} {{ secrets.token }}"]
        first = {"name": "first", "action": "http", "input": {"method": "POST", "url": self.stub.url + "/echo", "body": "{{ context.hostile }}"}}
        step = {"name": "call", "action": "http", "for_each": "context.hostile",
                "input": {"method": "POST", "url": self.stub.url + "/call", "headers": {"Authorization": "{{ secrets.key }}"},
                          "body": {"whole": "{{ item }}", "mixed": "{{ item }}{{ item }}{{ secrets.key }}", "in": "{{ item + secrets.key + item }}",
                                   "of step": "{{ steps.first.output.body }}"}}}
        run = self.ended(self.begin(first, step, context={"hostile": hostile}))
        self.assertEqual(run["status"], "SUCCEEDED", run)
        bodies = sorted((r.json() for r in self.stub.requests("/call")), key=lambda body: hostile.index(body["whole"]))
        for item, body in zip(hostile, bodies):
            self.assertEqual(body["mixed"], item + item + OF_FILE)
            self.assertEqual(body["in"], item + OF_FILE + item)
            self.assertEqual(json.loads(body["of step"]), hostile)
        plain = self.ended(self.begin({"name": "p", "action": "http", "input": {"method": "POST", "url": self.stub.url + "/plain", "body": {"a": "{{ secrets.token }}"}}}, expressions=False))
        self.assertEqual(plain["status"], "SUCCEEDED")
        self.assertEqual(self.stub.requests("/plain")[0].json(), {"a": "{{ secrets.token }}"})

    def test_a_changed_file_counts_at_the_next_try(self):
        tries = []

        def answer(request):
            tries.append(request.headers["authorization"])
            self.write(NEXT_FILE)
            return Reply(503 if len(tries) == 1 else 200, {"you sent": request.headers["authorization"], "before": OF_FILE})
        self.stub.on("*", "/turn", answer)
        run_id = self.begin(self.call_step("/turn", "{{ secrets.key }}", retry={"max": 2, "backoff_ms": 50}))
        run = self.ended(run_id)
        self.assertEqual((run["status"], tries), ("SUCCEEDED", [OF_FILE, NEXT_FILE]))
        self.assertEqual(run["steps"][0]["output"], {"you sent": "[secret key]", "before": "[secret key]"})
        self.read_all(run_id)
        self.server.stop()
        self.assert_nowhere(OF_FILE, NEXT_FILE)

    def test_a_kill_while_the_call_is_under_way(self):
        let_go = threading.Event()
        self.stub.on("*", "/slow", lambda r: Reply(200, echo(r), delay=0.05) if let_go.is_set() else Reply(200, echo(r), delay=60))
        run_id = self.begin(self.call_step("/slow", "{{ secrets.token.substring(0, 11) + ':' + secrets.key }}"))
        self.assertEqual(self.stub.wait_for(1, "/slow"), 1)
        self.server.kill()
        self.assert_nowhere(OF_ENV, OF_FILE)
        self.write(NEXT_FILE)
        let_go.set()
        self.server.start()
        run = self.ended(run_id)
        self.assertEqual(run["status"], "SUCCEEDED", run)
        first, second = self.stub.requests("/slow")
        self.assertEqual((first.headers["authorization"], second.headers["authorization"]), ("canary-env/:" + OF_FILE, "canary-env/:" + NEXT_FILE))
        self.assertEqual(first.headers["idempotency-key"], second.headers["idempotency-key"])
        self.read_all(run_id)
        self.server.stop()
        self.assert_nowhere(OF_ENV, OF_FILE, NEXT_FILE)

    def test_what_is_missing(self):
        self.assertRegex(self.server.log(), r"secrets\.gone: the file \S+secret\.txt\.gone can't be read: .*No such file")
        self.assertRegex(self.server.log(), r"secrets\.pin: the value has fewer than 8 bytes")
        step = self.call_step("/echo", "{{ secrets.gone }}")
        run = self.ended(self.begin(step))
        self.assertEqual(run["steps"][0]["error_detail"]["code"], "expression_error")
        self.assertRegex(run["steps"][0]["error_detail"]["message"], r'at /input/headers/Authorization: the secret "gone" is not there: the file \S+ can')
        self.assertEqual(self.stub.count("/echo"), 0)
        made = self.call("POST", "/v1/workflows", {"name": "w", "steps": [self.call_step("/echo", "{{ secrets.tokn }}")]}, 201)
        self.assertIn('did you mean "token"?', made["warnings"][0]["detail"])
        refused = self.call("POST", "/v1/workflows", {"name": "w", "steps": [{"name": "t", "action": "transform", "input": {"set": {"x": "{{ secrets.token }}"}}}]}, 422)
        self.assertIn("talks outward only", refused["errors"][0]["detail"])
        chosen = self.call("POST", "/v1/workflows", {"name": "w", "steps": [self.call_step("/echo", "{{ secrets[context.x] }}")]}, 422)
        self.assertIn("with a constant name", chosen["errors"][0]["detail"])

    def test_sighup_takes_a_new_secret(self):
        config = {**self.server.config, "secrets": {**self.server.config["secrets"], "fresh": {"file": self.file}}}
        with open(self.server.config_path, "w") as out:
            json.dump(config, out)
        self.server.process.send_signal(signal.SIGHUP)
        wait_until(lambda: "configuration re-read" in self.server.log(), 20, "the reload")
        self.assertIn("setting changed key=secrets.fresh.file", self.server.log())
        run = self.ended(self.begin(self.call_step("/echo", "{{ secrets.fresh }}")))
        self.assertEqual((run["status"], self.stub.requests("/echo")[0].headers["authorization"]), ("SUCCEEDED", OF_FILE))


if __name__ == "__main__":
    unittest.main()
