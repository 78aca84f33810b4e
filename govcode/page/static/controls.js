// The buttons for codes, shared by the coding and the adjudication page.
import { el, fill } from "./dom.js";
import { t, wording } from "./words.js";

export function labelIn(book, id) {
  return id === "NA" ? "NA" : wording((book.codes.find((c) => c.id === id) || { label: { zh: id } }).label);
}

// The code whose number key was pressed, whatever the keyboard or input method makes of it.
export function codeOfKey(book, event) {
  const digit = /^(?:Digit|Numpad)([1-9])$/.exec(event.code);
  return digit && book.codes.find((c) => c.key === digit[1]);
}

// Whether a key was meant for a field. The field of a window just closed keeps the focus for a moment.
export function typing(event) {
  return event.target.matches("input, textarea, select") && !event.target.closest("dialog:not([open])");
}

// Do what a key stands for: the codebook, a code, a secondary code (shift), or one of `keys`.
export function act(event, book, { setCode, setSecondary, help, keys }) {
  const pressed = event.target.getAttribute("aria-pressed") === "true";
  if (event.target.matches("button, a") && (event.code === "Space" || (event.code === "Enter" && !pressed))) return;
  const code = codeOfKey(book, event);
  if (event.key === "?" || event.key === "\uff1f") help();
  else if (code) (event.shiftKey ? setSecondary : setCode)(code.id);
  else if (keys[event.code] && !event.shiftKey) keys[event.code]();
  else return;
  event.preventDefault();
}

// A choice after a change of code: what no longer fits it is dropped.
export function withCode(book, choice, code) {
  if (choice.code === code) return choice;
  const forms = book.forms.filter((f) => f.code === code).map((f) => f.id);
  const secondary = code === "NA" || choice.secondary === code ? "" : choice.secondary;
  return { ...choice, code, secondary, form: forms.includes(choice.form) ? choice.form : "" };
}

export function codeButtons(book, chosen, choose) {
  const buttons = book.codes.map((c) => el("button",
    { type: "button", class: "code", "data-code": c.id, "aria-pressed": String(chosen === c.id), onclick: () => choose(c.id) },
    el("kbd", {}, c.key || "·"), el("span", { class: "code-name" }, wording(c.label), wording(c.keyword) ? el("i", {}, wording(c.keyword)) : null),
    el("span", { class: "question" }, wording(c.question))));
  buttons.push(el("button", { type: "button", class: "code", "data-code": "NA", "aria-pressed": String(chosen === "NA"), onclick: () => choose("NA") },
    el("kbd", {}, "0"), el("span", { class: "code-name" }, t("na"))));
  return buttons;
}

export function secondaryButtons(book, choice, choose) {
  const coded = choice.code && choice.code !== "NA";
  return book.codes.filter((c) => c.secondary).map((c) => el("button", {
    type: "button", class: "small", "data-code": c.id, "aria-pressed": String(choice.secondary === c.id),
    disabled: !coded || c.id === choice.code, onclick: () => choose(c.id),
  }, c.key ? el("kbd", {}, c.key) : null, " ", wording(c.label)));
}

// Redraw a group of buttons without losing the keyboard's place in it.
export function keepFocus(group, buttons) {
  const held = group.contains(document.activeElement) && document.activeElement.dataset.code;
  fill(group, ...buttons);
  const again = held && buttons.find((b) => b.dataset.code === held);
  if (again) again.focus();
}
