// The console's browser code. Everything is progressive: the pages are complete without it.
import { startBlanking } from "../shared/blanking.ts";
import { startDialogs } from "../shared/dialogs.ts";
import { setDensity, setTheme } from "../shared/theme.ts";
import { startTicking } from "../shared/times.ts";
import { all, csrf, one } from "../shared/words.ts";
import { startAhead } from "./ahead.ts";
import { startCallers } from "./callers.ts";
import { startDrafts } from "./drafts.ts";
import { startEvidence } from "./evidence.ts";
import { onCommand, run, startKeys } from "./keys.ts";
import { startLeft } from "./left.ts";
import { startList } from "./list.ts";
import { startLive } from "./live.ts";
import { startMeanwhile } from "./meanwhile.ts";
import { startMentions } from "./mentions.ts";
import { startOffline } from "./offline.ts";
import { startPalette } from "./palette.ts";
import { startPresence } from "./presence.ts";
import { startQueue } from "./queue.ts";
import { startSwapping } from "./swap.ts";
import { startToasts, undoLast } from "./toasts.ts";

startSwapping();
startDialogs();
startKeys();
startPalette();
startList();
startLeft();
startQueue();
startToasts();
startOffline();
startDrafts();
startTicking();
startPresence();
startLive();
startAhead();
startEvidence();
startBlanking();
startMentions();
startCallers();
startMeanwhile();
onCommand("undo", () => undoLast());
one<HTMLElement>("[data-error-summary]")?.focus();
// Where tabs or a drawing are wider than the screen, they begin at the tab one is on, and in the middle.
for (const here of all(".tabs > [aria-current]")) {
  const strip = here.parentElement!, box = here.getBoundingClientRect();
  strip.scrollLeft += box.left - strip.getBoundingClientRect().left - (strip.clientWidth - box.width) / 2;
}
for (const drawing of all(".causes")) drawing.scrollLeft = (drawing.scrollWidth - drawing.clientWidth) / 2;
// A key pressed on a row of the queue is carried out where it leads: /console/reports/12/#reply.
const wished = location.hash.slice(1);
if (["reply", "note", "escalate", "duplicate"].includes(wished)) { history.replaceState(null, "", location.pathname + location.search); run(wished); }

for (const element of document.querySelectorAll<HTMLElement>("[data-needs-script]")) element.hidden = false;

document.addEventListener("click", (event) => {
  const target = event.target as HTMLElement;
  const theme = target.closest<HTMLElement>("[data-theme-to]")?.dataset.themeTo;
  const density = target.closest<HTMLElement>("[data-density-to]")?.dataset.densityTo;
  if (theme) setTheme(theme);
  if (density) setDensity(density);
  const slip = target.closest<HTMLAnchorElement>('.error-summary a[href^="#"]');
  if (slip) { event.preventDefault(); toField(slip.hash.slice(1)); }
  const copy = target.closest<HTMLElement>("[data-copy]");
  if (copy) void navigator.clipboard?.writeText(copy.dataset.copy ?? "").then(() => document.dispatchEvent(new CustomEvent("toast", { detail: { text: copy.dataset.copied ?? copy.dataset.copy, seconds: 3 } })));
});
/** A link of an error summary: into the field, or into the first one of a group. */
function toField(id: string): void {
  const place = document.getElementById(id), fields = "input:not([type=hidden]), select, textarea";
  place?.scrollIntoView({ block: "center" });
  (place?.matches(fields) ? place : one<HTMLElement>(fields, place?.matches("p") ? place.parentElement! : (place ?? document)))?.focus({ preventScroll: true });
}
// Signed in again in another tab: this page's own proof of where it comes from is an old one, the cookie's is the new.
document.addEventListener("submit", (event) => { for (const field of all<HTMLInputElement>("input[name=csrfmiddlewaretoken]", event.target as HTMLElement)) field.value = csrf(); }, true);
// A form sent twice by two quick clicks goes once.
document.addEventListener("submit", (event) => {
  const form = event.target as HTMLFormElement;
  if (form.matches("[data-once]")) { if (form.dataset.sent) event.preventDefault(); form.dataset.sent = "1"; }
});
