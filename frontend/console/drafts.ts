// Drafts: <textarea data-draft="address"> is kept on the server within two seconds of the last key, and in this browser at once.
import { all, debounce, one, post, say } from "../shared/words.ts";
import { setOffline } from "./offline.ts";

const agent = document.documentElement.dataset.agent ?? "";
const keyOf = (area: HTMLTextAreaElement) => `draft:${agent}:${area.dataset.draft}`;

export function startDrafts(): void {
  for (const area of all<HTMLTextAreaElement>("textarea[data-draft]")) restore(area);
  document.addEventListener("input", (event) => {
    const area = event.target as HTMLTextAreaElement;
    if (!area.matches?.("textarea[data-draft]")) return;
    if (area.value) localStorage.setItem(keyOf(area), JSON.stringify({ text: area.value, at: Date.now() }));
    else localStorage.removeItem(keyOf(area));
    state(area, "");
    saver(area)();
  });
  document.addEventListener("htmx:after:request", (event) => {
    const context = (event as CustomEvent).detail?.ctx as { sourceElement?: HTMLElement; response?: { status: number }; request?: { method: string } } | undefined;
    const form = context?.sourceElement?.closest("form");
    if (form && context?.request?.method === "POST" && (context.response?.status ?? 500) < 400) for (const area of all<HTMLTextAreaElement>("textarea[data-draft]", form)) forget(area);
  });
  document.addEventListener("submit", (event) => {
    // A whole-page submit: the server clears its draft when it accepts; the local copy goes when the answer does not bring the text back.
    for (const area of all<HTMLTextAreaElement>("textarea[data-draft]", event.target as HTMLFormElement)) { pending.delete(area); if (!(event.target as HTMLElement).matches("[hx-post]")) localStorage.setItem(`${keyOf(area)}:sent`, area.value); }
  });
  addEventListener("pagehide", () => { for (const area of pending) void save(area, true); });
}

const pending = new Set<HTMLTextAreaElement>();
const savers = new WeakMap<HTMLTextAreaElement, () => void>();

function saver(area: HTMLTextAreaElement): () => void {
  pending.add(area);
  let known = savers.get(area);
  if (!known) { const later = debounce(() => void save(area), 1200); known = later; savers.set(area, known); }
  return known;
}

async function save(area: HTMLTextAreaElement, leaving = false): Promise<void> {
  if (!pending.has(area) || !area.dataset.draft || !area.isConnected) return;
  const body = area.form ? new FormData(area.form) : new FormData();
  for (const [name, value] of [...body.entries()]) if (value instanceof File) body.delete(name);
  body.set("body", area.value);
  pending.delete(area);
  try {
    const answer = await post(area.dataset.draft, body, leaving ? { keepalive: true } : {});
    if (!answer.ok) throw new Error(String(answer.status));
    setOffline(false);
    state(area, say("draft_saved", "Draft saved %(time)s", { time: new Date().toLocaleTimeString(document.documentElement.lang, { hour: "2-digit", minute: "2-digit", hourCycle: "h23" }) }));
  } catch {
    pending.add(area);
    state(area, say("draft_here", "Kept on this device"));
    if (!leaving) { if (!navigator.onLine) setOffline(true); setTimeout(() => saver(area)(), 5000); }
  }
}

function restore(area: HTMLTextAreaElement): void {
  const sent = localStorage.getItem(`${keyOf(area)}:sent`);
  localStorage.removeItem(`${keyOf(area)}:sent`);
  const kept = read(area);
  if (!kept) return;
  if (sent !== null && kept.text === sent && area.value !== sent) { forget(area); return; }
  if (Date.now() - kept.at > 14 * 86_400_000) { forget(area); return; }
  if (!area.value.trim() && kept.text.trim()) {
    area.value = kept.text;
    state(area, say("draft_restored", "Your draft is back"));
    saver(area)();
  }
}

function forget(area: HTMLTextAreaElement): void {
  pending.delete(area);
  localStorage.removeItem(keyOf(area));
  state(area, "");
}

function read(area: HTMLTextAreaElement): { text: string; at: number } | null {
  try { return JSON.parse(localStorage.getItem(keyOf(area)) ?? "null") as { text: string; at: number } | null; } catch { return null; }
}

function state(area: HTMLTextAreaElement, text: string): void {
  const place = one("[data-draft-state]", area.form ?? document);
  if (place && place.textContent !== text) place.textContent = text;
}
