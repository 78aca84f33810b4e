// How every page begins: language, session, the right page for the person, the codebook.
import { $, closers, remembered, switches, trouble } from "./dom.js";
import { enter, get, reason } from "./net.js";
import { setLanguage } from "./words.js";

const PAGES = { coder: "/", adjudicator: "/adjudicate.html", supervisor: "/supervise.html" };

// Return {me, book}, or null where the person does not come in here (the page then says why).
export async function begin(role, redraw) {
  setLanguage(remembered("language") || "zh");
  switches(redraw);
  closers();
  try {
    const me = await enter();
    if (me.role !== role) {
      location.replace(PAGES[me.role]);
      return null;
    }
    const book = await get("/api/codebook");
    setLanguage(remembered("language") || me.language);
    $("stop").hidden = !me.stoppable;
    return { me, book };
  } catch (error) {
    trouble(reason(error));
    return null;
  }
}

// Buttons named as the moves; a button that was clicked gives the keyboard back to the page.
export function wire(moves) {
  for (const [id, move] of Object.entries(moves)) $(id).addEventListener("click", move);
  document.addEventListener("click", (event) => {
    if (event.detail && event.target.closest("main button, footer button")) document.activeElement.blur();
  });
}
