// Lists by keyboard: j/k move, x selects, Shift extends, Ctrl/Cmd+A takes all; when a row leaves, the next takes its focus.
import { all, announce, one, say, typing } from "../shared/words.ts";
import { onCommand } from "./keys.ts";

let current = "", anchor = 0, rowsBefore: string[] = [];

const list = () => one("[data-list]");
// A list of rows, or a table whose lines are gone through in the same way.
const ROWS = "[data-list] .row, tbody[data-list] > tr";
const rows = () => all(ROWS);
const link = (row?: HTMLElement) => (row ? one<HTMLElement>(".row__title a, a", row) : null);
const box = (row?: HTMLElement) => (row ? one<HTMLInputElement>(".row__check", row) : null);
const index = () => rows().findIndex((row) => row.contains(document.activeElement) || row.classList.contains("is-current"));

export function startList(): void {
  if (!list()) return;
  onCommand("next", () => move(1));
  onCommand("previous", () => move(-1));
  onCommand("extend_down", () => extend(1));
  onCommand("extend_up", () => extend(-1));
  onCommand("open", () => { const at = index(); if (at < 0) return false; link(rows()[at])?.click(); return true; });
  onCommand("select", () => { const at = index(); if (at < 0) return false; toggle(at); return true; });
  onCommand("select_all", () => { if (typing(document.activeElement)) return false; const boxes = rows().map(box); const on = boxes.some((each) => each && !each.checked); for (const each of boxes) if (each) each.checked = on; tell(); return true; });
  document.addEventListener("focusin", (event) => { const row = (event.target as HTMLElement).closest<HTMLElement>(ROWS); if (row) settle(row); });
  document.addEventListener("click", (event) => { if ((event.target as HTMLElement).matches(".row__check") && event.shiftKey) span(event.target as HTMLInputElement); });
  document.addEventListener("change", (event) => {
    const target = event.target as HTMLInputElement;
    if (target.matches("[data-select-all]")) { for (const row of rows()) { const each = box(row); if (each) each.checked = target.checked; } tell(); }
    if (target.matches(".row__check")) { anchor = rows().findIndex((row) => row.contains(target)); tell(); }
  });
  document.addEventListener("click", (event) => { if ((event.target as HTMLElement).closest("[data-select-none]")) { for (const row of rows()) { const each = box(row); if (each) each.checked = false; } tell(); } });
  rowsBefore = rows().map((row) => row.id);
  for (const name of ["live:done", "htmx:after:swap"]) document.addEventListener(name, keepPlace);
  tell();
}

function settle(row: HTMLElement): void {
  current = row.id;
  for (const each of rows()) each.classList.toggle("is-current", each === row);
}

function move(by: number): boolean {
  const each = rows(), at = index();
  const next = each[at < 0 ? (by > 0 ? 0 : each.length - 1) : Math.max(0, Math.min(each.length - 1, at + by))];
  if (!next) return false;
  link(next)?.focus({ preventScroll: true });
  next.scrollIntoView({ block: "nearest" });
  return true;
}

function extend(by: number): boolean {
  const at = index();
  if (at < 0) return move(by);
  const here = box(rows()[at]);
  if (here) here.checked = true;
  move(by);
  const there = box(rows()[index()]);
  if (there) there.checked = true;
  tell();
  return true;
}

function toggle(at: number): void {
  const each = box(rows()[at]);
  if (!each) return;
  each.checked = !each.checked;
  anchor = at;
  tell();
}

function span(target: HTMLInputElement): void {
  const each = rows(), to = each.findIndex((row) => row.contains(target));
  for (let i = Math.min(anchor, to); i <= Math.max(anchor, to); i++) { const one = box(each[i]); if (one) one.checked = target.checked; }
  tell();
}

/** Rows show their mark, the bulk bar its count. */
function tell(): void {
  let count = 0;
  for (const row of rows()) { const on = Boolean(box(row)?.checked); row.classList.toggle("is-selected", on); if (on) count++; }
  const bar = one("[data-bulk]");
  if (!bar) return;
  if (bar.hidden !== (count === 0)) { bar.hidden = count === 0; if (count) announce(say("selected", "%(n)s selected", { n: count })); }
  for (const place of all("[data-bulk-count]", bar)) place.textContent = String(count);
}

/** After a swap: selection and focus stay where they were; a row that left hands its focus to the next. */
function keepPlace(): void {
  const now = rows();
  if (current) {
    const same = document.getElementById(current);
    if (same) same.classList.add("is-current");
    else if (document.activeElement === document.body || !document.activeElement) {
      const was = Math.max(0, rowsBefore.indexOf(current));
      const heir = rowsBefore.slice(was + 1).map((id) => document.getElementById(id)).find(Boolean) ?? now[Math.min(was, now.length - 1)];
      link(heir ?? undefined)?.focus();
    }
  }
  rowsBefore = now.map((row) => row.id);
  tell();
}
