// Keeps <time data-moment> true while the page stays open; says the same as doors/ui/words.py.
import { all, say } from "./words.ts";

const MINUTE = 60, HOUR = 3600, DAY = 86400, SOON = 15 * MINUTE;

export function span(seconds: number): string {
  const length = Math.abs(seconds);
  if (length < 90 * MINUTE) return say("min", "%(n)s min", { n: Math.max(1, Math.round(length / MINUTE)) });
  if (length < 36 * HOUR) return say("h", "%(n)s h", { n: Math.round(length / HOUR) });
  const days = Math.round(length / DAY);
  return days === 1 ? say("day", "%(n)s day", { n: 1 }) : say("days", "%(n)s days", { n: days });
}

export function inWords(style: string, seconds: number): string | null {
  if (style === "relative") {
    if (Math.abs(seconds) < 45) return say("now", "just now");
    if (Math.abs(seconds) > 7 * DAY) return null;
    return seconds > 0 ? say("in", "in %(span)s", { span: span(seconds) }) : say("ago", "%(span)s ago", { span: span(seconds) });
  }
  if (style === "due") {
    if (seconds > -30 && seconds < 45) return say("due_now", "due now");
    return seconds > 0 ? say("due_in", "due in %(span)s", { span: span(seconds) }) : say("late", "late %(span)s", { span: span(seconds) });
  }
  return null;
}

export function tick(): void {
  for (const element of all<HTMLTimeElement>('time[data-moment="relative"], time[data-moment="due"]')) {
    const left = (Date.parse(element.dateTime) - Date.now()) / 1000, text = inWords(element.dataset.moment ?? "", left);
    if (element.dataset.moment === "due") element.closest(".ring--running, .ring--at_risk")?.classList.toggle("ring--soon", left <= SOON);
    if (text !== null && element.textContent !== text) element.textContent = text;
  }
}

export function startTicking(): void {
  setInterval(() => { if (!document.hidden) tick(); }, 20_000);
  document.addEventListener("visibilitychange", () => { if (!document.hidden) tick(); });
}
