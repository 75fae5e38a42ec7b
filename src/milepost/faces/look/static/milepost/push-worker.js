// Shows what is pushed to this browser. It reads nothing else and keeps no page: without a push it does nothing.
self.addEventListener("push", (event) => {
  let said = {};
  try { said = event.data ? event.data.json() : {}; } catch { /* not ours to read: the title alone is shown */ }
  const words = { body: said.body || "", tag: said.tag || "milepost", lang: said.lang || "", icon: "/static/milepost/mark.svg", data: { url: said.url || "/" } };
  event.waitUntil(self.registration.showNotification(said.title || self.location.hostname, words));
});

self.addEventListener("notificationclick", (event) => {
  event.notification.close();
  const to = new URL(event.notification.data.url, self.location.origin);
  if (to.origin === self.location.origin) event.waitUntil(self.clients.openWindow(to.href));
});
