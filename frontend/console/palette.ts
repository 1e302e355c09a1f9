// Ctrl/Cmd+K: actions of this page first, then places, then reports and people from the server. Combobox with a listbox.
import { all, announce, debounce, given, isVisible, one, say } from "../shared/words.ts";
import { keymap, onCommand, run, shown } from "./keys.ts";

interface Entry { label: string; group: string; keys?: string; hint?: string; url?: string; name?: string; element?: HTMLElement; dialog?: string }

const RECENT = "makegood-recent";
let dialog: HTMLDialogElement, input: HTMLInputElement, list: HTMLElement;
let entries: Entry[] = [], found: Entry[] = [], fetched: Entry[] = [], at = 0, asked = 0;

export function startPalette(): void {
  dialog = document.getElementById("palette") as HTMLDialogElement;
  if (!dialog) return;
  input = one<HTMLInputElement>("#palette-input", dialog)!;
  list = one("#palette-list", dialog)!;
  onCommand("palette", open);
  input.addEventListener("input", () => { fetched = []; draw(); ask(); });
  input.addEventListener("keydown", steer);
  list.addEventListener("mousemove", (event) => { const index = indexOf(event); if (index >= 0 && index !== at) mark(index); });
  list.addEventListener("click", (event) => { const index = indexOf(event); if (index >= 0) choose(index); });
}

function open(): void {
  if (dialog.open) { dialog.close(); return; }
  entries = collect();
  fetched = [];
  input.value = "";
  draw();
  dialog.showModal();
  input.focus();
}

function collect(): Entry[] {
  const made: Entry[] = [], seen = new Set<string>();
  const add = (entry: Entry) => { const id = entry.url ? `to ${path(entry.url)}` : `${entry.name ?? ""} ${entry.label}`; if (entry.label && !seen.has(id)) { seen.add(id); made.push(entry); } };
  for (const element of all("[data-command]")) {
    if (element.closest("#palette") || element.dataset.command === "palette" || (!isVisible(element) && !element.closest("details"))) continue;
    const known = keymap.find((command) => command.name === element.dataset.command);
    if (known && seen.has(`cmd ${known.name}`)) continue;
    seen.add(`cmd ${known?.name}`);
    add({ label: element.dataset.label ?? known?.label ?? element.getAttribute("aria-label") ?? element.textContent?.trim() ?? "", group: say("actions", "On this page"), keys: known?.keys[0], element, name: element.dataset.command });
  }
  for (const item of all<HTMLElement>("details[data-menu] :is(a, button).menu__item:not([data-command], :disabled)")) if (!item.closest("[hidden]")) add({ label: labelOf(item), group: say("actions", "On this page"), element: item });
  for (const command of given<Entry[]>("commands", [])) add({ ...command, group: command.group || say("actions", "On this page") });
  for (const command of keymap) if (command.url || ["keys"].includes(command.name)) add({ label: command.label, group: command.url ? say("go", "Go to") : say("other", "Other"), keys: command.keys[0], url: command.url, name: command.name });
  for (const link of all<HTMLAnchorElement>(".rail__link")) add({ label: one(".cut", link)?.textContent ?? "", group: say("go", "Go to"), url: link.href });
  return made;
}

/** What a menu's item says; items of a menu that repeat on a page say which one they mean by ``data-label``. */
const labelOf = (item: HTMLElement): string => item.dataset.label ?? [...item.childNodes].filter((node) => !(node instanceof HTMLElement && node.matches("kbd"))).map((node) => node.textContent).join("").replace(/\s+/g, " ").trim();

/** Every letter of the query in order; runs and word beginnings weigh more. Null when it does not fit. */
export function fuzzy(query: string, text: string): { score: number; hits: number[] } | null {
  const needle = query.toLowerCase(), hay = text.toLowerCase(), hits: number[] = [];
  const whole = hay.indexOf(needle);
  if (whole >= 0) return { score: 1000 - whole + (whole === 0 || /\W/.test(hay[whole - 1] ?? " ") ? 200 : 0), hits: [...needle].map((_, i) => whole + i) };
  let from = 0, score = 0;
  for (const letter of needle.replaceAll(" ", "")) {
    const hit = hay.indexOf(letter, from);
    if (hit < 0) return null;
    score += hit === from ? 6 : /\W/.test(hay[hit - 1] ?? " ") ? 5 : -(hit - from);
    hits.push(hit);
    from = hit + 1;
  }
  return { score, hits };
}

