// Reports fetched ahead: whoever rests on a row (focus or pointer) finds it and the one after it opened at once.
// Only marks links; the rule from the server (doors/console/ahead.py) lets the browser fetch them, into memory and for this
// page alone. What it holds is dropped with the page; a mark that is taken away before its time was never fetched.
import { all, one } from "../shared/words.ts";
import { refetch } from "./live.ts";

const REST = 140, MOST = 2;
let timer = 0;

export function startAhead(): void {
  if (openedAhead()) refetch(all("[data-live^='report:'], [data-live^='presence:']").map((part) => part.dataset.live ?? ""));
  if (!HTMLScriptElement.supports?.("speculationrules") || thrifty()) return;
  for (const name of ["focusin", "pointerover"]) document.addEventListener(name, (event) => {
    const row = (event.target as HTMLElement).closest?.<HTMLElement>("[data-list] .row");
    const step = row ? null : (event.target as HTMLElement).closest?.<HTMLElement>("a[data-near]");
    if (row || step) wait(() => (row ? restOn(row) : mark([step!])));
  }, { passive: true });
  document.addEventListener("visibilitychange", () => clearTimeout(timer));
}

function wait(run: () => void): void {
  clearTimeout(timer);
  timer = window.setTimeout(() => idle(run), REST);
}

const idle = (run: () => void): void => { if ("requestIdleCallback" in window) requestIdleCallback(run, { timeout: 400 }); else run(); };

function restOn(row: HTMLElement): void {
  const rows = all("[data-list] .row"), at = rows.indexOf(row);
  mark(rows.slice(at, at + MOST).map((each) => one(".row__title a", each)));
}

/** These links and no others. */
function mark(links: (HTMLElement | null)[]): void {
  if (document.hidden) return;
  for (const old of all("[data-ahead]")) if (!links.includes(old)) old.removeAttribute("data-ahead");
  for (const link of links) link?.setAttribute("data-ahead", "");
}

/** What was fetched ahead may be a little old: the live parts are looked at once more. */
function openedAhead(): boolean {
  const [opened] = performance.getEntriesByType("navigation") as (PerformanceNavigationTiming & { deliveryType?: string })[];
  return opened?.deliveryType === "navigational-prefetch";
}

function thrifty(): boolean {
  return Boolean((navigator as Navigator & { connection?: { saveData?: boolean } }).connection?.saveData);
}
