// The supervision page: progress, alpha on the overlap, drift and alarms. No code of any post is here.
import { $, el, fill, switches, trouble } from "./dom.js";
import { get, post as send, reason } from "./net.js";
import { begin } from "./start.js";
import { duration, t, wording } from "./words.js";

const EVERY = 30000;
let me, book;
let found = null;

async function start() {
  const begun = await begin("supervisor", () => { switches.label(); if (found) draw(); });
  if (!begun) return;
  ({ me, book } = begun);
  switches.label();
  $("refresh").addEventListener("click", look);
  $("stop").addEventListener("click", async () => {
    await send("/api/stop", {}).catch(() => {});
    fill($("report"), el("h1", {}, t("stopped")));
    clearInterval(timer);
  });
  const timer = setInterval(() => { if (!document.hidden) look(); }, EVERY);
  await look();
}

async function look() {
  $("refresh").disabled = true;
  try {
    found = await get("/api/supervision");
    trouble("");
    draw();
  } catch (error) {
    trouble(reason(error));
  }
  $("refresh").disabled = false;
}

const name = (id) => (id === "overall" ? t("overall") : wording((book.codes.find((c) => c.id === id) || { label: { zh: id } }).label));
const percent = (share) => (share === null || share === undefined ? "–" : `${(100 * share).toFixed(0)}%`);
const figure = (value) => (value === null || value === undefined ? "–" : value.toFixed(3));

function table(heads, rows) {
  return el("table", {},
    el("thead", {}, el("tr", {}, heads.map((h) => el("th", { scope: "col" }, h)))),
    el("tbody", {}, rows.map((row) => el("tr", {}, row.map((cell, i) => (i ? el("td", {}, cell) : el("th", { scope: "row" }, cell)))))));
}

function draw() {
  $("report").hidden = false;
  $("as-of").textContent = t("asOf", { t: found.as_of.replace("T", " ").slice(0, 19) });
  drawAlarms();
  drawCoders();
  drawAlphas();
  drawDrift();
  drawShares();
}

function drawAlarms() {
  const names = found.alarms.map(name).join(document.documentElement.lang === "en" ? ", " : "、");
  const alarms = names ? [el("p", { class: "alarm" }, t("alarmText", { what: names, gate: found.gate }))] : [];
  fill($("alarms"), ...(alarms.length ? alarms : found.overlap ? [el("p", { class: "calm" }, t("noAlarm"))] : []));
}

function drawCoders() {
  const several = me.sheets.length > 1;
  const heads = [t("coder"), several && t("sheet"), t("progress"), t("coded"), t("naShort"), t("unsureShort"), t("skippedShort"), t("remaining"), t("perPost"), t("estLeft"), t("latest"), t("assistedShort")];
  const rows = found.coders.map((c) => [c.coder, several && c.sheet,
    el("progress", { max: c.posts || 1, value: c.coded + c.na, "aria-label": `${c.coder}: ${percent((c.coded + c.na) / c.posts)}` }),
    `${c.coded} / ${c.posts}`, c.na, c.unsure, c.skipped, c.remaining, duration(c.seconds), c.remaining ? duration(c.left) : "–", c.latest.replace("T", " ").slice(0, 16), c.assisted || "–"]);
  fill($("coders"), rows.length ? table(heads.filter((h) => h !== false), rows.map((r) => r.filter((c) => c !== false))) : el("p", {}, t("nobody")));
}

function drawAlphas() {
  $("overlap").textContent = found.overlap ? t("overlap", { n: found.overlap }) : t("oneAtLeast");
  const words = { met: "ok", alarm: "alarm", "not-yet": "notYet" };
  const rows = found.alphas.map((a) => [name(a.what), a.posts, figure(a.figure.value),
    a.figure.low === null ? "–" : `[${figure(a.figure.low)}, ${figure(a.figure.high)}]`, bar(a.figure),
    el("span", { class: a.verdict }, t(words[a.verdict]))]);
  fill($("alphas"), rows.length ? table([t("code"), t("posts"), t("value"), t("interval"), `0 – 1, ${t("gate")} ${found.gate}`, t("verdict")], rows) : "");
}

// The interval as a line from 0 to 1, with the gate: drawn as SVG, whose sizes are attributes, not styles.
function bar(f) {
  const ns = "http://www.w3.org/2000/svg";
  const make = (tag, props) => {
    const node = document.createElementNS(ns, tag);
    for (const [key, value] of Object.entries(props)) node.setAttribute(key, value);
    return node;
  };
  const x = (value) => 2 + 156 * Math.max(0, Math.min(1, value));
  const picture = make("svg", { width: 160, height: 18, class: "bar-picture", "aria-hidden": "true" });
  picture.append(make("line", { x1: 2, x2: 158, y1: 9, y2: 9, class: "axis" }));
  picture.append(make("line", { x1: x(found.gate), x2: x(found.gate), y1: 1, y2: 17, class: "gate" }));
  if (f.low !== null) picture.append(make("line", { x1: x(f.low), x2: x(f.high), y1: 9, y2: 9, class: "span" }));
  if (f.value !== null) picture.append(make("circle", { cx: x(f.value), cy: 9, r: 4, class: "point" }));
  return picture;
}

function drawDrift() {
  $("drift-panel").hidden = !found.drift.length;
  const heads = [t("coder"), t("posts"), `${t("agreement")} 1/3`, "2/3", "3/3", "p", t("change"), "p"];
  const rows = found.drift.map((d) => [d.coder, d.parts.reduce((n, p) => n + p.posts, 0), ...d.parts.map((p) => percent(p.agreement)), figure(d.p),
    `${name(d.shift_code)} ${d.shift > 0 ? "+" : "−"}${percent(Math.abs(d.shift))}`, el("span", { class: found.drifting.includes(d.coder) ? "alarm-word" : "" }, figure(d.shift_p))]);
  fill($("drift"), table(heads, rows));
}

function drawShares() {
  const rows = found.coders.filter((c) => Object.keys(c.shares).length).map((c) => [c.coder, ...book.codes.map((code) => percent(c.shares[code.id]))]);
  fill($("shares"), rows.length ? table([t("coder"), ...book.codes.map((c) => wording(c.label))], rows) : el("p", {}, t("nobody")));
}

start();
