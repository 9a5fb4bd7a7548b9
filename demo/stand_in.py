"""Small stand-ins for the server's neighbours, so that the demo works with nothing else at hand.

One HTTP server on loopback that answers as ai-router (chat completions, streamed or whole), SearXNG (JSON search), two web pages,
memarch (facts and events), audit_log (events) and an scm service would. Only for the demo and its test.
"""
import http.server
import json
import threading
import urllib.parse

PAGES = {
    "/pages/retries": ("Retries without surprises", "A retry is safe when the call carries the same key every time."),
    "/pages/approvals": ("Approvals that hold", "A gate is passed before its step runs, and the decision is kept with the run."),
}


def page_html(path):
    title, text = PAGES[path]
    return (f"<!doctype html><html><head><title>{title}</title><meta name=\"description\" content=\"{text}\"></head>"
            f"<body><h1>{title}</h1><p>{text}</p><a href=\"/pages/approvals\">more</a></body></html>")


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *_):
        pass

    def send(self, status, body, content_type="application/json"):
        data = body.encode() if isinstance(body, str) else json.dumps(body).encode()
        self.send_response(status)
        self.send_header("Content-Type", content_type)
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def read_json(self):
        text = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        try:
            return json.loads(text or b"{}")
        except ValueError:
            return {}

    def do_GET(self):
        url = urllib.parse.urlsplit(self.path)
        if url.path in PAGES:
            self.send(200, page_html(url.path), "text/html; charset=utf-8")
        elif url.path.endswith("/search"):
            self.send(200, self.search(urllib.parse.parse_qs(url.query).get("q", [""])[0]))
        else:
            self.send(404, {"error": f"the stand-in knows no GET {url.path}"})

    def do_POST(self):
        body, path = self.read_json(), urllib.parse.urlsplit(self.path).path
        self.server.remember(path, body)
        if path.endswith("/chat/completions"):
            self.chat(body)
        elif path == "/v1/events":
            self.send(202, {"ok": True})
        elif path.endswith("/search"):
            self.send(200, {"items": [{"fact": "retries carry the same key", "score": 0.9}]})
        else:  # facts, scm calls: taken, with an id
            self.send(201, {"id": f"item_{self.server.count(path)}", "accepted": body})

    do_PUT = do_POST

    def search(self, query):
        results = [{"url": self.server.url + path, "title": title, "content": text, "engine": "stand-in"}
                   for path, (title, text) in PAGES.items()]
        return {"query": query, "number_of_results": len(results), "results": results, "answers": [], "suggestions": []}

    def chat(self, body):
        asked = (body.get("messages") or [{}])[-1].get("content", "")
        words = f"You said: {asked}. This is the stand-in speaking.".split(" ")
        if body.get("stream"):
            self.send_response(200)
            self.send_header("Content-Type", "text/event-stream")
            self.send_header("Connection", "close")
            self.end_headers()
            for i, word in enumerate(words):
                self.event({"choices": [{"index": 0, "delta": {"content": word if i == 0 else " " + word}}]})
            self.event({"choices": [{"index": 0, "delta": {}, "finish_reason": "stop"}]})
            self.wfile.write(b"data: [DONE]\n\n")
            self.close_connection = True
            return
        message = {"role": "assistant", "content": " ".join(words)}
        self.send(200, {"id": "chatcmpl-1", "object": "chat.completion", "model": body.get("model", "stand-in"),
                        "choices": [{"index": 0, "message": message, "finish_reason": "stop"}],
                        "usage": {"prompt_tokens": 1, "completion_tokens": len(words), "total_tokens": 1 + len(words)}})

    def event(self, data):
        self.wfile.write(f"data: {json.dumps(data)}\n\n".encode())
        self.wfile.flush()


class StandIn(http.server.ThreadingHTTPServer):
    """Serves from a thread of its own until close(). `received` holds (path, body) of every POST."""
    daemon_threads = True

    def __init__(self):
        super().__init__(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server_address[1]}"
        self.received, self.lock = [], threading.Lock()
        self.thread = threading.Thread(target=self.serve_forever, daemon=True)
        self.thread.start()

    def remember(self, path, body):
        with self.lock:
            self.received.append((path, body))

    def count(self, path):
        with self.lock:
            return sum(1 for p, _ in self.received if p == path)

    def close(self):
        self.shutdown()
        self.server_close()
        self.thread.join()
