// The coding page: shows one post, takes keystrokes, and has each stored before it counts as done.
import { $, el, fill, reading, remember, remembered, say, switches, trouble } from "./dom.js";
import { Refused, get, post as send, reason } from "./net.js";
import { act, codeButtons, keepFocus, labelIn, secondaryButtons, typing, withCode } from "./controls.js";
import { bookOf, openBook } from "./book.js";
import { formItems, pick, pickers, ruleItems } from "./picker.js";
import { begin, wire } from "./start.js";
import { duration, t, wording } from "./words.js";

const IDLE = 60; // seconds without a sign of life after which the clock stands still
let me, book;
let sheet = 0;
let post = null; // the post shown
let choice = null; // what stands on it, with the latest keystrokes
let tally = null;
let suggestion = null;
const pending = []; // states of posts that the server has not yet acknowledged, oldest first
let sending = null;
let spent = 0;
let ticked = 0;
let alive = 0;
const option = (key, standard) => (remembered(key) ?? standard) === "1";

async function start() {
  const begun = await begin("coder", redraw);
  if (!begun) return;
  ({ me, book } = begun);
  bookOf(book, settings);
  pickers();
  listen();
  setUpSheets();
  redrawFrame();
  await load({});
}

function redrawFrame() {
  switches.label();
  $("who").textContent = me.name;
  $("assisted").hidden = !me.assisted;
}

function redraw() {
  if (!me) return;
  redrawFrame();
  flash("");
  if (post) drawPost();
  if (!$("finished").hidden) drawFinished();
}

function setUpSheets() {
  $("sheet-box").hidden = me.sheets.length < 2;
  fill($("sheet"), ...me.sheets.map((s, i) => el("option", { value: i }, s.name)));
  $("sheet").addEventListener("change", async () => {
    await flush();
    sheet = Number($("sheet").value);
    $("sheet").blur();
    load({});
  });
}

// -- moving ---------------------------------------------------------------------------------------

async function load(query) {
  try {
    await flush();
    show(await get("/api/post", { sheet, ...query }));
    trouble("");
  } catch (error) {
    trouble(reason(error));
  }
}

function show(page) {
  if (page.tally) tally = page.tally;
  if (page.finished) return finish();
  post = page.post;
  choice = page.choice;
  suggestion = page.suggestion || null;
  spent = 0;
  ticked = alive = performance.now();
  $("desk").hidden = $("actions").hidden = false;
  $("finished").hidden = true;
  drawPost();
  $("note").blur();
  say(t("place", { at: post.position, of: tally.posts }));
}

function finish() {
  post = null;
  $("desk").hidden = $("actions").hidden = true;
  $("finished").hidden = false;
  drawFinished();
  drawProgress();
  $("finished-title").focus();
}

function drawFinished() {
  $("finished-text").textContent = t("finishedText", { of: tally.posts, coded: tally.coded, na: tally.na, unsure: tally.unsure, t: duration(tally.seconds) });
}

const moves = {
  next() {
    if (!choice.code) {
      trouble(t("needCode"));
      return;
    }
    load({ after: post.position });
  },
  back() { if (post.position > 1) load({ at: post.position - 1 }); },
  forward() { if (post.position < tally.posts) load({ at: post.position + 1 }); },
  async skip() {
    await flush();
    await ask("/api/skip", { post_id: post.post_id, seconds: took() });
    load({ after: post.position });
  },
  async undo() {
    await flush();
    const page = await ask("/api/undo", {});
    if (!page) return;
    if (page.nothing) return say(t("nothingToUndo"));
    show(page);
    flash(t("undone"));
    say(t("undone"));
  },
  goto() {
    $("goto-none").textContent = "";
    $("goto-where").value = "";
    const finds = { open: "findOpen", skipped: "findSkipped", unsure: "findUnsure", noted: "findNoted", na: "findNa" };
    fill($("goto-finds"), ...Object.entries(finds).map(([what, key]) => el("button", { type: "button", onclick: () => seek({ what, after: post.position }) }, t(key))));
    $("goto-box").showModal();
    $("goto-where").focus();
  },
  help() { openBook(choice && choice.code); },
};

async function ask(path, data) {
  try {
    const answer = await send(path, { sheet, ...data });
    if (answer.tally) tally = answer.tally;
    trouble("");
    return answer;
  } catch (error) {
    trouble(reason(error));
    return null;
  }
}

async function seek(query) {
  const { at } = await get("/api/find", { sheet, ...query }).catch(() => ({ at: null }));
  if (at === null) {
    $("goto-none").textContent = t("notFound");
    return;
  }
  $("goto-box").close();
  load({ at });
}

