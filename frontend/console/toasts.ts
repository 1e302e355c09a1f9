// Short words at the foot of the page; with undo for ten seconds. Sources: the HX-Trigger header `toast`, refusals, data-toast.
import { announce, one, post, say } from "../shared/words.ts";
import { refetch } from "./live.ts";

export interface Toast { text: string; undo?: string; url?: string; action?: string; refused?: boolean; seconds?: number }

const KEEP = 10;

export function toast({ text, undo, url, action, refused, seconds }: Toast): void {
  const place = document.getElementById("toasts");
  if (!place) return;
  const item = document.createElement("div");
  item.className = refused ? "toast toast--refused" : "toast";
  const words = document.createElement("span");
  words.className = "toast__text";
  words.textContent = text;
  item.append(words);
  const leave = () => { item.remove(); if (!place.childElementCount && place.matches(":popover-open")) place.hidePopover(); };
  if (undo) item.append(button(say("undo", "Undo"), () => { leave(); void takeBack(undo); }, "undo"));
  if (url) { const link = document.createElement("a"); link.className = "btn btn--small"; link.href = url; if (url.startsWith("/console/login/")) link.target = "_blank"; link.textContent = action ?? say("open", "Open"); item.append(link); }
  item.append(closer(leave));
  while (place.childElementCount >= 3) place.firstElementChild?.remove();
  place.append(item);
  raise(place);
  announce(undo ? `${text} ${say("undo_hint", "Press z to undo.")}` : text);
  let timer = 0;
  const wait = () => { timer = window.setTimeout(leave, (seconds ?? (refused ? 20 : KEEP)) * 1000); };
  item.addEventListener("pointerenter", () => clearTimeout(timer));
  item.addEventListener("pointerleave", wait);
  item.addEventListener("focusin", () => clearTimeout(timer));
  item.addEventListener("focusout", wait);
  wait();
}

export function refuse(text: string, url?: string, action?: string): void {
  toast({ text, refused: true, ...(url ? { url, action } : {}) });
}

/** Press the newest undo, if one is still offered. */
export function undoLast(): boolean {
  const offers = document.querySelectorAll<HTMLElement>('#toasts [data-does="undo"]');
  const last = offers[offers.length - 1];
  last?.click();
  return Boolean(last);
}

async function takeBack(url: string): Promise<void> {
  try {
    const answer = await post(url, new FormData());
    const trigger = answer.headers.get("HX-Trigger") ?? "";
    const text = trigger.startsWith("{") ? (JSON.parse(trigger).toast?.text as string | undefined) : undefined;
    const to = answer.headers.get("HX-Redirect");
    if (answer.ok && to) location.assign(to);
    else if (!answer.ok) refuse((await answer.text()).slice(0, 300) || say("failed", "That did not work. Nothing was changed."));
    else if (answer.headers.has("HX-Redirect")) location.assign(answer.headers.get("HX-Redirect")!);
    else { toast({ text: text ?? say("undone", "Undone."), seconds: 4 }); refetch(); }
  } catch { refuse(say("offline", "No connection. Nothing was changed.")); }
}

function button(text: string, run: () => void, does: string): HTMLElement {
  const made = document.createElement("button");
  made.type = "button"; made.className = "btn btn--small"; made.textContent = text; made.dataset.does = does;
  made.addEventListener("click", run);
  return made;
}

function closer(run: () => void): HTMLElement {
  const made = button("×", run, "close");
  made.classList.add("btn--icon");
  made.setAttribute("aria-label", say("close", "Close"));
  return made;
}

/** Into the top layer, above any open dialog. */
function raise(place: HTMLElement): void {
  if (!place.showPopover) return;
  if (place.matches(":popover-open")) place.hidePopover();
  place.showPopover();
}

export function startToasts(): void {
  document.addEventListener("toast", (event) => toast((event as CustomEvent<Toast>).detail));
  document.addEventListener("click", (event) => {
    const from = (event.target as HTMLElement).closest<HTMLElement>("[data-toast]");
    if (from) toast({ text: from.dataset.toast ?? "", undo: from.dataset.undo });
  });
  const waiting = one("[data-toast-now]");
  if (waiting) toast({ text: waiting.dataset.toastNow ?? "", undo: waiting.dataset.undo });
}
