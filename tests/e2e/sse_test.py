"""Streams of the real server: nothing lost, nothing twice, across reconnects and restarts; slow readers cost nobody anything."""
import json
import socket
import threading
import unittest

from server import Server, http_step, read_sse, wait_until
from stub import Reply, Stub


class SseTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.stub = Stub()
        cls.server = Server()

    @classmethod
    def tearDownClass(cls):
        cls.server.close()
        cls.stub.close()

    def gated_run(self, server=None):
        server = server or self.server
        return server.start_run(server.create_workflow(http_step(self.stub.url + "/x", requires_approval=True))["id"])

    def log(self, run, text, server=None):
        (server or self.server).post(f"/v1/runs/{run['id']}/logs", text, headers={"Content-Type": "text/plain"}).expect(200)

    def test_reconnects_lose_and_double_nothing(self):
        run = self.gated_run()
        lines = [f"line {i}" for i in range(300)]

        def write():
            for line in lines:
                self.log(run, line)
            self.server.post(f"/v1/runs/{run['id']}/approve").expect(200)
        writer = threading.Thread(target=write)
        writer.start()
        got, ids, last_id, ended = [], [], None, False
        while not ended:
            stream = self.server.stream(f"/v1/runs/{run['id']}/logs/stream", last_id)
            for count, event in enumerate(read_sse(stream)):
                if event.event == "end":
                    ended = True
                    break
                got.append(event.text)
                ids.append(event.id)
                last_id = event.id
                if count == 40:  # hang up in the middle, come back with the last id
                    break
            stream.close()
        writer.join()
        self.assertEqual([line for line in got if line.startswith("line ")], lines)
        self.assertEqual(len(set(ids)), len(ids))

    def test_a_stream_goes_on_after_a_restart(self):
        with Server() as server:
            run = self.gated_run(server)
            self.log(run, "before", server)
            event = next(e for e in read_sse(server.stream(f"/v1/runs/{run['id']}/logs/stream")) if e.text == "before")
            server.kill()
            server.start()
            self.log(run, "after", server)
            server.post(f"/v1/runs/{run['id']}/cancel").expect(202)
            texts = [e.text for e in read_sse(server.stream(f"/v1/runs/{run['id']}/logs/stream", event.id))]
            self.assertNotIn("before", texts)
            self.assertIn("after", texts)

    def test_events_of_one_run_and_of_all(self):
        every = self.server.stream("/v1/events/stream")
        run = self.gated_run()
        self.server.post(f"/v1/runs/{run['id']}/approve").expect(200)
        self.server.wait_run(run["id"])
        one = [e for e in read_sse(self.server.stream(f"/v1/runs/{run['id']}/events/stream"))]
        self.assertEqual(one[-1].event, "end")
        self.assertTrue(any("run.succeeded" in (e.event + e.text) for e in one))
        for event in read_sse(every):
            if run["id"] in event.text and "run.succeeded" in (event.event + event.text):
                break
        else:
            self.fail("the stream of all did not have the run's end")

    def test_a_reader_that_never_reads_is_cut_off_and_nobody_waits(self):
        with Server({"server": {"write_stall_timeout": "1s"}}) as server:
            run = self.gated_run(server)
            lazy = socket.socket()
            lazy.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
            lazy.connect(("127.0.0.1", server.port))
            lazy.sendall(f"GET /v1/runs/{run['id']}/logs/stream HTTP/1.1\r\nHost: x\r\n\r\n".encode())
            before = server.rss_kib()
            for _ in range(170):
                self.log(run, "y" * 60_000, server)
            other = server.create_workflow(http_step(self.stub.url + "/other"))
            self.assertEqual(server.start_run(other["id"], wait="10s")["status"], "SUCCEEDED")
            self.assertLess(server.rss_kib() - before, 40 * 1024)
            wait_until(lambda: self.is_cut_off(lazy), 20, "the cut of the reader that never reads")
            total = 0
            while chunk := self.read_some(lazy):
                total += len(chunk)
            self.assertLess(total, 10_000_000, "it was cut off before it had everything")
            lazy.close()

    @staticmethod
    def is_cut_off(connection):
        try:
            connection.send(b"x")
        except OSError:
            return True
        return False

    @staticmethod
    def read_some(connection):
        try:
            return connection.recv(1 << 20)
        except ConnectionResetError:
            return b""

    def test_chunks_of_a_streamed_chat_come_as_log_lines(self):
        words = ["The", " answer", " comes", " in", " pieces."]
        body = "".join("data: " + json.dumps({"choices": [{"index": 0, "delta": {"content": w}}]}) + "\n\n" for w in words) + "data: [DONE]\n\n"
        self.stub.on("POST", "/v1/chat/completions", Reply(200, body, {"Content-Type": "text/event-stream"}))
        step = {"name": "chat", "action": "ai_router.chat", "input": {"url": self.stub.url + "/v1/chat/completions", "model": "m", "stream": True,
                                                                     "messages": [{"role": "user", "content": "hi"}]}}
        run = self.server.start_run(self.server.create_workflow(step)["id"], wait="20s")
        self.assertEqual(run["status"], "SUCCEEDED", run)
        self.assertIn("".join(words), json.dumps(run["steps"][0]["output"]))
        logged = "".join(self.server.get(f"/v1/runs/{run['id']}/logs?limit=500").expect(200)["items"])
        self.assertIn("pieces", logged)


if __name__ == "__main__":
    unittest.main(verbosity=2)
