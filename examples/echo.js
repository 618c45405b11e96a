// An Instagram bot that says back what it hears. Needs Node 18 or newer and nothing else.
//   set -a; . posthaste-data/sandbox.env; node examples/echo.js
const { createHmac, timingSafeEqual } = require("node:crypto");
const http = require("node:http");
const env = process.env;
const graph = env.POSTHASTE_URL ?? "https://graph.instagram.com";

async function send(recipient, text) {
  const answer = await fetch(`${graph}/v25.0/me/messages`, {
    method: "POST",
    headers: { Authorization: `Bearer ${env.IG_ACCESS_TOKEN}`, "Content-Type": "application/json" },
    body: JSON.stringify({ recipient: { id: recipient }, message: { text } }),
  });
  if (!answer.ok) console.error(await answer.text());
}

function isSigned(body, header = "") {
  const signature = "sha256=" + createHmac("sha256", env.INSTAGRAM_APP_SECRET).update(body).digest("hex");
  return header.length === signature.length && timingSafeEqual(Buffer.from(header), Buffer.from(signature));
}

const server = http.createServer(async (request, response) => {
  const query = new URL(request.url, "http://localhost").searchParams;
  if (request.method === "GET") { // the handshake: repeat the challenge
    const known = query.get("hub.verify_token") === env.VERIFY_TOKEN;
    return response.writeHead(known ? 200 : 403).end(known ? query.get("hub.challenge") : "");
  }
  const chunks = [];
  for await (const chunk of request) chunks.push(chunk);
  const body = Buffer.concat(chunks);
  if (!isSigned(body, request.headers["x-hub-signature-256"])) return response.writeHead(401).end();
  response.end("EVENT_RECEIVED"); // at once: the work comes after
  for (const { sender, message } of JSON.parse(body).entry.flatMap((entry) => entry.messaging ?? []))
    if (message?.text && !message.is_echo) await send(sender.id, `You said: ${message.text}`);
});
server.listen(env.PORT ?? 3000, "127.0.0.1", () =>
  console.log(`listening on http://127.0.0.1:${server.address().port}/webhook`));
