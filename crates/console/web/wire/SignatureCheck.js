// Whether an attempt's signature is right: counted again over the exact bytes, as a receiver would.
import { html, useEffect, useState } from "../html.js";
import { Icon } from "../shell/icons.js";

/** @param {{ attempt: Attempt, product: ReturnType<typeof import("../state/world.js").productOf> }} props */
export function SignatureCheck({ attempt, product }) {
  const [verdict, setVerdict] = useState(/** @type {"right" | "wrong" | "unknown" | null} */ (null));
  const signature = attempt.headers["x-hub-signature-256"];
  const secret = product?.secret;
  useEffect(() => {
    let current = true;
    check(attempt.body, signature, secret).then((found) => current && setVerdict(found));
    return () => {
      current = false;
    };
  }, [attempt.body, signature, secret]);
  if (verdict === null) return null;
  const words = {
    right: `X-Hub-Signature-256 is right: HMAC-SHA256 of the body with ${product?.secretName} of ${product?.app.name}`,
    wrong: "X-Hub-Signature-256 does not fit the body and the app's secret",
    unknown: signature ? "X-Hub-Signature-256 cannot be checked here" : "There is no X-Hub-Signature-256",
  };
  return html`<p class="signature" data-verdict=${verdict}><${Icon} name=${verdict === "right" ? "check" : "key"} size=${14} />${words[verdict]}</p>`;
}

/**
 * @param {string} body
 * @param {string | undefined} signature
 * @param {string | undefined} secret
 * @returns {Promise<"right" | "wrong" | "unknown">}
 */
async function check(body, signature, secret) {
  // A page that came over plain http from another machine has no cryptography.
  if (!signature || !secret || !globalThis.crypto?.subtle) return "unknown";
  const bytes = new TextEncoder();
  const key = await crypto.subtle.importKey("raw", bytes.encode(secret), { name: "HMAC", hash: "SHA-256" }, false, ["sign"]);
  const digest = new Uint8Array(await crypto.subtle.sign("HMAC", key, bytes.encode(body)));
  const hex = [...digest].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  return `sha256=${hex}` === signature ? "right" : "wrong";
}