// -- coding ---------------------------------------------------------------------------------------

function setCode(code) {
  choice = withCode(book, choice, code);
  save("code", code === "NA" ? t("na") : label(code));
  if (option("auto-next", "0")) moves.next();
}

function setSecondary(code) {
  const known = book.codes.find((c) => c.id === code);
  if (!choice.code || choice.code === "NA" || choice.code === code || !known.secondary) return;
  choice = { ...choice, secondary: choice.secondary === code ? "" : code };
  save("code", `${t("secondary")}: ${choice.secondary ? label(code) : t("none")}`);
}

function toggleSure() {
  if (!choice.code) return trouble(t("needCode"));
  choice = { ...choice, sure: !choice.sure };
  save("code", choice.sure ? t("toggleSure").split(" / ")[0] : t("unsure"));
}

function chooseForm() {
  const items = formItems(book, choice.code, choice.form, wording);
  if (items.length < 2) return trouble(t(choice.code ? "noForms" : "chooseFormFirst"));
  pick(`${t("chooseForm")}: ${label(choice.code)}`, items, (form) => {
    choice = { ...choice, form };
    save("code", `${t("form")}: ${form || t("none")}`);
  });
}

function chooseRule() {
  const chosen = choice.rule.split(" ").filter(Boolean);
  pick(t("chooseRule"), ruleItems(book, chosen, wording), (id) => {
    const rules = chosen.includes(id) ? chosen.filter((r) => r !== id) : [...chosen, id];
    choice = { ...choice, rule: rules.join(" ") };
    save("code", `${t("rule")}: ${choice.rule || t("none")}`);
  });
}

function save(kind, said) {
  const state = { sheet, post_id: post.post_id, ...choice, kind, seconds: took() };
  // Keystrokes in a note may overtake each other; everything else is a step of its own, for undo.
  const last = pending.length > 1 ? pending[pending.length - 1] : null;
  if (last && kind === "note" && last.kind === "note" && last.post_id === state.post_id) {
    pending[pending.length - 1] = { ...state, seconds: state.seconds + last.seconds };
  } else pending.push(state);
  trouble("");
  drawChoice();
  if (said) say(t("said", { what: said }));
  flush().catch(() => {});
}

// Send what is pending until the server has acknowledged it all; one request at a time.
function flush() {
  if (!sending) sending = pump().finally(() => { sending = null; });
  return sending;
}

async function pump() {
  while (pending.length) {
    flash(t("saving"));
    try {
      tally = (await send("/api/decide", pending[0])).tally;
    } catch (error) {
      flash("");
      if (error instanceof Refused && error.status < 500) {
        pending.length = 0;
        trouble(reason(error));
        throw error;
      }
      trouble(t("notSaved"));
      await new Promise((done) => setTimeout(done, 1000));
      continue;
    }
    pending.shift();
    if ($("trouble").textContent === t("notSaved")) trouble("");
    flash(t("saved"));
    drawProgress();
  }
}

// Seconds since the last keystroke counted, without the time the page was hidden or nobody was there.
function tick() {
  const now = performance.now();
  if (!document.hidden && now - alive < IDLE * 1000) spent += (now - ticked) / 1000;
  ticked = now;
}

function took() {
  tick();
  const seconds = spent;
  spent = 0;
  return seconds;
}

// -- drawing --------------------------------------------------------------------------------------

const label = (id) => labelIn(book, id);

function drawPost() {
  $("place").textContent = t("place", { at: post.position, of: tally.posts });
  $("post-id").textContent = post.post_id;
  $("account").hidden = !post.account;
  if (post.account) {
    const facts = [["account", post.account], ["platform", post.platform], ["published", post.published_at]].filter((f) => f[1]);
    fill($("account"), ...facts.flatMap(([key, value]) => [el("dt", {}, t(key)), el("dd", {}, value)]));
  }
  $("marks").hidden = !reading($("reading"), post);
  $("note").value = choice.note;
  $("suggestion").hidden = !suggestion;
  if (suggestion) $("suggestion").textContent = t("suggestion", { code: `${label(suggestion.code)}${suggestion.p ? ` (${Math.round(suggestion.p * 100)}%)` : ""}` });
  drawChoice();
  drawProgress();
}