function draw(): void {
  const query = input.value.trim(), recent: string[] = given2();
  const own = entries.map((entry) => ({ entry, fit: fuzzy(query, entry.label) })).filter(({ fit }) => fit).sort((a, b) => b.fit!.score - a.fit!.score).slice(0, 12).map(({ entry }) => entry);
  // The server knows the places, too: what this page offers already is not offered twice.
  const there = new Set(own.filter(({ url }) => url).map(({ url }) => path(url!)));
  found = query ? [...own, ...fetched.filter(({ url }) => !url || !there.has(path(url)))] : [...entries].sort((a, b) => rank(a, recent) - rank(b, recent));
  list.replaceChildren();
  let group = "";
  found.forEach((entry, index) => {
    const title = query && !fetched.includes(entry) ? "" : !query && recent.includes(entry.label) ? say("recent", "Recent") : entry.group;
    if (title && title !== group) { const head = document.createElement("div"); head.className = "palette__group"; head.setAttribute("role", "presentation"); head.textContent = title; list.append(head); }
    group = title || group;
    list.append(item(entry, index, query));
  });
  if (!found.length) { const none = document.createElement("div"); none.className = "palette__group"; none.setAttribute("role", "presentation"); none.textContent = say("nothing", "Nothing fits. Try a number, a name or another word."); list.append(none); }
  mark(0);
}

function item(entry: Entry, index: number, query: string): HTMLElement {
  const made = document.createElement("div");
  made.className = "palette__item"; made.id = `palette-${index}`; made.setAttribute("role", "option");
  const text = document.createElement("span");
  text.className = "cut";
  const hits = new Set(query && !fetched.includes(entry) ? fuzzy(query, entry.label)?.hits : []);
  [...entry.label].forEach((letter, i) => { if (hits.has(i)) { const hit = document.createElement("mark"); hit.textContent = letter; text.append(hit); } else text.append(letter); });
  made.append(text);
  if (entry.hint) { const hint = document.createElement("small"); hint.className = "cut"; hint.textContent = entry.hint; made.append(hint); }
  if (entry.keys) { const keys = document.createElement("span"); keys.className = "palette__keys"; for (const part of shown(entry.keys).split(" ")) { const key = document.createElement("kbd"); key.textContent = part; keys.append(key); } made.append(keys); }
  return made;
}

function mark(index: number): void {
  at = Math.max(0, Math.min(index, found.length - 1));
  for (const option of all('[role="option"]', list)) option.setAttribute("aria-selected", String(option.id === `palette-${at}`));
  const now = document.getElementById(`palette-${at}`);
  if (now) { input.setAttribute("aria-activedescendant", now.id); now.scrollIntoView({ block: "nearest" }); } else input.removeAttribute("aria-activedescendant");
}

function steer(event: KeyboardEvent): void {
  const step = { ArrowDown: 1, ArrowUp: -1, PageDown: 8, PageUp: -8 }[event.key];
  if (step) { event.preventDefault(); mark(at + step < 0 ? found.length - 1 : (at + step) % Math.max(1, found.length)); }
  else if (event.key === "Enter") { event.preventDefault(); choose(at); }
}

function choose(index: number): void {
  const entry = found[index];
  if (!entry) return;
  localStorage.setItem(RECENT, JSON.stringify([entry.label, ...given2().filter((label) => label !== entry.label)].slice(0, 5)));
  dialog.close();
  if (entry.element?.isConnected) {
    const menu = entry.element.closest("details");
    if (menu && !menu.open) menu.open = true;
    if (entry.element.matches("input:not([type=checkbox]), textarea, select")) entry.element.focus(); else entry.element.click();
    if (menu?.matches("[data-menu]") && !entry.element.matches("summary")) menu.open = false;
  } else if (entry.dialog) one(`[data-dialog="${CSS.escape(entry.dialog)}"]`)?.click();
  else if (entry.url) location.assign(entry.url);
  else if (entry.name) run(entry.name);
}

const ask = debounce(async () => {
  const query = input.value.trim(), url = dialog.dataset.search, mine = ++asked;
  if (query.length < 2 || !url) return;
  const answer = await fetch(`${url}?q=${encodeURIComponent(query)}`, { headers: { Accept: "application/json" } }).catch(() => null);
  if (!answer?.ok || mine !== asked) return;
  const body = (await answer.json()) as { results?: Entry[] } | Entry[];
  const keep = at;
  fetched = Array.isArray(body) ? body : (body.results ?? []);
  draw();
  mark(keep);
  announce(say("matches", "%(n)s matches", { n: found.length }));
}, 120);

const path = (url: string): string => { const { pathname, search } = new URL(url, location.href); return pathname + search; };
const rank = (entry: Entry, recent: string[]): number => { const index = recent.indexOf(entry.label); return index < 0 ? 100 : index; };
const given2 = (): string[] => { try { return JSON.parse(localStorage.getItem(RECENT) ?? "[]") as string[]; } catch { return []; } };
const indexOf = (event: MouseEvent): number => { const option = (event.target as HTMLElement).closest('[role="option"]'); return option ? Number(option.id.split("-")[1]) : -1; };
