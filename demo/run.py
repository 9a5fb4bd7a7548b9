"""`./dev run`: the server on SQLite, stand-ins for its neighbours, two workflows that run for real, told step by step."""
import argparse
import json
import os
import signal
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from stand_in import StandIn  # noqa: E402

TERMINAL = ("SUCCEEDED", "FAILED", "CANCELED", "TIMED_OUT")
DEADLINE_S = 60


def say(text=""):
    print(text, flush=True)


def config_for(stand_in, port, state_dir):
    """Like config/dev.yaml, with the stand-in in every neighbour's place."""
    here = stand_in.url
    return {"server": {"port": port}, "state_dir": state_dir, "log": {"file": os.path.join(state_dir, "server.log")},
            "egress": {"allow": ["127.0.0.0/8"]},
            "ai_router": {"base_url": here}, "web": {"search": {"base_url": here}}, "scm": {"base_url": here},
            "memarch": {"base_url": here}, "audit_log": {"base_url": here}}


def seed_workflow(stand_in):
    """The seed's own example, host and port aside."""
    return {"name": "demo", "description": "Simple demo workflow", "steps": [{
        "name": "call ai-router", "action": "http", "input": {
            "method": "POST", "url": f"{stand_in.url}/v1/chat/completions", "headers": {"Content-Type": "application/json"},
            "body": {"model": "llama2", "project_id": "default", "messages": [{"role": "user", "content": "hello"}]}}}]}


def research_workflow():
    return {"name": "research", "description": "Search, read, decide, ask a person, act", "steps": [
        {"name": "search", "action": "web.search", "input": {"query": "{{ context.topic }}"}},
        {"name": "read", "action": "web.extract", "input": {"url": "{{ steps.search.output.results[0].url }}"}},
        {"name": "note", "action": "transform", "input": {"set": {"title": "{{ steps.read.output.title }}"}}},
        {"name": "found it?", "action": "condition", "input": {"key": "title", "equals": "Retries without surprises", "on_false": "stop"}},
        {"name": "open issue", "action": "scm.call", "requires_approval": True, "input": {
            "method": "POST", "path": "/repos/demo/issues", "body": {"title": "Read this: {{ context.title }}"}}}]}


class Api:
    def __init__(self, base):
        self.base = base

    def call(self, method, path, body=None):
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(self.base + path, data=data, method=method, headers={"Content-Type": "application/json"})
        try:
            with urllib.request.urlopen(request, timeout=DEADLINE_S) as response:
                return json.load(response)
        except urllib.error.HTTPError as refused:
            raise SystemExit(f"{method} {path}: {refused.code} {refused.read().decode()}") from None


def gist(output):
    """Of a chat's answer what was said; of anything else all of it."""
    if isinstance(output, dict) and output.get("choices"):
        return output["choices"][0]["message"]["content"]
    return output


def short(value, most=100):
    text = value if isinstance(value, str) else json.dumps(value)
    return text if len(text) <= most else text[:most] + "…"


def tell_steps(run, told):
    """Prints what became of each step since last time."""
    for step in run["steps"]:
        mark = (step["step_id"], step["status"])
        if mark in told or step["status"] == "PENDING":
            continue
        told.add(mark)
        line = f"    {step['status']:<17} {step['name']} ({step['action']})"
        if step["status"] == "SUCCEEDED" and step.get("output") is not None:
            line += f" → {short(gist(step['output']))}"
        if step.get("error"):
            line += f" → {step['error']}"
        say(line)


def follow(api, run_id):
    """Follows a run to its end, passing every gate on the way; the run."""
    told, deadline = set(), time.monotonic() + DEADLINE_S
    while True:
        run = api.call("GET", f"/v1/runs/{run_id}")
        tell_steps(run, told)
        if run["status"] == "WAITING_APPROVAL":
            say(f"    … somebody must agree: POST /v1/runs/{run_id}/approve (the demo does)")
            api.call("POST", f"/v1/runs/{run_id}/approve", {"comment": "the demo agrees"})
        if run["status"] in TERMINAL:
            return run
        if time.monotonic() > deadline:
            raise SystemExit(f"run {run_id} is still {run['status']} after {DEADLINE_S} s")
        time.sleep(0.05)


def play(api, title, workflow, context):
    say(f"\n{title}")
    created = api.call("POST", "/v1/workflows", workflow)
    say(f"  workflow {created['id']} ({created['name']}, {len(created['steps'])} step{'s' if len(created['steps']) > 1 else ''})")
    run = api.call("POST", "/v1/runs", {"workflow_id": created["id"], "context": context})
    say(f"  run {run['id']}")
    run = follow(api, run["id"])
    say(f"  run {run['status']}")
    return run["status"] == "SUCCEEDED"


def start_server(binary, config_path):
    server = subprocess.Popen([binary, "-config", config_path], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, text=True,
                              start_new_session=True)  # Ctrl-C is for this script, which then ends the server in good order
    line = server.stdout.readline().strip()
    if "http://" not in line:
        server.wait()
        raise SystemExit(f"the server did not start (exit code {server.returncode}); if the port is taken, name another one: ./dev run --port 8101")
    return server, line


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--server", required=True, help="the orchestrator program")
    parser.add_argument("--once", action="store_true", help="end after the demo")
    parser.add_argument("--port", type=int, default=None, help="of the server; default 8100, with --once any free one")
    options = parser.parse_args()
    port = options.port if options.port is not None else (0 if options.once else 8100)
    stand_in = StandIn()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    with tempfile.TemporaryDirectory(prefix="orchestrator-demo-") as scratch:
        state_dir = os.path.join(scratch, "state")
        os.mkdir(state_dir, 0o700)
        config_path = os.path.join(scratch, "config.yaml")
        with open(config_path, "w") as out:
            json.dump(config_for(stand_in, port, state_dir), out, indent=2)  # JSON is YAML
        server, line = start_server(options.server, config_path)
        try:
            say(f"{line} (log: {state_dir}/server.log)\nstand-ins for ai-router, SearXNG, memarch, audit_log and scm at {stand_in.url}")
            api = Api(line.split()[-1])
            good = play(api, "1. the seed's demo workflow", seed_workflow(stand_in), {"project_id": "default"})
            good &= play(api, "2. search → extract → condition → approval → scm call", research_workflow(), {"topic": "retries"})
            events = wait_for_events(stand_in)
            say(f"\nmemarch and audit_log were sent {events} events. {'All went well.' if good else 'Something FAILED.'}")
            if not options.once:
                say(f"\nThe server stays up at {api.base} until Ctrl-C. Try: curl {api.base}/v1/runs")
                server.wait()
            return 0 if good else 1
        except KeyboardInterrupt:
            say("\nstopping")
            return 0
        finally:
            if server.poll() is None:
                server.send_signal(signal.SIGTERM)
            server.wait()
            stand_in.close()


def wait_for_events(stand_in):
    """Two runs: started and succeeded, one gate, their steps; to each of the two receivers."""
    expected, deadline = 2 * (2 + 1 + 3 + 5), time.monotonic() + 10
    while stand_in.count("/v1/events") < expected and time.monotonic() < deadline:
        time.sleep(0.05)
    return stand_in.count("/v1/events")


if __name__ == "__main__":
    sys.exit(main())
