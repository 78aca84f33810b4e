// The adjudication page: what each coder said, side by side; a decision cites a rule.
import { $, el, fill, inert, reading, say, switches, trouble } from "./dom.js";
import { get, post as send, reason } from "./net.js";
import { bookOf, openBook } from "./book.js";
import { act, codeButtons, keepFocus, labelIn, secondaryButtons, typing, withCode } from "./controls.js";
import { formItems, pick, pickers, ruleItems } from "./picker.js";
import { begin, wire } from "./start.js";
import { t, wording } from "./words.js";

let me, book;
let cases = []; // the disputes that pass the filters
let at = 0;
let shown = null; // the dispute on the page
let choice = null; // the decision as it is being made; stored with Enter
let decided = ""; // the post decided last
let counts = { total: 0, decided: 0 };

async function start() {
  const begun = await begin("adjudicator", redraw);
  if (!begun) return;
  ({ me, book } = begun);
  bookOf(book);
  pickers();
  listen();
  redraw();
  $("filters").hidden = false;
  await refresh("");
}

function redraw() {
  if (!me) return;
  switches.label();
  $("who").textContent = me.name;
  options("filter-state", [["undecided", t("stateUndecided")], ["decided", t("stateDecided")], ["all", t("stateAll")]]);
  options("filter-code", [["", t("any")], ...book.codes.map((c) => [c.id, wording(c.label)]), ["NA", "NA"]]);
  options("filter-rule", [["", t("any")], ...book.rules.map((r) => [r.id, `${r.id} ${wording(r.title)}`])]);
  listCases();
  drawCounts();
  if (shown) draw();
}

function listCases() {
  options("jump", cases.map((c, i) => [String(i), `${c.post_id} · ${c.codes.map((id) => labelIn(book, id)).join(" / ")}${c.decided ? " ✓" : ""}`]));
}

function options(id, list) {
  const kept = $(id).value;
  fill($(id), ...list.map(([value, text]) => el("option", { value }, text)));
  if (list.some(([value]) => value === kept)) $(id).value = kept;
}

async function tried(work) {
  try {
    const answer = await work();
    trouble("");
    return answer;
  } catch (error) {
    trouble(reason(error));
    return null;
  }
}

// Read the list again and show the dispute on `wanted`, or the one nearest to where we were.
async function refresh(wanted) {
  const query = { state: $("filter-state").value, code: $("filter-code").value, rule: $("filter-rule").value };
  const list = await tried(() => get("/api/disputes", query));
  if (!list) return;
  cases = list.cases;
  counts = list;
  const place = cases.findIndex((c) => c.post_id === wanted);
  listCases();
  drawCounts();
  await open(place >= 0 ? place : Math.min(at, cases.length - 1));
}

async function open(place) {
  at = Math.max(0, place);
  const empty = !cases.length;
  $("desk").hidden = $("actions").hidden = empty;
  $("none").hidden = !empty;
  if (empty) {
    shown = null;
    $("none-text").textContent = t(counts.total ? "noDisagreement" : "allAgreed");
    $("none-text").focus();
    return;
  }
  const found = await tried(() => get("/api/dispute", { post_id: cases[at].post_id }));
  if (!found) return;
  shown = found;
  choice = found.choice;
  $("jump").value = String(at);
  $("remark").value = "";
  draw();
  say(`${t("place", { at: at + 1, of: cases.length })}: ${cases[at].codes.map((id) => labelIn(book, id)).join(", ")}`);
}

function drawCounts() {
  $("bar").max = counts.total || 1;
  $("bar").value = counts.decided;
  $("progress-text").textContent = t("decided", { done: counts.decided, of: counts.total });
}

function draw() {
  $("place").textContent = t("place", { at: at + 1, of: cases.length });
  $("post-id").textContent = shown.post.post_id;
  $("post-state").textContent = shown.decided_by ? `${t("stateDecided")}: ${shown.decided_by}` : t("stateUndecided");
  reading($("reading"), shown.post);
  fill($("sides"), ...shown.codings.map(side));
  drawRemarks(shown.remarks);
  drawChoice();
  $("note").value = choice.note;
}

function side(said) {
  const note = el("p", { class: "pre" });
  inert(note, said.note);
  const form = book.forms.find((f) => f.id === said.form);
  return el("section", { class: "side" },
    el("h2", {}, said.coder),
    el("p", {}, el("strong", {}, labelIn(book, said.code)), said.secondary ? ` + ${labelIn(book, said.secondary)}` : "", said.sure === false ? el("span", { class: "flag" }, t("unsure")) : null),
    form ? el("p", { class: "faint" }, `${form.id} ${wording(form.label)}`) : null,
    said.note ? note : null);
}

function drawRemarks(remarks) {
  fill($("remarks"), ...remarks.map((r) => {
    const text = el("span", { class: "pre" });
    inert(text, r.text);
    return el("p", {}, el("b", {}, r.author), el("small", { class: "faint" }, ` ${r.at.replace("T", " ").slice(0, 16)} `), text);
  }));
}

