"""A counting HTTP/1.1 server for tests: one asyncio loop in a thread, thousands of requests at once.

    with Stub() as stub:
        stub.on("POST", "/chat", lambda request: Reply(200, {"ok": True}))
        ... stub.url + "/chat" ...
        stub.requests("/chat")

Built in: /sleep/SECONDS answers {} after that time; a path without a handler answers 200 with {"path": …}.
"""
import asyncio
import json
import resource
import threading
from dataclasses import dataclass, field


@dataclass
class Request:
    number: int
    method: str
    path: str  # without the query
    query: str
    headers: dict  # names in lower case
    body: bytes

    def json(self):
        return json.loads(self.body)


@dataclass
class Reply:
    status: int = 200
    body: object = None  # bytes as they are, None empty, the rest as JSON
    headers: dict = field(default_factory=dict)
    delay: float = 0.0

    def encode(self):
        headers = {k.lower(): v for k, v in self.headers.items()}
        if isinstance(self.body, (bytes, str)):
            body = self.body.encode() if isinstance(self.body, str) else self.body
        else:
            body = b"" if self.body is None else json.dumps(self.body).encode()
            headers.setdefault("content-type", "application/json")
        headers["content-length"] = str(len(body))
        head = f"HTTP/1.1 {self.status} Stub\r\n" + "".join(f"{k}: {v}\r\n" for k, v in headers.items()) + "\r\n"
        return head.encode("latin-1") + body


class _Connection(asyncio.Protocol):
    def __init__(self, stub):
        self.stub, self.buffer, self.busy = stub, b"", False

    def connection_made(self, transport):
        self.transport = transport
        self.stub._connections.add(transport)

    def connection_lost(self, _):
        self.stub._connections.discard(self.transport)

    def data_received(self, data):
        self.buffer += data
        self.pump()

    def pump(self):
        if self.busy:
            return
        request = self.take()
        if request is None:
            return
        self.busy = True
        reply = self.stub._answer(request)
        if reply.delay > 0:
            self.stub._loop.call_later(reply.delay, self.finish, reply)
        else:
            self.finish(reply)

    def finish(self, reply):
        if not self.transport.is_closing():
            if reply.status == 0:  # hang up without an answer
                self.transport.abort()
                return
            self.transport.write(reply.encode())
        self.busy = False
        self.pump()

    def take(self):
        end = self.buffer.find(b"\r\n\r\n")
        if end < 0:
            return None
        lines = self.buffer[:end].decode("latin-1").split("\r\n")
        method, target, _ = lines[0].split(" ", 2)
        headers = {}
        for line in lines[1:]:
            name, _, value = line.partition(":")
            headers[name.lower()] = value.strip()
        length = int(headers.get("content-length", "0"))
        if len(self.buffer) < end + 4 + length:
            if headers.get("expect", "").lower() == "100-continue":
                self.transport.write(b"HTTP/1.1 100 Continue\r\n\r\n")
            return None
        body = self.buffer[end + 4:end + 4 + length]
        self.buffer = self.buffer[end + 4 + length:]
        path, _, query = target.partition("?")
        return Request(0, method, path, query, headers, body)


class Stub:
    def __init__(self, keep=True):
        self._handlers, self._requests, self._counts = {}, [], {}
        self._keep, self._lock, self._connections = keep, threading.Condition(), set()
        self.in_flight_most = 0
        soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
        resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
        self._loop = asyncio.new_event_loop()
        started = threading.Event()
        self._thread = threading.Thread(target=self._run, args=(started,), daemon=True)
        self._thread.start()
        started.wait()

    def _run(self, started):
        asyncio.set_event_loop(self._loop)
        self._server = self._loop.run_until_complete(
            self._loop.create_server(lambda: _Connection(self), "127.0.0.1", 0, backlog=4096))
        self.port = self._server.sockets[0].getsockname()[1]
        self.url = f"http://127.0.0.1:{self.port}"
        started.set()
        self._loop.run_forever()

    def _answer(self, request):
        with self._lock:
            request.number = sum(self._counts.values()) + 1 if self._keep else 0
            self._counts[request.path] = self._counts.get(request.path, 0) + 1
            if self._keep:
                self._requests.append(request)
            handler = self._handlers.get((request.method, request.path)) or self._handlers.get(("*", request.path)) \
                or self._handlers.get(("*", "*"))
            self._lock.notify_all()
        if handler is not None:
            return handler(request)
        if request.path.startswith("/sleep/"):
            return Reply(200, {}, delay=float(request.path.split("/")[2]))
        return Reply(200, {"path": request.path})

    def on(self, method, path, handler):
        """`handler(request) -> Reply`; "*" means any. A Reply with status 0 hangs up without an answer."""
        with self._lock:
            self._handlers[(method, path)] = handler if callable(handler) else (lambda _, reply=handler: reply)

    def forget(self):
        """No handler and no request is known any more."""
        with self._lock:
            self._handlers.clear()
            self._requests.clear()
            self._counts.clear()

    def count(self, path=None):
        with self._lock:
            return sum(self._counts.values()) if path is None else self._counts.get(path, 0)

    def requests(self, path=None):
        with self._lock:
            return [r for r in self._requests if path is None or r.path == path]

    def wait_for(self, count, path=None, timeout=30):
        """Waits until that many requests came; the number there is."""
        def seen():
            return sum(self._counts.values()) if path is None else self._counts.get(path, 0)
        with self._lock:
            self._lock.wait_for(lambda: seen() >= count, timeout)
            return seen()

    def close(self):
        def end():
            self._server.close()
            for transport in list(self._connections):
                transport.abort()
            self._loop.call_soon(self._loop.stop)
        self._loop.call_soon_threadsafe(end)
        self._thread.join()
        self._loop.close()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()
