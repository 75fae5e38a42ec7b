// Long work goes on by itself: a form that says so is sent again when the page has shown its progress. Without scripts its button does.
document.querySelectorAll("form[data-goes-on]").forEach((form) => setTimeout(() => form.requestSubmit(), 150));

// Pieces of a page that look after themselves (htmx) rest while nobody looks at the page; the browser revalidates, so the unchanged costs a 304.
document.body.addEventListener("htmx:beforeRequest", (event) => {
  if (document.hidden && event.detail.requestConfig.verb === "get" && /every /.test(event.detail.elt.getAttribute("hx-trigger") || "")) event.preventDefault();
});
