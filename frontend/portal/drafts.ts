// The draft: <form data-autosave="address"> goes to the server three seconds after the last key; without an address (or without
// connection) the words stay in this tab's storage, without files, and leave it when the form is sent.
import { all, debounce, one, post, say } from "../shared/words.ts";

export function startAutosave(): void {
  for (const form of document.querySelectorAll<HTMLFormElement>("form[data-autosave]")) watch(form);
}

function watch(form: HTMLFormElement): void {
  const key = `makegood:${location.pathname}`;
  const fields = () => all<HTMLInputElement>("input[name]:not([type=hidden], [type=file], [type=password]), textarea[name], select[name]", form);
  const restored = restore(key, fields());
  if (restored) state(form, say("restored", "What you wrote earlier is back."));
  const save = debounce(async () => {
    sessionStorage.setItem(key, JSON.stringify(values(fields())));
    if (!form.dataset.autosave) { state(form, say("saved_here", "Kept in this browser until you send it")); return; }
    const body = new FormData(form);
    for (const [name, value] of [...body.entries()]) if (value instanceof File) body.delete(name);
    const answer = await post(form.dataset.autosave, body).catch(() => null);
    const time = new Date().toLocaleTimeString(document.documentElement.lang, { hour: "2-digit", minute: "2-digit", hourCycle: "h23" });
    if (answer?.ok) { sessionStorage.removeItem(key); state(form, say("saved_at", "Saved at %(time)s", { time })); }
    else state(form, say("saved_here", "Kept in this browser until you send it"));
  }, 3000);
  form.addEventListener("input", save);
  form.addEventListener("submit", () => sessionStorage.removeItem(key));
  addEventListener("pagehide", () => { if (form.dataset.dirty) sessionStorage.setItem(key, JSON.stringify(values(fields()))); });
  form.addEventListener("input", () => (form.dataset.dirty = "1"), { once: true });
  form.addEventListener("submit", () => delete form.dataset.dirty);
}

function values(fields: HTMLInputElement[]): Record<string, string[]> {
  const kept: Record<string, string[]> = {};
  for (const field of fields) if (!["checkbox", "radio"].includes(field.type) || field.checked) (kept[field.name] ??= []).push(field.value);
  return kept;
}

/** Only into fields the server left empty: what it brought is newer or corrected. */
function restore(key: string, fields: HTMLInputElement[]): boolean {
  let kept: Record<string, string[]>, any = false;
  try { kept = JSON.parse(sessionStorage.getItem(key) ?? "{}") as Record<string, string[]>; } catch { return false; }
  const chosen = new Set(fields.filter((field) => field.checked).map((field) => field.name));
  for (const field of fields) {
    const values = kept[field.name];
    if (!values?.length) continue;
    if (["checkbox", "radio"].includes(field.type)) { if (!chosen.has(field.name) && values.includes(field.value)) field.checked = any = true; }
    else if (!field.value && values[0]) { field.value = values[0]; any = true; }
  }
  return any;
}

function state(form: HTMLFormElement, text: string): void {
  const line = one("[data-saved]", form);
  if (line) line.textContent = text;
}
