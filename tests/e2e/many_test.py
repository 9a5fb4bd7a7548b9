"""Many at once: 2,000 calls of 5 seconds on one HTTP thread, 5,000 streams without a thread, 5,000 half-sent requests."""
import concurrent.futures
import resource
import socket
import time
import unittest

from server import Server, http_step, wait_until
from stub import Stub

CALLS = 2000
STREAMS = 5000


def raise_file_limit():
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    return hard


class ManyTest(unittest.TestCase):
    def test_2000_calls_of_5_seconds(self):
        if raise_file_limit() < 2 * CALLS + 200:
            self.skipTest("too few open files allowed")
        with Stub() as stub, Server() as server:
            workflow = server.create_workflow(http_step(stub.url + "/sleep/5"))
            threads = server.threads()
            began = time.monotonic()
            with concurrent.futures.ThreadPoolExecutor(16) as pool:
                runs = list(pool.map(lambda _: server.start_run(workflow["id"]), range(CALLS)))
            self.assertEqual(stub.wait_for(CALLS, "/sleep/5"), CALLS)
            during, rss = server.threads(), server.rss_kib()
            wait_until(lambda: not server.get("/v1/runs?status=PENDING,RUNNING&limit=1").expect(200)["items"], 60, "the end of all", every=0.1)
            took = time.monotonic() - began
            print(f"{CALLS} calls of 5 s: {took:.1f} s in all, threads {threads} before, {during} during, {rss} KiB resident")
            self.assertEqual(during, threads)
            self.assertEqual(stub.count("/sleep/5"), CALLS)
            self.assertEqual(server.run(runs[-1]["id"])["status"], "SUCCEEDED")

    def test_5000_streams(self):
        if raise_file_limit() < STREAMS + 500:
            self.skipTest("too few open files allowed")
        with Stub() as stub, Server() as server:
            run = server.start_run(server.create_workflow(http_step(stub.url + "/x", requires_approval=True))["id"])
            threads, rss = server.threads(), server.rss_kib()
            request = f"GET /v1/runs/{run['id']}/logs/stream HTTP/1.1\r\nHost: x\r\n\r\n".encode()
            streams = [self.open(server.port, request) for _ in range(STREAMS)]
            for stream in streams:
                self.assertIn(b" 200 ", stream.recv(15))
            during = server.rss_kib()
            print(f"{STREAMS} streams: threads {threads} before, {server.threads()} during, {(during - rss) / STREAMS:.1f} KiB each")
            self.assertEqual(server.threads(), threads)
            self.assertLess((during - rss) / STREAMS, 16)
            server.post(f"/v1/runs/{run['id']}/logs", "for all of you", headers={"Content-Type": "text/plain"}).expect(200)
            server.post(f"/v1/runs/{run['id']}/cancel").expect(202)
            for stream in streams:
                text = b""
                while b"event: end" not in text:
                    chunk = stream.recv(65536)
                    self.assertTrue(chunk, text)
                    text += chunk
                self.assertEqual(text.count(b"data: for all of you"), 1)
                stream.close()

    def test_5000_half_sent_requests(self):
        if raise_file_limit() < STREAMS + 500:
            self.skipTest("too few open files allowed")
        with Server() as server:
            half = [self.open(server.port, b"POST /v1/workflows HTTP/1.1\r\nHost: x\r\nContent-Le") for _ in range(STREAMS)]
            began = time.monotonic()
            self.assertEqual(server.get("/healthz").status, 200)
            print(f"/healthz beside {STREAMS} half-sent requests: {(time.monotonic() - began) * 1000:.1f} ms")
            for connection in half:
                connection.close()

    @staticmethod
    def open(port, data):
        connection = socket.create_connection(("127.0.0.1", port), timeout=30)
        connection.sendall(data)
        return connection


if __name__ == "__main__":
    unittest.main(verbosity=2)
