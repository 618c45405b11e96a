# An Instagram bot that says back what it hears. Needs Python 3 and nothing else.
#   set -a; . posthaste-data/sandbox.env; python3 examples/echo.py
import hashlib, hmac, json, os, urllib.parse, urllib.request
from http.server import BaseHTTPRequestHandler, HTTPServer

GRAPH = os.environ.get("POSTHASTE_URL", "https://graph.instagram.com")
SECRET = os.environ["INSTAGRAM_APP_SECRET"].encode()

def send(recipient, text):
    body = json.dumps({"recipient": {"id": recipient}, "message": {"text": text}}).encode()
    headers = {"Authorization": "Bearer " + os.environ["IG_ACCESS_TOKEN"], "Content-Type": "application/json"}
    urllib.request.urlopen(urllib.request.Request(GRAPH + "/v25.0/me/messages", body, headers)).read()

class Webhook(BaseHTTPRequestHandler):
    def answer(self, status, text):
        self.send_response(status)
        self.send_header("Content-Length", str(len(text)))
        self.end_headers()
        self.wfile.write(text.encode())

    def do_GET(self):  # the handshake: repeat the challenge
        query = dict(urllib.parse.parse_qsl(urllib.parse.urlparse(self.path).query))
        known = query.get("hub.verify_token") == os.environ["VERIFY_TOKEN"]
        self.answer(200 if known else 403, query.get("hub.challenge", "") if known else "")

    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        signature = "sha256=" + hmac.new(SECRET, body, hashlib.sha256).hexdigest()
        if not hmac.compare_digest(signature, self.headers.get("X-Hub-Signature-256", "")):
            return self.answer(401, "")
        self.answer(200, "EVENT_RECEIVED")  # at once: the work comes after
        for event in (event for entry in json.loads(body)["entry"] for event in entry.get("messaging", [])):
            message = event.get("message", {})
            if message.get("text") and not message.get("is_echo"):
                send(event["sender"]["id"], "You said: " + message["text"])

server = HTTPServer(("127.0.0.1", int(os.environ.get("PORT", "3000"))), Webhook)
print("listening on http://127.0.0.1:%d/webhook" % server.server_port, flush=True)
server.serve_forever()
