// A letter is shown while it is written: after a pause the button is pressed that sends the form into the frame beside it.
let pause = 0;
document.addEventListener("input", (event) => {
  if (!event.target.closest("form[data-letter]")) return;
  clearTimeout(pause);
  pause = setTimeout(() => {
    const button = document.querySelector("[data-show-letter]");
    if (button) button.form.requestSubmit(button);
  }, 900);
});
