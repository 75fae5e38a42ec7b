// Long work goes on by itself: a form that says so is sent again when the page has shown its progress. Without scripts its button does.
document.querySelectorAll("form[data-goes-on]").forEach((form) => setTimeout(() => form.requestSubmit(), 150));
