// The keyboard. Which key does what is data the server declares once (doors/ui/keymap.py); here it is only carried out.
// A command is done by pressing the first visible element with data-command="its name", or by one of the page's own doers.
import { all, given, isVisible, one, say, typing } from "../shared/words.ts";

export interface Command { name: string; keys: string[]; label: string; group: string; url?: string }

export const keymap = given<Command[]>("keymap", []);
const doers = new Map<string, () => boolean | void>();
const BUILT_IN = new Set(["palette", "keys", "undo", "copy_link"]);
let pressed = "";
let timer = 0;
let early: string | null = null; // What is typed while the composer changes its kind; never taken for commands.

export function onCommand(name: string, run: () => boolean | void): void { doers.set(name, run); }

export function doerOf(name: string): HTMLElement | null {
  return all(`[data-command="${CSS.escape(name)}"]:not(:disabled)`).find(isVisible) ?? null;
}

/** Carry out a command; false when this page has nothing for it. */
export function run(name: string): boolean {
  const does = doers.get(name);
  if (does && does() !== false) return true;
  const element = doerOf(name);
  if (element) {
    if (element.matches("textarea, select, input:not([type=checkbox], [type=button], [type=submit])")) element.focus();
    else { if (element.matches("#composer [hx-post]")) hold(); element.click(); if (element.matches("summary")) element.focus(); }
    return true;
  }
  const url = keymap.find((command) => command.name === name)?.url;
  if (url) { location.assign(url); return true; }
  return false;
}

function chord(event: KeyboardEvent): string {
  // Shift and a digit is another sign on every keyboard; where it is the digit itself (French), it is the digit that was meant.
  const digit = event.shiftKey ? /^Digit([1-5])$/.exec(event.code)?.[1] : undefined;
  const key = digit ?? (event.key.length === 1 ? event.key.toLowerCase() : event.key);
  const shifted = event.shiftKey && event.key !== digit && (key.length > 1 || /[a-z1-5]/.test(key));
  return `${shifted ? "shift+" : ""}${event.ctrlKey || event.metaKey ? "mod+" : ""}${event.altKey ? "alt+" : ""}${key}`;
}

/** Until the new composer has the focus, letters wait for it. */
function hold(): void {
  early = "";
  const settle = (event?: FocusEvent) => {
    const place = event?.target;
    if (event && !(place instanceof HTMLTextAreaElement)) return;
    document.removeEventListener("focusin", settle);
    clearTimeout(limit);
    const text = early;
    early = null;
    if (!(place instanceof HTMLTextAreaElement) || !text) return;
    place.setRangeText(text, place.value.length, place.value.length, "end");
    place.dispatchEvent(new Event("input", { bubbles: true }));
  };
  const limit = window.setTimeout(settle, 3000);
  document.addEventListener("focusin", settle);
}

function hear(event: KeyboardEvent): void {
  if (early !== null && !event.ctrlKey && !event.metaKey && !event.altKey && !typing(event.target)) {
    if (event.key.length === 1) { early += event.key; event.preventDefault(); }
    return;
  }
  if (event.defaultPrevented || event.isComposing || ["Shift", "Control", "Meta", "Alt"].includes(event.key)) return;
  const now = chord(event);
  const modified = event.ctrlKey || event.metaKey;
  const single = !modified && now !== "Escape";
  if (single && (typing(event.target) || document.documentElement.dataset.keys === "off")) return;
  if (one("dialog[open]") && !modified) return;
  if (single && /^(Enter| )$/.test(event.key) && (event.target as HTMLElement).closest("button, a, summary, input, [role=button]")) return;
  const sequence = pressed ? `${pressed} ${now}` : now;
  pressed = "";
  clearTimeout(timer);
  if (typing(event.target) && ["mod+z", "mod+a", "shift+mod+a"].includes(now)) return;
  const command = keymap.find((each) => each.keys.includes(sequence)) ?? (sequence === now ? undefined : keymap.find((each) => each.keys.includes(now)));
  if (command) { if (run(command.name)) event.preventDefault(); return; }
  if (single && keymap.some((each) => each.keys.some((keys) => keys.startsWith(`${now} `)))) {
    pressed = now;
    timer = window.setTimeout(() => (pressed = ""), 1200);
  }
}

export function startKeys(): void {
  document.addEventListener("keydown", hear);
  document.addEventListener("click", (event) => {
    const name = (event.target as HTMLElement).closest<HTMLElement>("button[data-command]")?.dataset.command;
    if (name && BUILT_IN.has(name)) { event.preventDefault(); doers.get(name)?.(); }
  });
  onCommand("send", () => press('[data-command="send"], button.btn--primary'));
  onCommand("send_wait", () => press('[data-command="send_wait"]'));
  onCommand("search", () => { const box = doerOf("search"); if (box) box.focus(); else doers.get("palette")?.(); if (box instanceof HTMLInputElement) box.select(); });
  onCommand("keys", () => { (document.getElementById("keys-dialog") as HTMLDialogElement | null)?.showModal(); });
  onCommand("back", () => {
    if (typing(document.activeElement)) { (document.activeElement as HTMLElement).blur(); return; }
    const open = all<HTMLDetailsElement>("details[data-menu][open]");
    for (const menu of open) menu.open = false;
    if (open.length || one(":popover-open")) return;
    const url = document.body.dataset.back;
    if (!url) return false;
    location.assign(url);
    return true;
  });
  onCommand("copy_link", () => { void navigator.clipboard?.writeText(location.href); document.dispatchEvent(new CustomEvent("toast", { detail: { text: one("[data-copied]")?.dataset.copied ?? location.href, seconds: 3 } })); });
}

/** Press a button of the form one is typing in. */
function press(selector: string): boolean {
  const button = (document.activeElement?.closest("form") ?? null)?.querySelector<HTMLElement>(selector);
  button?.click();
  return Boolean(button);
}

export function shown(keys: string): string {
  const mac = /Mac|iP(hone|ad)/.test(navigator.platform);
  return keys.replace("mod+", mac ? "⌘ " : `${say("ctrl", "Ctrl")} `).replace("shift+", "⇧ ").replace("Enter", "↵").replace("Escape", "Esc").replace(/\b[a-z]\b/g, (letter) => letter.toUpperCase());
}
