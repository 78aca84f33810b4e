// The codebook in a window: a tab for each code (number keys), the rules, the procedure and the keys.
import { $, dialog, el, fill, inert } from "./dom.js";
import { codeOfKey } from "./controls.js";
import { t, wording } from "./words.js";

let book = null;
let extra = () => [];
let open = "";

export function bookOf(data, settings) {
  book = data;
  extra = settings || extra;
  dialog("book", "codebook",
    el("div", { class: "tabs", id: "book-tabs", role: "tablist", "data-t-label": "codebook" }),
    el("div", { class: "book-body", id: "book-body", role: "tabpanel", tabindex: "0" }));
  $("book").addEventListener("keydown", (event) => {
    const code = codeOfKey(book, event);
    if (code && !event.shiftKey) show(code.id);
    const step = event.target.getAttribute("role") === "tab" && { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (step) turn(step);
  });
}

export function openBook(code) {
  const known = book.codes.some((c) => c.id === code);
  show(known ? code : open || book.codes[0].id);
  if (!$("book").open) $("book").showModal();
  $("book-body").focus();
}

function tabs() {
  return [
    ...book.codes.map((c) => ({ id: c.id, name: wording(c.label), key: c.key, draw: () => codePage(c) })),
    { id: ":rules", name: t("rules"), key: "", draw: rulesPage },
    { id: ":procedure", name: t("procedure"), key: "", draw: procedurePage },
    { id: ":keys", name: t("keys"), key: "", draw: keysPage },
  ];
}

function show(id) {
  open = id;
  const list = tabs();
  fill($("book-tabs"), ...list.map((tab) => el("button",
    { type: "button", role: "tab", id: `tab-${tab.id}`, "aria-controls": "book-body", tabindex: tab.id === id ? "0" : "-1",
      "aria-selected": String(tab.id === id), onclick: () => show(tab.id) },
    tab.key ? el("kbd", {}, tab.key) : null, tab.key ? " " : null, tab.name)));
  $("book-body").setAttribute("aria-labelledby", `tab-${id}`);
  fill($("book-body"), ...list.find((tab) => tab.id === id).draw());
  $("book-body").scrollTop = 0;
}

function turn(step) {
  const list = tabs();
  const at = list.findIndex((tab) => tab.id === open);
  show(list[(at + step + list.length) % list.length].id);
  $(`tab-${open}`).focus();
}

function part(name, text) {
  return text ? [el("h3", {}, name), el("p", { class: "pre" }, text)] : [];
}

function codePage(code) {
  const forms = book.forms.filter((f) => f.code === code.id);
  return [
    ...part(t("question"), [wording(code.keyword), wording(code.question)].filter(Boolean).join(" · ")),
    ...part(t("definition"), wording(code.definition)),
    ...part(t("counts"), wording(code.counts)),
    ...part(t("excludes"), wording(code.excludes)),
    ...(forms.length ? [el("h3", {}, t("forms")), el("ul", {}, forms.map((f) =>
      el("li", {}, el("b", {}, f.id), ` ${wording(f.label)} `, el("small", {}, `[${t(f.hard ? "hard" : "soft")}] ${wording(f.more)}`))))] : []),
    ...(code.rules.length ? [el("h3", {}, t("rules")), ruleList(book.rules.filter((r) => code.rules.includes(r.id)))] : []),
    ...(code.examples.length ? [el("h3", {}, t("examples")), ...code.examples.map(example)] : []),
  ];
}

function ruleList(rules) {
  return el("ul", {}, rules.map((r) => el("li", {}, el("b", {}, `${r.id} ${wording(r.title)}`), " ", wording(r.text))));
}

function example(item) {
  const text = el("p", { class: "pre", lang: "zh" });
  inert(text, (item.title ? `【${item.title}】` : "") + item.text);
  const codes = [item.secondary && `(${item.secondary})`, item.form].filter(Boolean).join(" ");
  return el("div", { class: "example" }, text,
    el("p", { class: "faint" }, item.border ? el("b", {}, `${t("border")} · `) : null, codes ? `${codes} · ` : "", wording(item.why)));
}

function rulesPage() {
  return [ruleList(book.rules)];
}

function procedurePage() {
  const order = book.tie_break.join(" > ");
  return [...part(t("procedure"), wording(book.procedure)), ...part(t("na"), wording(book.na_rule)), ...part(t("tieBreak"), order)];
}

function keysPage() {
  const last = book.codes.filter((c) => c.key).length;
  const keys = [
    [`1–${last}`, t("keyCode")], [`⇧1–⇧${last}`, t("keySecondary")], ["0 / N", t("keyNa")], ["F", t("chooseForm")], ["U", t("toggleSure")],
    ["R", t("chooseRule")], ["M", t("note")], ["Enter", t("keyNext")], ["← / →", t("keyMove")], ["S", t("skip")], ["Z", t("undo")],
    ["G", t("goto")], ["?", t("keyHelp")], ["Esc", t("keyEsc")],
  ];
  return [el("table", {}, el("tbody", {}, keys.map(([key, what]) => el("tr", {}, el("th", { scope: "row" }, el("kbd", {}, key)), el("td", {}, what))))), ...extra()];
}