function drawChoice() {
  keepFocus($("codes"), codeButtons(book, choice.code, setCode));
  keepFocus($("secondary"), secondaryButtons(book, choice, setSecondary));
  const form = book.forms.find((f) => f.id === choice.form);
  $("form-row").hidden = !book.forms.length;
  $("form").disabled = !choice.code || choice.code === "NA";
  $("form").textContent = form ? `${form.id} ${wording(form.label)}` : t("none");
  $("rule-row").hidden = !book.rules.length;
  $("rule").textContent = choice.rule || t("none");
}

function setCode(code) {
  choice = withCode(book, choice, code);
  drawChoice();
  say(labelIn(book, code));
}

function setSecondary(code) {
  if (!choice.code || choice.code === "NA" || choice.code === code || !book.codes.find((c) => c.id === code).secondary) return;
  choice = { ...choice, secondary: choice.secondary === code ? "" : code };
  drawChoice();
}

function chooseForm() {
  const items = formItems(book, choice.code, choice.form, wording);
  if (items.length < 2) return trouble(t(choice.code ? "noForms" : "chooseFormFirst"));
  pick(`${t("chooseForm")}: ${labelIn(book, choice.code)}`, items, (form) => { choice = { ...choice, form }; drawChoice(); });
}

function chooseRule() {
  const chosen = choice.rule.split(" ").filter(Boolean);
  const none = { id: "", label: t("noRule"), more: t("needReason"), chosen: !chosen.length };
  pick(t("chooseRule"), [...ruleItems(book, chosen, wording), none], (id) => {
    const rules = !id ? [] : chosen.includes(id) ? chosen.filter((r) => r !== id) : [...chosen, id];
    choice = { ...choice, rule: rules.join(" ") };
    drawChoice();
    if (!id) $("note").focus();
  });
}

const moves = {
  back() { if (at > 0) open(at - 1); },
  forward() { if (at < cases.length - 1) open(at + 1); },
  help() { openBook(choice && choice.code); },
  async decide() {
    choice = { ...choice, note: $("note").value };
    if (!choice.code) return trouble(t("chooseCode"));
    if (book.rules.length && !choice.rule && !choice.note.trim()) return trouble(t("needRule"));
    const { code, secondary, form, rule, note } = choice;
    const done = await tried(() => send("/api/judge", { post_id: shown.post.post_id, code, secondary, form, rule, note }));
    if (!done) return;
    decided = shown.post.post_id;
    $("saved").textContent = t("saved");
    say(t("said", { what: labelIn(book, code) }));
    const next = cases[at + 1];
    await refresh(next ? next.post_id : decided);
  },
  async undo() {
    const where = shown ? shown.post.post_id : decided; // also where the list has just become empty
    if (!where) return;
    const done = await tried(() => send("/api/unjudge", { post_id: where }));
    if (!done) return;
    $("saved").textContent = t(done.post_id ? "undone" : "nothingToUndo");
    if (done.post_id) await refresh(done.post_id);
  },
};

async function addRemark() {
  const text = $("remark").value.trim();
  if (!text) return;
  const done = await tried(() => send("/api/remark", { post_id: shown.post.post_id, text }));
  if (!done) return;
  $("remark").value = "";
  drawRemarks(done.remarks);
}

const KEYS = {
  Digit0: () => setCode("NA"), Numpad0: () => setCode("NA"), KeyN: () => setCode("NA"), KeyF: chooseForm, KeyR: chooseRule, KeyM: () => $("note").focus(), KeyD: () => $("remark").focus(),
  KeyZ: () => moves.undo(), KeyB: () => moves.back(), ArrowLeft: () => moves.back(), ArrowRight: () => moves.forward(), Enter: () => moves.decide(), NumpadEnter: () => moves.decide(), KeyH: () => moves.help(),
};

function onKey(event) {
  if (event.defaultPrevented || document.querySelector("dialog[open]") || event.altKey || event.ctrlKey || event.metaKey) return;
  if (typing(event)) {
    if (event.key === "Escape") event.target.blur();
    return;
  }
  if (!shown) {
    if (event.code === "KeyZ") moves.undo();
    return;
  }
  act(event, book, { setCode, setSecondary, help: moves.help, keys: KEYS });
}

function listen() {
  document.addEventListener("keydown", onKey);
  wire(moves);
  for (const id of ["filter-state", "filter-code", "filter-rule"]) $(id).addEventListener("change", () => { at = 0; refresh(""); });
  $("jump").addEventListener("change", () => open(Number($("jump").value)));
  $("form").addEventListener("click", chooseForm);
  $("rule").addEventListener("click", chooseRule);
  $("note").addEventListener("input", () => { choice = { ...choice, note: $("note").value }; });
  $("add-remark").addEventListener("click", addRemark);
  $("stop").addEventListener("click", async () => {
    if (await tried(() => send("/api/stop", {}))) fill(document.querySelector("main"), el("h1", {}, t("stopped")));
  });
}

start();
