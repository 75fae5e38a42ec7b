// An order's page that is brought up to date leaves alone what somebody types, with what they had seen by then, and what they folded out.
document.addEventListener("input", ({ target }) => target.form?.method === "post" && (target.form.dataset.typed = ""));
document.addEventListener("DOMContentLoaded", () => {
  if (!window.Idiomorph) return;
  Object.assign(Idiomorph.defaults.callbacks, {
    beforeNodeMorphed: (old) => !(old.matches && old.matches("form[data-typed]")),
    beforeNodeRemoved: (old) => !(old.matches && (old.matches("form[data-typed]") || old.querySelector("form[data-typed]"))),
    beforeAttributeUpdated: (name, node, how) => !(name === "open" && node.tagName === "DETAILS" && how === "remove"),
  });
});

// A link to something folded unfolds it.
const unfold = () => document.getElementById(decodeURIComponent(location.hash.slice(1)))?.closest("details")?.setAttribute("open", "");
window.addEventListener("hashchange", unfold);
unfold();
