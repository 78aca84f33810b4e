// Talking to the server: the session of this page, and requests that carry its token.
import { t } from "./words.js";

let csrf = "";

export class Refused extends Error {
  constructor(status, slug, message) {
    super(message || slug);
    this.status = status;
    this.slug = slug;
  }
}

async function send(path, options) {
  const response = await fetch(path, { credentials: "same-origin", cache: "no-store", ...options });
  const data = await response.json().catch(() => ({}));
  if (!response.ok) throw new Refused(response.status, data.error || String(response.status), data.message);
  return data;
}

export function get(path, query = {}) {
  const text = new URLSearchParams(query).toString();
  return send(text ? `${path}?${text}` : path, {});
}

export function post(path, data) {
  return send(path, {
    method: "POST",
    headers: { "Content-Type": "application/json", "X-Govcode-Csrf": csrf },
    body: JSON.stringify(data),
  });
}

// Exchange the token in the link for a session (and take it out of the address), or go on with one.
export async function enter() {
  const token = new URLSearchParams(location.hash.slice(1)).get("token");
  if (token) history.replaceState(null, "", location.pathname);
  const me = token ? await post("/api/session", { token }) : await get("/api/me");
  csrf = me.csrf;
  return me;
}

export function reason(error) {
  if (!(error instanceof Refused)) return t("notSaved");
  if (error.status === 401) return t("noSession");
  if (error.slug === "unknown-token") return t("wrongLink");
  return t("refused", { why: error.message });
}
