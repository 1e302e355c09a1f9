// The queue: a key or the bulk bar changes the selected reports, or the one in hand. Shown at once, taken back by z.
import { all, one, post, say } from "../shared/words.ts";
import { closeDialogs, openDialog } from "../shared/dialogs.ts";
import { onCommand } from "./keys.ts";
import { refetch } from "./live.ts";
import { refuse, toast } from "./toasts.ts";

const DIALOGS: Record<string, string> = { assign: "assignee", state: "state", severity: "severity", label: "label", snooze: "snooze", team: "team", close: "close" };
const AT_ONCE = 25;
let targets: HTMLElement[] = [];

export function startQueue(): void {
  if (!one("#selection")) return;
  for (const [command, what] of Object.entries(DIALOGS)) onCommand(command, () => choose(what));
  onCommand("take", () => { aim(); return targets.length ? send("assignee", "me", say("me", "Me")) : false; });
  for (const [command, place] of [["reply", "reply"], ["note", "note"], ["escalate", "escalate"]] as const) onCommand(command, () => visit(place));
  // With a selection d means "these have one fault"; with none it opens the triage of the row in hand.
  onCommand("duplicate", () => checked().length ? choose("problem") : visit("duplicate"));
  document.addEventListener("dialog:open", (event) => { if ((event.target as HTMLElement).id.startsWith("change-")) prepare(event.target as HTMLDialogElement); });
  document.addEventListener("submit", (event) => {
    const form = event.target as HTMLFormElement;
    const what = form.dataset.changeForm;
    if (!what) return;
    event.preventDefault();
    const button = (event as SubmitEvent).submitter as HTMLButtonElement | null;
    const [, value] = (button?.name === "change" ? button.value : `${what}:${one<HTMLInputElement>("[name=free]", form)?.value.trim() ?? ""}`).split(/:(.*)/s);
    closeDialogs();
    if (value) send(what, value, button?.dataset.words ?? value);
  });
  document.addEventListener("keydown", steer);
}

const everything = () => Boolean(one<HTMLInputElement>("#all-in-view")?.checked);
const checked = () => all("#selection .row").filter((row) => one<HTMLInputElement>(".row__check", row)?.checked);
const current = () => one("#selection .row:focus-within, #selection .row.is-current");

function aim(): void {
  const chosen = checked(), here = current();
  targets = chosen.length ? chosen : here ? [here] : [];
}

function choose(what: string): boolean {
  aim();
  if (!targets.length || !document.getElementById(`change-${what}`)) return false;
  openDialog(`change-${what}`, one(".row__title a", targets[0]));
  return true;
}

/** Says for what the dialog is, and puts the focus on the first choice. */
function prepare(dialog: HTMLDialogElement): void {
  aim();
  const place = one("[data-change-for]", dialog);
  const first = one(".ref", targets[0])?.textContent ?? "";
  if (place) place.textContent = everything() ? ` ${say("all_in_view", "all in this view")}` : targets.length > 1 ? ` ${say("n_reports", "%(n)s reports", { n: targets.length })}` : ` ${first}`;
  one<HTMLElement>(".choosing button, [name=free]", dialog)?.focus();
}

function visit(place: string): boolean {
  const href = current()?.dataset.href;
  if (!href) return false;
  location.assign(`${href}#${place}`);
  return true;
}

function send(what: string, value: string, words: string): boolean {
  const form = one<HTMLFormElement>("#selection");
  if (!form) return false;
  if (everything() || targets.length > AT_ONCE || what === "close") { submitAll(form, what, value); return true; }
  for (const row of targets) show(row, what, value, words);
  void carry(form.action, what, value, targets.map((row) => row.dataset.key ?? ""));
  return true;
}

/** Many: the server shows what would change before it does. */
function submitAll(form: HTMLFormElement, what: string, value: string): void {
  for (const [name, text] of [["what", what], ["free", value]]) {
    const field = document.createElement("input");
    field.type = "hidden"; field.name = name!; field.value = text!;
    form.append(field);
  }
  for (const row of targets) { const box = one<HTMLInputElement>(".row__check", row); if (box) box.checked = true; }
  form.submit();
}

async function carry(url: string, what: string, value: string, keys: string[]): Promise<void> {
  const body = new FormData();
  body.set("what", what);
  body.set("free", value);
  for (const key of keys) body.append("report", key);
  try {
    const answer = await post(url, body);
    const trigger = answer.headers.get("HX-Trigger");
    if (!answer.ok) refuse((await answer.text()).slice(0, 300));
    else if (trigger) toast((JSON.parse(trigger) as { toast: Parameters<typeof toast>[0] }).toast);
    if (answer.ok) for (const box of all<HTMLInputElement>("#selection .row__check:checked")) { box.checked = false; box.dispatchEvent(new Event("change", { bubbles: true })); }
  } catch { refuse(say("offline", "No connection. Nothing was changed.")); }
  refetch(["queue"]);
}

/** The row tells the new value within the same frame; it is faint until the server has it. */
function show(row: HTMLElement, what: string, value: string, words: string): void {
  const cell = { assignee: ".row__who", severity: ".row__sev", state: ".row__state" }[what];
  const place = cell ? one(cell, row) : null;
  if (place) { place.textContent = words; place.classList.add("is-sending"); }
  if (what === "snooze" && value !== "wake") row.classList.add("is-leaving");
}

/** In a dialog of choices: digits pick, arrows and first letters move. */
function steer(event: KeyboardEvent): void {
  const dialog = (event.target as HTMLElement).closest<HTMLDialogElement>("dialog[open]");
  const choices = dialog ? all<HTMLButtonElement>(".choosing button", dialog) : [];
  if (!choices.length || event.ctrlKey || event.metaKey || event.altKey) return;
  const at = choices.indexOf(document.activeElement as HTMLButtonElement);
  const step = { ArrowDown: 1, ArrowUp: -1, j: 1, k: -1 }[event.key];
  if (step) { event.preventDefault(); choices[(at + step + choices.length) % choices.length]?.focus(); return; }
  if (/^[1-9]$/.test(event.key)) { event.preventDefault(); choices.find((each) => each.dataset.digit === event.key)?.click(); return; }
  if (/^\p{L}$/u.test(event.key)) [...choices.slice(at + 1), ...choices.slice(0, at + 1)].find((each) => each.textContent?.trim().toLowerCase().startsWith(event.key.toLowerCase()))?.focus();
}
