"""Between the clients and the gateway: everything passes through here and is written down. And the bot's webhook."""

import http.client
import json
import queue
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import urlsplit


def serve(handler):
    """Starts a server on a free port of loopback; answers its address."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return f"http://127.0.0.1:{server.server_address[1]}"


class Quiet(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *_):
        pass

    def body(self):
        return self.rfile.read(int(self.headers.get("content-length") or 0))

    def answer(self, status, body, kind="application/json"):
        self.send_response(status)
        self.send_header("content-type", kind)
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


class Recorder:
    """Passes requests on to a gateway, and keeps method, path, status and body of each answer."""

    def __init__(self, base):
        self.answers = []
        target, recorder = urlsplit(base), self

        class Handler(Quiet):
            def any(self):
                connection = http.client.HTTPConnection(target.hostname, target.port, timeout=60)
                headers = {name: value for name, value in self.headers.items() if name.lower() != "connection"}
                connection.request(self.command, self.path, self.body(), headers)
                answer = connection.getresponse()
                body = answer.read()
                path = urlsplit(self.path).path.removeprefix("/sc")
                recorder.answers.append((self.command, path, answer.status, json.loads(body)))
                self.answer(answer.status, body)

            do_GET = do_POST = do_PATCH = do_DELETE = any

        self.url = serve(Handler)


class Bot:
    """Receives webhooks."""

    def __init__(self):
        self.bodies = []
        self.events = queue.Queue()
        self.kept = []
        bot = self

        class Handler(Quiet):
            def do_POST(self):
                body = json.loads(self.body())
                bot.bodies.append((self.headers.get("x-api-key"), body))
                for event in body["events"]:
                    bot.events.put(event)
                self.answer(200, b"{}")

        self.url = serve(Handler)

    def hear(self, kind, when=lambda payload: True):
        """The next event of a kind; those of other kinds are kept for later."""
        for event in self.kept:
            if event["type"] == kind and when(event["payload"]):
                self.kept.remove(event)
                return event
        while True:
            event = self.events.get(timeout=30)
            if event["type"] == kind and when(event["payload"]):
                return event
            self.kept.append(event)