function drawChoice() {
  keepFocus($("codes"), codeButtons(book, choice.code, setCode));
  keepFocus($("secondary"), secondaryButtons(book, choice, setSecondary));
  const coded = choice.code && choice.code !== "NA";
  const form = book.forms.find((f) => f.id === choice.form);
  $("form-row").hidden = !book.forms.length;
  $("form").disabled = !coded;
  $("form").textContent = form ? `${form.id} ${wording(form.label)}` : t("none");
  $("unsure").setAttribute("aria-pressed", String(!choice.sure));
  $("unsure").disabled = !choice.code;
  $("rule-row").hidden = !book.rules.length;
  $("rule").textContent = choice.rule || t("none");
  $("post-state").textContent = choice.code ? "" : t(choice.skipped ? "stateSkipped" : "stateOpen");
}

function drawProgress() {
  $("bar").max = tally.posts || 1;
  $("bar").value = tally.done;
  const parts = [t("done", { done: tally.done, of: tally.posts })];
  if (tally.skipped) parts.push(t("skipped", { n: tally.skipped }));
  if (tally.seconds && tally.done > 2) parts.push(t("pace", { t: duration(tally.seconds) }));
  if (tally.seconds && tally.done > 2 && tally.remaining) parts.push(t("left", { t: duration(tally.seconds * tally.remaining) }));
  $("progress-text").textContent = parts.join(" · ");
}

// On narrow screens the fields beside the code stay folded away until they are wanted.
function expand(open) {
  $("expand").setAttribute("aria-expanded", String(open));
  $("more").classList.toggle("open", open);
}

function flash(text) {
  $("saved").textContent = text;
}

function settings() {
  const box = (key, words, standard) => el("label", { class: "setting" }, el("input", {
    type: "checkbox", id: `set-${key}`, checked: option(key, standard), onchange: (event) => remember(key, event.target.checked ? "1" : "0"),
  }), " ", t(words));
  return [box("auto-next", "autoNext", "0"), box("keys", "keysOn", "1")];
}

// -- keys -----------------------------------------------------------------------------------------

const KEYS = {
  Digit0: () => setCode("NA"), Numpad0: () => setCode("NA"), KeyN: () => setCode("NA"), KeyF: chooseForm, KeyU: toggleSure, KeyR: chooseRule,
  KeyM: () => { expand(true); $("note").focus(); }, KeyS: () => moves.skip(), KeyZ: () => moves.undo(), KeyB: () => moves.back(), KeyG: () => moves.goto(), KeyH: () => moves.help(),
  ArrowLeft: () => moves.back(), ArrowRight: () => moves.forward(), Enter: () => moves.next(), NumpadEnter: () => moves.next(),
};

function onKey(event) {
  alive = performance.now();
  if (event.defaultPrevented || document.querySelector("dialog[open]") || event.altKey) return;
  if (typing(event)) {
    if (event.key === "Escape") event.target.blur();
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) moves.next();
    return;
  }
  if (!post) {
    if (event.code === "KeyZ") moves.undo();
    return;
  }
  if ((event.ctrlKey || event.metaKey) && event.code !== "KeyZ") return;
  const single = !/^(Enter|NumpadEnter|Arrow)/.test(event.code);
  if (single && !option("keys", "1")) return;
  act(event, book, { setCode, setSecondary, help: moves.help, keys: KEYS });
}

function listen() {
  document.addEventListener("keydown", onKey);
  for (const sign of ["pointermove", "pointerdown", "scroll", "wheel"]) document.addEventListener(sign, () => { tick(); alive = performance.now(); }, { passive: true, capture: true });
  document.addEventListener("visibilitychange", () => { document.hidden ? tick() : (ticked = performance.now()); });
  wire(moves);
  $("form").addEventListener("click", chooseForm);
  $("rule").addEventListener("click", chooseRule);
  $("unsure").addEventListener("click", toggleSure);
  $("expand").addEventListener("click", () => expand($("expand").getAttribute("aria-expanded") !== "true"));
  $("note").addEventListener("input", () => { choice = { ...choice, note: $("note").value }; save("note"); });
  $("goto-form").addEventListener("submit", (event) => {
    event.preventDefault();
    const where = $("goto-where").value.trim();
    if (/^\d{1,6}$/.test(where) && Number(where) >= 1 && Number(where) <= tally.posts) {
      $("goto-box").close();
      load({ at: Number(where) });
    } else seek({ post_id: where });
  });
  $("review").addEventListener("click", () => load({ at: 1 }));
  $("stop").addEventListener("click", async () => {
    if (!(await ask("/api/stop", {}))) return;
    fill($("finished"), el("h1", {}, t("stopped")));
  });
  addEventListener("beforeunload", (event) => { if (pending.length) event.preventDefault(); });
}

start();
