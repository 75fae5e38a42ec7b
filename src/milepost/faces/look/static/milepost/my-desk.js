// My desk looks after itself: every quarter of a minute it asks what has changed. Where nobody is at work in a row, the list is made
// new in place. Where somebody types, ticks or has a form open, no row moves: what is told of each row is renewed, and what came or
// went is announced, with a button that shows it. A row somebody is at work in is never taken away and never loses a letter.
(() => {
  const live = () => document.getElementById("live");
  const news = document.getElementById("news");
  const held = document.getElementById("held-news");
  if (!live() || !news || !held) return;

  const REMEMBERED = 120000; // so long a row that says what came of it stays
  let waiting = null; // the newest answer that was not shown in full
  let moved = 0; // when the pointer last moved over the list

  const rowsOf = (root) => new Map([...root.querySelectorAll("[data-row]")].map((row) => [row.id, row]));
  const typing = (row) => row.contains(document.activeElement) && document.activeElement.matches("input, select, textarea");
  const atWork = (row) => typing(row) || row.querySelector(".slot")?.firstElementChild || row.querySelector("input[type=checkbox]:checked");
  const filtering = () => document.activeElement?.closest?.("#kind-filter");
  const anybodyAtWork = () => filtering() || [...rowsOf(live()).values()].some(atWork);
  const aboutToPress = () => live().matches(":hover") && Date.now() - moved < 2000;
  document.addEventListener("pointermove", () => { moved = Date.now(); }, { passive: true });

  function say(count) {
    const words = count === 0 ? news.dataset.changed : count === 1 ? news.dataset.one : news.dataset.many.replace("%s", count);
    news.textContent = words;
    return words;
  }

  const added = (answer) => [...rowsOf(answer).keys()].filter((id) => !document.getElementById(id));

  // Everything new, in place; what somebody is at work in stays as it is.
  function showAll(answer) {
    const count = added(answer).length;
    const kept = new Set([...rowsOf(live()).values()].filter(atWork).map((row) => row.id));
    Idiomorph.morph(live(), answer, {
      callbacks: {
        beforeNodeMorphed: (old) => !(old.matches?.(".slot") && old.firstElementChild),
        beforeAttributeUpdated: (name) => name !== "checked",
        beforeNodeRemoved: (node) => {
          if (!node.matches?.("[data-row], [data-said]")) return true;
          if (node.matches("[data-said]")) return Date.now() - Number(node.dataset.since || 0) > REMEMBERED;
          if (!kept.has(node.id)) return true;
          node.querySelector("[data-gone]").hidden = false;
          return false;
        },
      },
    });
    htmx.process(live());
    held.hidden = true;
    waiting = null;
    return count;
  }

  // What is told of the rows that stand, and the numbers; nothing moves.
  function showInPlace(answer) {
    const theirs = rowsOf(answer), at = document.activeElement, top = at.getBoundingClientRect().top;
    let gone = 0;
    for (const [id, row] of rowsOf(live())) {
      const new_ = theirs.get(id);
      row.querySelector("[data-gone]").hidden = Boolean(new_);
      if (!new_) { gone += 1; continue; }
      for (const part of row.querySelectorAll("[data-live]")) {
        const other = new_.querySelector(`#${CSS.escape(part.id)}`);
        if (other) Idiomorph.morph(part, other.outerHTML);
      }
    }
    for (const part of live().querySelectorAll("#tallies, section > h2")) {
      const other = answer.querySelector(`#${CSS.escape(part.id)}`);
      if (other) Idiomorph.morph(part, other.outerHTML);
    }
    scrollBy(0, at.getBoundingClientRect().top - top); // a line more above somebody's field does not push it away
    const count = added(answer).length;
    if (count || gone) {
      held.querySelector("span").textContent = say(count);
      held.hidden = false;
    }
  }

  function take(text) {
    const answer = new DOMParser().parseFromString(text, "text/html").getElementById("live");
    if (!answer || answer.dataset.version === live().dataset.version) return;
    waiting = text;
    if (anybodyAtWork()) { showInPlace(answer); return; }
    if (aboutToPress()) { setTimeout(() => { if (waiting === text) take(text); }, 2000); return; }
    const count = showAll(answer);
    if (count) say(count);
  }

  document.body.addEventListener("htmx:afterRequest", (event) => {
    if (event.detail.elt.id === "live" && event.detail.successful && event.detail.xhr.status === 200) take(event.detail.xhr.responseText);
  });

  document.getElementById("show-news").addEventListener("click", () => {
    if (!waiting) return;
    showAll(new DOMParser().parseFromString(waiting, "text/html").getElementById("live"));
    live().querySelector("[data-row]")?.focus();
  });

  // A form that opened in a row gets the cursor; a row that says what came of it, too, so that the keyboard stays where the work is.
  document.body.addEventListener("htmx:afterSwap", (event) => {
    const target = event.detail.target;
    if (target.matches?.(".slot")) {
      const first = target.querySelector("details[open] input:not([type=hidden]), details[open] select, .at-hand input:not([type=hidden]), .at-hand select, .at-hand textarea, button");
      first?.focus();
    }
  });
  document.body.addEventListener("htmx:load", (event) => {
    const row = event.detail.elt;
    if (!row.matches?.("[data-row], [data-said]") || !row.parentElement) return;
    if (row.matches("[data-said]")) row.dataset.since = Date.now();
    const told = row.querySelector("[role=status], [role=alert]");
    if (!told) return;
    news.textContent = told.textContent.trim();
    if (told.matches("[role=alert]")) (row.querySelector(".slot [aria-invalid=true]") || row).focus(); else row.focus();
  });
  document.addEventListener("click", (event) => {
    const away = event.target.closest?.("#live [data-never-mind]");
    if (!away) return;
    event.preventDefault();
    const row = away.closest("[data-row]");
    row.querySelector(".slot").replaceChildren();
    row.focus();
  });
})();
