// One banner when the connection is gone; it leaves by itself.
export function setOffline(is: boolean): void {
  const banner = document.getElementById("offline");
  if (banner && banner.hidden === is) banner.hidden = !is;
}

export function startOffline(): void {
  addEventListener("offline", () => setOffline(true));
  addEventListener("online", () => setOffline(false));
  if (!navigator.onLine) setOffline(true);
}
