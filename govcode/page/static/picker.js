// A list in a window: type to search, arrows to move, Enter to choose. Used for forms and rules.
import { $, dialog, el, fill } from "./dom.js";
import { t } from "./words.js";

let items = [];
let shown = [];
let active = 0;
let choose = () => {};

// Items are {id, label, more, chosen}; `chosen(id)` is called once and the window closes.
export function pick(title, list, chosen) {
  items = list;
  choose = chosen;
  $("picker-title").textContent = title;
  $("picker-search").value = "";
  draw();
  const at = shown.findIndex((item) => item.chosen);
  move(at < 0 ? 0 : at);
  $("picker").showModal();
  $("picker-search").focus();
}

function draw() {
  const words = $("picker-search").value.trim().toLowerCase().split(/\s+/).filter(Boolean);
  const fits = (item) => words.every((w) => `${item.id} ${item.label} ${item.more || ""} ${item.find || ""}`.toLowerCase().includes(w));
  const rank = (item) => {
    const holds = (text) => words.every((w) => text.toLowerCase().includes(w));
    return item.id.toLowerCase() === words.join(" ") ? 0 : holds(item.id) ? 1 : holds(`${item.id} ${item.label} ${item.find || ""}`) ? 2 : 3;
  };
  shown = words.length ? items.filter(fits).sort((a, b) => rank(a) - rank(b)) : items;
  active = 0;
  const rows = shown.map((item, place) =>
    el("li", { role: "option", id: `pick-${place}`, "aria-selected": String(Boolean(item.chosen)), onclick: () => take(place) },
      el("b", {}, item.id || "–"), " ", el("span", {}, item.label), item.more ? el("small", {}, item.more) : null));
  fill($("picker-list"), ...(rows.length ? rows : [el("li", { class: "faint", role: "option", "aria-disabled": "true", "aria-selected": "false" }, t("notFound"))]));
  move(0);
}

function move(place) {
  if (!shown.length) {
    $("picker-search").removeAttribute("aria-activedescendant");
    return;
  }
  active = Math.max(0, Math.min(shown.length - 1, place));
  for (const row of $("picker-list").children) row.classList.toggle("active", row.id === `pick-${active}`);
  $("picker-search").setAttribute("aria-activedescendant", `pick-${active}`);
  $(`pick-${active}`).scrollIntoView({ block: "nearest" });
}

function take(place) {
  if (!shown[place]) return;
  $("picker").close();
  choose(shown[place].id);
}

export function pickers() {
  dialog("picker", "",
    el("input", { id: "picker-search", type: "search", role: "combobox", "aria-expanded": "true", "aria-controls": "picker-list",
      "aria-autocomplete": "list", autocomplete: "off", "data-t-label": "search", "data-t-placeholder": "search" }),
    el("ul", { id: "picker-list", role: "listbox", "aria-labelledby": "picker-title" }));
  $("picker-search").addEventListener("input", draw);
  $("picker-search").addEventListener("keydown", (event) => {
    if (event.isComposing || !$("picker").open) return;
    const step = { ArrowDown: 1, ArrowUp: -1, PageDown: 8, PageUp: -8 }[event.key];
    if (step) move(active + step);
    else if (event.key === "Enter") take(active);
    else return;
    event.preventDefault();
  });
}

export function formItems(book, code, chosen, wording) {
  const none = { id: "", label: t("none"), chosen: !chosen };
  return [none, ...book.forms.filter((f) => f.code === code).map((f) => ({
    id: f.id, label: wording(f.label), more: wording(f.more), chosen: f.id === chosen,
    find: Object.values(f.label).join(" "),
  }))];
}

export function ruleItems(book, chosen, wording) {
  return book.rules.map((r) => ({
    id: r.id, label: wording(r.title), more: wording(r.text), chosen: chosen.includes(r.id),
    find: Object.values(r.title).join(" "),
  }));
}
