// In a note, @ and letters offer colleagues, teams and skills. Without this, a handle typed by hand does the same.
import { all, announce, say } from "../shared/words.ts";
import { fuzzy } from "./palette.ts";

interface Person { handle: string; name: string; kind: string }

let people: Person[] | null = null;
let list: HTMLElement | null = null, area: HTMLTextAreaElement | null = null, found: Person[] = [], at = 0;
const MOST = 6;

export function startMentions(): void {
  document.addEventListener("input", (event) => { if (isNote(event.target)) void offer(event.target as HTMLTextAreaElement); });
  document.addEventListener("keydown", steer, true);
  document.addEventListener("focusout", (event) => { if (event.target === area) setTimeout(close, 150); });
}

function isNote(target: EventTarget | null): boolean {
  return target instanceof HTMLTextAreaElement && (target.dataset.doing === "noting" || target.hasAttribute("data-mentions"));
}

function wanted(field: HTMLTextAreaElement): string | null {
  return field.value.slice(0, field.selectionStart).match(/(?:^|[\s(,;])@([\w-]{0,40})$/)?.[1] ?? null;
}

async function offer(field: HTMLTextAreaElement): Promise<void> {
  const query = wanted(field);
  if (query === null) { close(); return; }
  if (!people) {
    const answer = await fetch("/console/colleagues/", { headers: { Accept: "application/json" }, credentials: "same-origin" }).catch(() => null);
    if (!answer?.ok) return;
    people = ((await answer.json()) as { people: Person[] }).people;
    if (wanted(field) === null) return;
  }
  const now = wanted(field) ?? "";
  found = people.map((one) => ({ one, fit: now ? fuzzy(now, `${one.handle} ${one.name}`) : { score: 0 } })).filter(({ fit }) => fit).sort((a, b) => b.fit!.score - a.fit!.score).slice(0, MOST).map(({ one }) => one);
  area = field;
  at = 0;
  draw();
}

function draw(): void {
  if (!area || !found.length) { close(); return; }
  if (!list) {
    list = document.createElement("div");
    list.className = "mentions";
    list.id = "mentions";
    list.setAttribute("role", "listbox");
    list.setAttribute("aria-label", say("call", "Call a colleague"));
    list.addEventListener("mousedown", (event) => {
      const option = (event.target as HTMLElement).closest<HTMLElement>("[role=option]");
      if (option) { event.preventDefault(); at = Number(option.dataset.index); choose(); }
    });
    area.after(list);
    area.setAttribute("aria-controls", "mentions");
    area.setAttribute("aria-autocomplete", "list");
    announce(say("call_hint", "Arrow keys choose, Enter takes."));
  }
  list.replaceChildren(...found.map((person, index) => {
    const option = document.createElement("div"), name = document.createElement("b"), more = document.createElement("span");
    option.id = `mention-${index}`;
    option.className = "mentions__one";
    option.dataset.index = String(index);
    option.setAttribute("role", "option");
    option.setAttribute("aria-selected", String(index === at));
    name.textContent = person.name;
    more.className = "faint";
    more.textContent = ` @${person.handle}${person.kind ? ` · ${person.kind}` : ""}`;
    option.append(name, more);
    return option;
  }));
  area.setAttribute("aria-activedescendant", `mention-${at}`);
}

function steer(event: KeyboardEvent): void {
  if (!list || event.target !== area) return;
  const moves: Record<string, () => void> = {
    ArrowDown: () => { at = (at + 1) % found.length; draw(); },
    ArrowUp: () => { at = (at + found.length - 1) % found.length; draw(); },
    Enter: choose, Tab: choose, Escape: close,
  };
  const move = event.ctrlKey || event.metaKey ? undefined : moves[event.key];
  if (!move) return;
  event.preventDefault();
  event.stopPropagation();
  move();
}

function choose(): void {
  const person = found[at], field = area;
  if (!person || !field) return;
  const end = field.selectionStart, begin = end - (wanted(field) ?? "").length;
  field.setRangeText(`${person.handle} `, begin, end, "end");
  close();
  field.dispatchEvent(new Event("input", { bubbles: true }));
}

function close(): void {
  list?.remove();
  for (const field of all("[aria-controls=mentions]")) for (const name of ["aria-controls", "aria-autocomplete", "aria-activedescendant"]) field.removeAttribute(name);
  list = area = null;
}
