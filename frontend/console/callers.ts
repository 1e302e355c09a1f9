// Phone intake: the field that finds the caller never sends the report. Enter takes the first match, arrows go through them.
import { all, one } from "../shared/words.ts";

const PATIENCE = 800; // For matches that are still on their way.

export function startCallers(): void {
  const field = one<HTMLInputElement>("#caller"), list = one("#callers"), part = one("#caller-part");
  if (!field || !list || !part) return;
  const matches = () => all("a", list);
  let isFresh = true, wanted = 0, isTaken = false;
  const take = (): void => { clearTimeout(wanted); wanted = 0; matches()[0]?.click(); };
  new MutationObserver(() => { isFresh = true; if (wanted) take(); }).observe(list, { childList: true });
  new MutationObserver(() => { if (isTaken) { isTaken = false; list.replaceChildren(); one("#name", part)?.focus(); } }).observe(part, { childList: true });
  list.addEventListener("click", (event) => { isTaken = Boolean((event.target as HTMLElement).closest("a")); });
  field.addEventListener("input", () => { isFresh = false; clearTimeout(wanted); wanted = 0; });
  field.addEventListener("keydown", (event) => {
    if (event.isComposing || event.ctrlKey || event.metaKey) return;
    if (event.key === "Enter") { event.preventDefault(); if (isFresh) take(); else wanted = window.setTimeout(take, PATIENCE); }
    if (event.key === "ArrowDown" && matches().length) { event.preventDefault(); matches()[0]!.focus(); }
  });
  list.addEventListener("keydown", (event) => {
    const each = matches(), at = each.indexOf(document.activeElement as HTMLElement);
    if (at < 0 || !["ArrowDown", "ArrowUp", "Escape"].includes(event.key)) return;
    event.preventDefault();
    (event.key === "ArrowDown" ? each[Math.min(at + 1, each.length - 1)] : event.key === "ArrowUp" && at > 0 ? each[at - 1] : field)?.focus();
  });
}
