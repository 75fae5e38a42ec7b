// Messages in this browser: asks the browser, and tells our server where to send. Without scripts, or where the browser has no
// such thing, the card stays hidden.
for (const card of document.querySelectorAll("[data-push]")) offer(card);

async function offer(card) {
  if (!("serviceWorker" in navigator && "PushManager" in window && "Notification" in window)) return;
  const kept = `milepost-push:${card.dataset.pushTo}`;
  const button = card.querySelector("button");
  const show = (state) => {
    card.dataset.state = state;
    for (const one of card.querySelectorAll("[data-push-when]")) one.hidden = !one.dataset.pushWhen.split(" ").includes(state);
  };
  const begin = async () => {
    const registration = await navigator.serviceWorker.register("/push-worker.js");
    const known = await registration.pushManager.getSubscription();
    return localStorage.getItem(kept) && known && Notification.permission === "granted" ? "on" : "off";
  };
  button.addEventListener("click", async () => {
    button.disabled = true;
    try { show(card.dataset.state === "on" ? await stop() : await start()); } catch { show("failed"); }
    button.disabled = false;
  });
  const start = async () => {
    if (await Notification.requestPermission() !== "granted") return "blocked";
    await navigator.serviceWorker.register("/push-worker.js");
    const registration = await navigator.serviceWorker.ready;
    const wanted = { userVisibleOnly: true, applicationServerKey: bytes(card.dataset.push) };
    await tell("POST", await registration.pushManager.subscribe(wanted));
    localStorage.setItem(kept, "1");
    return "on";
  };
  const stop = async () => {
    const registration = await navigator.serviceWorker.ready;
    const known = await registration.pushManager.getSubscription();
    if (known) await tell("DELETE", known);
    localStorage.removeItem(kept);
    return "off";
  };
  const tell = async (method, subscription) => {
    const token = card.querySelector("[name=csrfmiddlewaretoken]");
    const headers = { "Content-Type": "application/json", ...(token ? { "X-CSRFToken": token.value } : {}) };
    const answer = await fetch(card.dataset.pushTo, { method, headers, body: JSON.stringify(subscription), credentials: "same-origin" });
    if (!answer.ok) throw new Error(String(answer.status));
  };
  show(Notification.permission === "denied" ? "blocked" : await begin().catch(() => "off"));
  card.hidden = false;
}

function bytes(text) {
  const plain = atob(text.replace(/-/g, "+").replace(/_/g, "/"));
  return Uint8Array.from(plain, (one) => one.charCodeAt(0));
}
