// Drafts: <form data-draft="address"> is kept on the server within two seconds of the last key, and in this browser at once.
// This browser's copy goes when the server has all of it, or when the server says the form was sent (cookie mg_form_done).
import { all, debounce, one, post, say } from "../shared/words.ts";
import { setOffline } from "./offline.ts";

type Typed = Record<string, string[]>;
type Field = HTMLInputElement | HTMLTextAreaElement | HTMLSelectElement;
interface Copy { fields: Typed; at: number; before?: string }
interface Context { sourceElement?: HTMLElement; request?: { method: string }; target?: unknown }

const agent = document.documentElement.dataset.agent ?? "";
const pending = new Set<string>(); // Addresses of forms with something typed that the server does not have yet.
const savers = new Map<string, () => void>();
const held = new WeakMap<HTMLFormElement, string>(); // What a form held before the last key.

export function startDrafts(): void {
  forgetSent();
  for (const form of all<HTMLFormElement>("form[data-draft]")) restore(form);
  document.addEventListener("input", (event) => {
    const form = (event.target as Field).form;
    if (form?.dataset.draft && isTyped(event.target as Field)) touch(form);
  });
  document.addEventListener("submit", (event) => {
    const form = event.target as HTMLFormElement;
    // Nothing may be kept after it was sent, or thrown away from beside it; if it is not, the copy is still here.
    for (const url of [form.dataset.draft, form.getAttribute("action")]) if (url) pending.delete(url);
  });
  document.addEventListener("htmx:after:request", (event) => {
    const context = (event as CustomEvent<{ ctx?: Context }>).detail?.ctx;
    forgetSent();
    const url = context?.sourceElement?.closest<HTMLElement>("form[data-draft]")?.dataset.draft;
    if (url && context?.request?.method === "POST" && read(url)) later(url);
  });
  // Another part of a form (the caller chosen, other questions) is kept too; a form that was exchanged took its words along.
  document.addEventListener("htmx:after:swap", (event) => {
    const target = (event as CustomEvent<{ ctx?: Context }>).detail?.ctx?.target;
    const form = target instanceof HTMLElement ? target.parentElement?.closest<HTMLFormElement>("form[data-draft]") : null;
    if (form?.dataset.draft && (read(form.dataset.draft) || one("[data-draft-drop]:not([hidden])", form))) touch(form);
    for (const url of [...pending]) if (!formOf(url)) { forget(url); const now = one<HTMLFormElement>("form.composer[data-draft]"); if (now) touch(now); }
  });
  document.addEventListener("focusin", (event) => {
    const form = (event.target as Field).form;
    if (form?.dataset.draft && !held.has(form)) held.set(form, JSON.stringify(typedIn(form)));
  });
  // Typed in another tab of this browser, into words that stand here too: so neither tab overwrites what the other has.
  addEventListener("storage", (event) => {
    const form = all<HTMLFormElement>('form[data-draft*="/reports/"]').find((one) => keyOf(one.dataset.draft!) === event.key);
    const copy = form && read(form.dataset.draft!);
    if (form && copy?.before === JSON.stringify(typedIn(form))) fill(form, copy);
  });
  addEventListener("pagehide", () => { for (const url of pending) void save(url, true); });
}

const keyOf = (url: string) => `form:${agent}:${url}`;
const formOf = (url: string) => one<HTMLFormElement>(`form[data-draft="${CSS.escape(url)}"]`);
const isTyped = (field: Field) => Boolean(field.name) && !["hidden", "file", "submit", "button", "password"].includes(field.type);

function touch(form: HTMLFormElement): void {
  const url = form.dataset.draft!;
  const fields = typedIn(form), before = held.get(form);
  held.set(form, JSON.stringify(fields));
  localStorage.setItem(keyOf(url), JSON.stringify({ fields, at: Date.now(), before } satisfies Copy));
  later(url);
}

function later(url: string): void {
  pending.add(url);
  if (!savers.has(url)) savers.set(url, debounce(() => void save(url), 1200));
  savers.get(url)!();
}

async function save(url: string, leaving = false): Promise<void> {
  const form = formOf(url);
  if (!pending.has(url) || !form) return;
  const body = new FormData(form), copy = localStorage.getItem(keyOf(url));
  for (const [name, value] of [...body.entries()]) if (value instanceof File) body.delete(name);
  pending.delete(url);
  try {
    const answer = await post(url, body, leaving ? { keepalive: true } : {});
    if (!answer.ok) throw new Error(String(answer.status));
    setOffline(false);
    if (localStorage.getItem(keyOf(url)) === copy) localStorage.removeItem(keyOf(url));
    state(url, say("draft_saved", "Kept %(time)s", { time: new Date().toLocaleTimeString(document.documentElement.lang, { hour: "2-digit", minute: "2-digit", hourCycle: "h23" }) }));
  } catch {
    state(url, say("draft_here", "Kept on this device"));
    if (leaving || !read(url)) return; // Sent or thrown away meanwhile.
    pending.add(url);
    if (!navigator.onLine) setOffline(true);
    setTimeout(() => { if (pending.has(url)) later(url); }, 5000);
  }
}

/** What this browser alone still has is newer than what the page came with. */
function restore(form: HTMLFormElement): void {
  const url = form.dataset.draft!, copy = read(url);
  if (!copy) return;
  if (Date.now() - copy.at > 14 * 86_400_000) { forget(url); return; }
  if (fill(form, copy)) state(url, say("draft_restored", "Your draft is back"));
  later(url);
}

/** Put the words of a copy into the form; whether that changed anything. */
function fill(form: HTMLFormElement, copy: Copy): boolean {
  let changed = false;
  const places: Record<string, number> = {};
  for (const field of fieldsOf(form)) {
    const typed = copy.fields[field.name];
    if (!typed) continue;
    if (isTick(field)) {
      changed ||= field.checked !== typed.includes(field.value);
      field.checked = typed.includes(field.value);
      continue;
    }
    const value = typed[(places[field.name] = (places[field.name] ?? -1) + 1)];
    if (value === undefined || field.value === value) continue;
    field.value = value;
    changed = true;
  }
  held.set(form, JSON.stringify(typedIn(form)));
  return changed;
}

const fieldsOf = (form: HTMLFormElement): Field[] => ([...form.elements] as Field[]).filter((field) => field.matches("input, textarea, select") && isTyped(field));
const isTick = (field: Field): field is HTMLInputElement => ["checkbox", "radio"].includes(field.type);

function typedIn(form: HTMLFormElement): Typed {
  const typed: Typed = {};
  for (const field of fieldsOf(form)) {
    const values = (typed[field.name] ??= []);
    if (!isTick(field) || field.checked) values.push(field.value);
  }
  return typed;
}

function forget(url: string): void {
  pending.delete(url);
  localStorage.removeItem(keyOf(url));
}

/** The server says which form was sent, or thrown away. */
function forgetSent(): void {
  const sent = document.cookie.match(/(?:^|; )mg_form_done="?([^;"]+)/)?.[1];
  if (!sent) return;
  document.cookie = "mg_form_done=; path=/; max-age=0";
  forget(decodeURIComponent(sent));
  state(decodeURIComponent(sent), "");
}

function read(url: string): Copy | null {
  try { return JSON.parse(localStorage.getItem(keyOf(url)) ?? "null") as Copy | null; } catch { return null; }
}

function state(url: string, text: string): void {
  const form = formOf(url), place = (form && one("[data-draft-state]", form)) ?? one("[data-draft-state]"), drop = form && one("[data-draft-drop]", form);
  if (place && place.textContent !== text) place.textContent = text;
  if (drop) drop.hidden = !text;
}
