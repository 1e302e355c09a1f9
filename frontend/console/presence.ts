// Who is here: <div data-presence="address"> beats every 12 s with what I do; a dead tab is forgotten by the server after 30 s.
import { csrf, one, post } from "../shared/words.ts";

let place: HTMLElement | null, doing = "viewing", lastMove = Date.now(), sent = "", away = 0;

export function startPresence(): void {
  place = one("[data-presence]");
  if (!place?.dataset.presence) return;
  for (const name of ["pointermove", "keydown", "scroll"]) addEventListener(name, () => { lastMove = Date.now(); if (doing === "idle") change(writing()); }, { passive: true });
  document.addEventListener("input", () => change(writing()));
  // Wait a moment before saying "looked away": a tab that closes is hidden first, and its "gone" must be the last word.
  document.addEventListener("visibilitychange", () => { clearTimeout(away); if (document.hidden) away = window.setTimeout(() => change("idle"), 1500); else change(writing()); });
  addEventListener("pagehide", () => {
    clearTimeout(away);
    const body = new FormData();
    body.set("state", "gone");
    body.set("csrfmiddlewaretoken", csrf());
    navigator.sendBeacon(place!.dataset.presence!, body);
  });
  beat();
  setInterval(() => { if (Date.now() - lastMove > 60_000) change("idle"); else change(writing(), true); }, 12_000);
}

function writing(): string {
  const area = document.activeElement;
  if (!(area instanceof HTMLTextAreaElement) || !area.matches("[data-doing]") || !area.value.trim()) return "viewing";
  return area.dataset.doing ?? "viewing";
}

function change(to: string, again = false): void {
  doing = to;
  if (again || doing !== sent) beat();
}

function beat(): void {
  if (document.hidden && sent === "idle") return;
  sent = doing;
  const body = new FormData();
  body.set("state", doing);
  void post(place!.dataset.presence!, body).catch(() => (sent = ""));
}
