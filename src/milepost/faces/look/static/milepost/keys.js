// Keyboard shortcuts of the desk. What there is stands in the table of the dialog (data-keys with data-to or data-does); single keys
// do nothing while somebody types, and can be switched off (WCAG 2.1.4). The choice stays in this browser and says nothing of anybody.
(() => {
  const dialog = document.getElementById("keys");
  if (!dialog) return;
  const STORE = "milepost.keys";
  const isOn = () => { try { return localStorage.getItem(STORE) !== "off"; } catch { return true; } };
  const keep = (on) => { try { on ? localStorage.removeItem(STORE) : localStorage.setItem(STORE, "off"); } catch { /* this page only */ } };

  const switches = () => document.querySelectorAll("input[data-keys-on]");
  const showSwitches = () => switches().forEach((one) => { one.checked = isOn(); });
  switches().forEach((one) => one.addEventListener("change", () => { keep(one.checked); showSwitches(); }));
  showSwitches();
  document.querySelectorAll("[data-show-keys]").forEach((link) => link.addEventListener("click", (event) => {
    event.preventDefault();
    dialog.showModal();
  }));

  const known = new Map([...dialog.querySelectorAll("[data-keys]")].map((row) => [row.dataset.keys, row.dataset]));
  const ROWS = "[data-row], [data-said], main table.rows tbody tr, main table.stack tbody tr";
  const rows = () => [...document.querySelectorAll(ROWS)].filter((row) => row.offsetParent !== null && row.closest("main"));
  const current = () => document.activeElement?.closest?.(ROWS);
  const inRow = (what) => current()?.querySelector(what);

  function step(by) {
    const all = rows(), at = all.indexOf(current());
    const next = all[at < 0 ? (by > 0 ? 0 : all.length - 1) : Math.min(Math.max(at + by, 0), all.length - 1)];
    if (!next) return;
    next.tabIndex = -1;
    next.focus();
    next.scrollIntoView({ block: "nearest" });
  }

  const does = {
    help: () => dialog.showModal(),
    search: () => {
      const field = document.querySelector("main [role=search] input[type=search]") || document.getElementById("find");
      field?.focus();
      field?.select();
    },
    next: () => step(1),
    previous: () => step(-1),
    open: () => (inRow("[data-open]") || inRow("a[href]"))?.click(),
    do: () => inRow("[data-do]")?.click(),
    take: () => inRow("[data-take]")?.click(),
    more: () => inRow("[data-more]")?.click(),
    tick: () => inRow("input[type=checkbox]")?.click(),
  };

  const types = (element) => element.isContentEditable || /^(INPUT|SELECT|TEXTAREA)$/.test(element.tagName) && !/^(checkbox|radio|button|submit)$/.test(element.type);
  let first = "", since = 0;

  document.addEventListener("keydown", (event) => {
    if (!isOn() || event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
    if (types(event.target) || document.querySelector("dialog[open]")) return;
    if (event.key === "Enter" && event.target !== current()) return; // buttons and links keep their Enter
    const pressed = first && Date.now() - since < 1500 ? `${first} ${event.key}` : event.key;
    first = "";
    const what = known.get(pressed);
    if (what) {
      event.preventDefault();
      what.to ? location.assign(what.to) : does[what.does]?.();
    } else if ([...known.keys()].some((keys) => keys.startsWith(`${event.key} `))) {
      first = event.key;
      since = Date.now();
    }
  });
})();
