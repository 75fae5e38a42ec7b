// A list whose rows can be chosen: one button ticks all that are on the page, or none when all are. The rows are ticked one by one without scripts.
const boxes = () => [...document.querySelectorAll("input[form=bulk][name=chosen]")];
const show = () => document.querySelectorAll("[data-tick-all]").forEach((button) => { button.hidden = boxes().length < 2; });

document.addEventListener("click", (event) => {
  if (!event.target.closest("[data-tick-all]")) return;
  const all = boxes(), tick = all.some((box) => !box.checked);
  all.forEach((box) => { box.checked = tick; });
});
document.addEventListener("htmx:afterSettle", show);
show();
