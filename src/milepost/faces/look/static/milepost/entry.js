// The keyboard of forms in which orders are typed: lists to choose from (WAI-ARIA combobox), rows, shortcuts, no reloads.
// The form works without this file; its buttons do all of it.
(() => {
  const form = () => document.querySelector("form[data-entry]");
  const listOf = (input) => document.getElementById(input.dataset.combo);
  const optionsOf = (list) => [...list.querySelectorAll("[role=option]")];
  const isOpen = (input) => !listOf(input).hidden;
  const say = (words) => { document.getElementById("said").textContent = words; };

  // Lists
  function upgrade(root) {
    for (const input of root.querySelectorAll("[data-combo]:not([role])")) {
      const about = { role: "combobox", "aria-autocomplete": "list", "aria-expanded": "false", "aria-controls": input.dataset.combo };
      for (const [name, value] of Object.entries(about)) input.setAttribute(name, value);
    }
  }
  function open(input) {
    const list = listOf(input), found = optionsOf(list);
    list.hidden = !list.children.length || document.activeElement !== input;
    input.setAttribute("aria-expanded", String(!list.hidden && found.length > 0));
    input.removeAttribute("aria-activedescendant");
    if (!list.hidden) say(found.length ? form().dataset.found.replace("0", found.length) : list.textContent.trim());
  }
  function close(input) {
    listOf(input).hidden = true;
    input.setAttribute("aria-expanded", "false");
    input.removeAttribute("aria-activedescendant");
  }
  function point(input, step) {
    const found = optionsOf(listOf(input));
    if (!found.length) return;
    const here = found.findIndex((option) => option.id === input.getAttribute("aria-activedescendant"));
    const next = found[(here + step + found.length + (here < 0 && step < 0 ? 1 : 0)) % found.length];
    for (const option of found) option.setAttribute("aria-selected", String(option === next));
    input.setAttribute("aria-activedescendant", next.id);
    next.scrollIntoView({ block: "nearest" });
  }
  const pointed = (input) => document.getElementById(input.getAttribute("aria-activedescendant") || "");
  function choose(input, option) {
    close(input);
    if (option.dataset.do) { redraw(option.dataset.do); return; }
    input.value = option.dataset.value;
    input.dispatchEvent(new Event("change", { bubbles: true }));
    onwards(input);
  }

  // Rows
  const rows = () => [...form().querySelectorAll(".line")];
  function count() {
    rows().forEach((row, place) => row.querySelectorAll("[data-count]").forEach((one) => { one.textContent = place + 1; }));
  }
  function addRow() {
    const next = Math.max(-1, ...rows().map((row) => Number(row.dataset.line))) + 1;
    const template = document.getElementById("line-template");
    const holder = document.createElement("ol");
    holder.innerHTML = template.innerHTML.replaceAll("__n__", next);
    const row = holder.firstElementChild;
    document.getElementById("lines").append(row);
    upgrade(row);
    window.htmx.process(row);
    count();
    row.querySelector("input").focus();
  }
  const emptyRow = () => rows().find((row) => [...row.querySelectorAll("input")].every((input) => !input.value.trim()));
  function freshRow() {
    const row = emptyRow();
    if (row) row.querySelector("input").focus(); else addRow();
  }

  // From field to field
  const fields = () => [...form().querySelectorAll("input:not([type=hidden]), select, textarea, button[data-place]")]
    .filter((field) => !field.disabled && field.offsetParent !== null);
  function onwards(field) {
    const row = field.closest(".line");
    if (row) {
      const own = [...row.querySelectorAll("input")], place = own.indexOf(field);
      if (place === 0 && !field.value.trim()) { afterLines(); return; }
      if (place < own.length - 1) { own[place + 1].focus(); own[place + 1].select(); return; }
      const all = rows(), next = all[all.indexOf(row) + 1];
      if (next) next.querySelector("input").focus(); else addRow();
      return;
    }
    const all = fields(), next = all[all.indexOf(field) + 1];
    if (next) next.focus();
  }
  function afterLines() {
    const target = form().querySelector("button[data-address]") || form().querySelector("[name=ship_name]") || form().querySelector("[data-place]");
    if (target) target.focus();
  }

  // The server draws the form anew
  function redraw(what) {
    const here = form();
    window.htmx.ajax("POST", here.action, { source: here, target: "#entry", select: "#entry", swap: "outerHTML", values: { do: what } });
  }

  document.addEventListener("keydown", (event) => {
    if (!form() || event.isComposing) return;
    if (event.ctrlKey && event.key === "Enter") { event.preventDefault(); form().requestSubmit(form().querySelector("[data-place]")); return; }
    if (event.altKey && !event.ctrlKey && !event.metaKey) {
      const jump = { KeyC: () => form().querySelector("#caller")?.focus(), KeyL: freshRow, KeyS: () => form().querySelector("[data-keep]")?.click() }[event.code];
      if (jump) { event.preventDefault(); jump(); }
      return;
    }
    const field = event.target;
    if (!form().contains(field) || !field.matches("input, select, textarea")) return;
    if (field.dataset.combo && !event.ctrlKey && !event.shiftKey) {
      if (event.key === "ArrowDown" || event.key === "ArrowUp") {
        event.preventDefault();
        if (!isOpen(field)) open(field);
        if (isOpen(field)) point(field, event.key === "ArrowDown" ? 1 : -1);
        return;
      }
      if (event.key === "Escape" && isOpen(field)) { event.preventDefault(); close(field); return; }
      if (event.key === "Enter") {
        event.preventDefault();
        const chosen = isOpen(field) && pointed(field);
        if (chosen) choose(field, chosen); else { close(field); onwards(field); }
        return;
      }
    }
    if (event.key === "Enter" && !event.shiftKey && field.matches("input, select, textarea.one-line")) { event.preventDefault(); onwards(field); }
  });
  document.addEventListener("mousedown", (event) => {
    const option = event.target.closest?.(".options [role=option]");
    if (!option) return;
    event.preventDefault();
    choose(form().querySelector(`[data-combo="${option.parentElement.id}"]`), option);
  });
  document.addEventListener("focusout", (event) => { if (event.target.dataset?.combo) close(event.target); });
  document.addEventListener("click", (event) => {
    const button = event.target.closest?.("form[data-entry] button[name=do]");
    if (!button || button.matches("[data-place], [data-leaves]")) return;
    event.preventDefault();
    if (button.matches("[data-add-line]")) freshRow(); else redraw(button.value);
  });
  document.addEventListener("submit", (event) => {
    if (!event.target.matches("form[data-entry], form[data-once]")) return;
    if (event.target.dataset.sent) event.preventDefault();
    event.target.dataset.sent = "yes";
  });
  window.addEventListener("pageshow", () => document.querySelectorAll("form[data-sent]").forEach((one) => { delete one.dataset.sent; }));

  document.addEventListener("htmx:afterSwap", (event) => {
    const list = event.detail.target;
    if (list.matches?.(".options")) open(form().querySelector(`[data-combo="${list.id}"]`));
  });
  document.addEventListener("htmx:oobBeforeSwap", (event) => {  // what has not changed is not told again
    const { target, fragment } = event.detail;
    const words = (one) => one.textContent.replace(/\s+/g, " ").trim();
    const typing = target.closest(".line")?.querySelector("[data-combo]") === document.activeElement && fragment.querySelector(".error");
    if (typing || words(target) === words(fragment)) event.detail.shouldSwap = false;
  });
  document.addEventListener("htmx:afterSettle", (event) => {
    if (event.detail.target.id !== "entry" && event.detail.elt?.id !== "entry") return;
    upgrade(document);
    if (form()?.dataset.said) say(form().dataset.said);
    form()?.dispatchEvent(new Event("change"));  // reckoned anew: an answer to what was typed before may still be on its way
  });
  if (form()) upgrade(document);
})();
