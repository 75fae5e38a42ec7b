// Conversations. On the desk: while one types, the thread that looks after itself says so to the other side. On the portal: the thread
// asks for news every few seconds while it is looked at, and sends without leaving the page. Without scripts all of it is forms and links.
const TYPES = 6000, ASKS = 4000;

for (const form of document.querySelectorAll("form[data-typing]")) noteTyping(form);
for (const talk of document.querySelectorAll("[data-talk]")) keepTalking(talk);

function noteTyping(form) {
  const mark = document.getElementById("typing");
  let over;
  form.addEventListener("input", () => {
    mark.value = "1";
    clearTimeout(over);
    over = setTimeout(() => { mark.value = ""; }, TYPES);
  });
}

function keepTalking(talk) {
  const thread = talk.querySelector("[data-thread]"), form = talk.querySelector("form"), words = form.querySelector("textarea");
  const address = form.action;
  let typedAt = 0, etag = "", asking = false;
  const seen = () => { const box = thread.getBoundingClientRect(); return box.top < innerHeight && box.bottom > 0; };
  const show = (html) => {
    if (html === thread.innerHTML) return;
    thread.innerHTML = html;
    thread.dispatchEvent(new Event("shown"));
  };
  const ask = async () => {
    if (document.hidden || asking) return;
    asking = true;
    try {
      const typing = Date.now() - typedAt < TYPES ? "1" : "0";
      const headers = { "X-Milepost-Talk": seen() ? "read" : "there", ...(etag ? { "If-None-Match": etag } : {}) };
      const answer = await fetch(`${address}?typing=${typing}`, { headers, credentials: "same-origin", cache: "no-store" });
      if (answer.status === 200) { etag = answer.headers.get("ETag") || ""; show(await answer.text()); }
    } catch { /* away: asked again in a moment */ }
    asking = false;
  };
  const send = async (event) => {
    event.preventDefault();
    const button = form.querySelector("button"), told = talk.querySelector("[data-told]");
    button.disabled = true;
    try {
      const answer = await fetch(address, { method: "POST", body: new FormData(form), headers: { "X-Milepost-Talk": "send" }, credentials: "same-origin" });
      const said = await answer.text();
      if (answer.ok) {
        words.value = ""; typedAt = 0; told.textContent = ""; etag = "";
        form.querySelector("[name=sending]").value = answer.headers.get("X-Milepost-Next") || "";
        show(said);
      } else if ([413, 422, 429].includes(answer.status)) told.innerHTML = said;
      else throw new Error(String(answer.status));
    } catch { form.removeEventListener("submit", send); button.disabled = false; form.submit(); return; }
    button.disabled = false;
    words.focus();
  };
  words.addEventListener("input", () => { typedAt = Date.now(); });
  form.addEventListener("submit", send);
  setInterval(ask, ASKS);
  document.addEventListener("visibilitychange", ask);
  ask();
}
