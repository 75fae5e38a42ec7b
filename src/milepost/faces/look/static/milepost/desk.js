// Long work goes on by itself: a form that says so is sent again when the page has shown its progress. Without scripts its button does.
document.querySelectorAll("form[data-goes-on]").forEach((form) => setTimeout(() => form.requestSubmit(), 150));

// The bell: how much is new, asked for again and again while somebody looks at the page.
const bell = document.querySelector("[data-bell]");
if (bell) {
  const ring = async () => {
    if (document.hidden) return;
    const answer = await fetch(bell.dataset.bell, { credentials: "same-origin", redirect: "error" }).catch(() => null);
    if (answer && answer.ok) bell.innerHTML = await answer.text();
  };
  ring();
  setInterval(ring, 30000);
  document.addEventListener("visibilitychange", ring);
}
