// Says in words what allauth's scripts for passkeys leave to the console, and offers no button that cannot work here.
(() => {
  const said = document.getElementById("passkey-said");
  const say = (text) => { said.textContent = text; said.hidden = false; };
  document.addEventListener("allauth.error", (event) => { event.preventDefault(); say(said.dataset.failed); });
  if (window.PublicKeyCredential) return;
  document.querySelectorAll("[data-passkey]").forEach((button) => { button.hidden = true; });
  say(said.dataset.unsupported);
})();
