// Building the page. Text only ever enters as text: nothing here parses markup.
import { getLanguage, setLanguage, t } from "./words.js";

export const $ = (id) => document.getElementById(id);

export function el(tag, props = {}, ...children) {
  const node = document.createElement(tag);
  for (const [key, value] of Object.entries(props)) {
    if (value === undefined || value === false) continue;
    if (key.startsWith("on")) node.addEventListener(key.slice(2), value);
    else node.setAttribute(key === "class" ? "class" : key, value === true ? "" : value);
  }
  for (const child of children.flat()) {
    if (child === null || child === undefined || child === "") continue;
    node.append(child instanceof Node ? child : document.createTextNode(String(child)));
  }
  return node;
}

export function fill(node, ...children) {
  node.replaceChildren(...children.flat().filter((c) => c !== null && c !== undefined && c !== ""));
}

// A window with a title and a close button, built once and kept at the end of the page.
export function dialog(id, title, ...content) {
  const close = el("button", { type: "button", class: "small", "data-close": true, "data-t": "close" });
  const heading = el("h2", { id: `${id}-title`, "data-t": title || undefined });
  const node = el("dialog", { id, class: id, "aria-labelledby": `${id}-title` }, el("div", { class: "dialog-head" }, heading, close), content);
  close.addEventListener("click", () => node.close());
  document.body.append(node);
}

// Characters that reorder, hide or control text. Joiners and selectors inside emoji stay as they are.
const HIDDEN = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u00ad\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb]/u;
const NAMES = {
  "\u202a": "LRE", "\u202b": "RLE", "\u202c": "PDF", "\u202d": "LRO", "\u202e": "RLO", "\u2066": "LRI",
  "\u2067": "RLI", "\u2068": "FSI", "\u2069": "PDI", "\u200e": "LRM", "\u200f": "RLM", "\u061c": "ALM",
  "\u200b": "ZWSP", "\u2060": "WJ", "\ufeff": "BOM", "\u00ad": "SHY",
};

function mark(character) {
  const number = "U+" + character.codePointAt(0).toString(16).toUpperCase().padStart(4, "0");
  return el("span", { class: "mark", title: number }, NAMES[character] || number);
}

// The text of a post as inert nodes, hidden characters shown. Returns whether there were any.
export function inert(node, text) {
  const parts = [];
  let run = "";
  let marked = false;
  for (const character of text) {
    if (HIDDEN.test(character)) {
      parts.push(run, mark(character));
      run = "";
      marked = true;
    } else run += character;
  }
  parts.push(run);
  fill(node, ...parts.filter((p) => p !== ""));
  return marked;
}

// The body of a post: title, text, and the answer where it has one.
export function reading(node, post) {
  const parts = [];
  let marked = false;
  const add = (tag, props, text) => {
    const part = el(tag, { dir: "auto", ...props });
    marked = inert(part, text) || marked;
    parts.push(part);
  };
  if (post.title) add("h2", { class: "title" }, post.title);
  if (post.reply && post.text) parts.push(el("p", { class: "speaker" }, t("message")));
  if (post.text) add("div", { class: "text" }, post.text);
  if (post.reply) {
    parts.push(el("p", { class: "speaker" }, t("reply")));
    add("div", { class: "text" }, post.reply);
  }
  fill(node, ...parts);
  node.scrollTop = 0;
  return marked;
}

export function translate() {
  for (const node of document.querySelectorAll("[data-t]")) node.textContent = t(node.dataset.t);
  for (const node of document.querySelectorAll("[data-t-label]")) node.setAttribute("aria-label", t(node.dataset.tLabel));
  for (const node of document.querySelectorAll("[data-t-placeholder]")) node.setAttribute("placeholder", t(node.dataset.tPlaceholder));
}

function remembered(key) {
  try { return localStorage.getItem("govcode-" + key); } catch { return null; }
}

export function remember(key, value) {
  try { localStorage.setItem("govcode-" + key, value); } catch { /* private windows may refuse */ }
}

export { remembered };

// The switches for language and light or dark, alike on every page.
export function switches(redraw) {
  $("language").addEventListener("click", () => {
    setLanguage(getLanguage() === "zh" ? "en" : "zh");
    remember("language", getLanguage());
    switches.label();
    redraw();
  });
  $("theme").addEventListener("click", () => {
    const dark = document.documentElement.dataset.theme
      ? document.documentElement.dataset.theme === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
    document.documentElement.dataset.theme = dark ? "light" : "dark";
    remember("theme", document.documentElement.dataset.theme);
  });
  const theme = remembered("theme");
  if (theme === "dark" || theme === "light") document.documentElement.dataset.theme = theme;
  switches.label();
}

switches.label = () => {
  $("language").textContent = getLanguage() === "zh" ? "English" : "中文";
  $("language").lang = getLanguage() === "zh" ? "en" : "zh";
  translate();
};

export function closers() {
  for (const button of document.querySelectorAll("[data-close]")) {
    button.addEventListener("click", () => button.closest("dialog").close());
  }
}

let saying = 0;
export function say(text) {
  clearTimeout(saying);
  $("said").textContent = "";
  saying = setTimeout(() => { $("said").textContent = text; }, 50);
}

export function trouble(text) {
  $("trouble").textContent = text || "";
  $("trouble").hidden = !text;
}
