// The axis of evidence: move along it by pointer or arrow keys; what comes after the moment fades, lanes can be left out.
import { all, announce, debounce, one, say } from "../shared/words.ts";

export function startEvidence(): void {
  const line = one("[data-evidence-line]"), slider = line && one<HTMLInputElement>("input[type=range]", line);
  if (!line || !slider) return;
  for (const part of all("[data-line-move], [data-line-copy]", line)) part.hidden = false;
  const rows = all(".moment-row", line), marks = all<SVGCircleElement>("circle[data-lane]", line);
  const pairs = rows.map((row) => ({ row, mark: marks[rows.indexOf(row)], x: Number(row.dataset.x) }));
  const shown = () => pairs.filter(({ row }) => !row.hidden);

  const draw = (): void => {
    const at = Number(slider.value);
    const here = shown().filter(({ x }) => x <= at + 0.05).at(-1);
    for (const { row, mark, x } of pairs) {
      const isLater = x > at + 0.05, isHere = here?.row === row;
      for (const part of [row, mark]) { part?.classList.toggle("is-later", isLater); part?.classList.toggle("is-here", isHere); }
      if (isHere) row.setAttribute("aria-current", "step"); else row.removeAttribute("aria-current");
    }
    const playhead = one<SVGLineElement>("[data-line-at]", line);
    for (const end of ["x1", "x2"]) playhead?.setAttribute(end, String(at));
    const words = here ? plain(here.row) : "";
    slider.setAttribute("aria-valuetext", words);
    one("[data-line-said]", line)!.textContent = here ? one(".moment-row__at", here.row)!.textContent!.trim() : "";
    const list = one(".moments", line);
    if (here && list) list.scrollTop = here.row.offsetTop - list.offsetTop - list.clientHeight / 2 + here.row.clientHeight / 2;
  };
  slider.addEventListener("input", draw);
  slider.addEventListener("keydown", (event) => {
    const by = { ArrowRight: 1, ArrowUp: 1, ArrowLeft: -1, ArrowDown: -1, PageUp: 10, PageDown: -10, Home: -Infinity, End: Infinity }[event.key];
    if (by === undefined) return;
    event.preventDefault();
    // Things of one and the same moment are one step.
    const stops = [...new Set(shown().map(({ x }) => x))], now = stops.findLastIndex((x) => x <= Number(slider.value) + 0.05);
    const next = stops[Math.max(0, Math.min(stops.length - 1, now + by))];
    if (next !== undefined) { slider.value = String(next); draw(); }
  });
  line.addEventListener("change", (event) => {
    const box = event.target as HTMLInputElement;
    if (box.name !== "show") return;
    const wanted = new Set(all<HTMLInputElement>("[name=show]:checked", line).map((each) => each.value));
    for (const { row } of pairs) row.hidden = !wanted.has(row.dataset.lane!);
    for (const mark of marks) mark.toggleAttribute("hidden", !wanted.has(mark.dataset.lane!));
    draw();
    tell(shown().length);
  });
  one("[data-line-copy]", line)?.addEventListener("click", (event) => {
    const button = event.currentTarget as HTMLElement, at = Number(slider.value);
    const text = shown().filter(({ x }) => x <= at + 0.05).map(({ row }) => plain(row)).join("\n");
    void navigator.clipboard?.writeText(text).then(() => document.dispatchEvent(new CustomEvent("toast", { detail: { text: button.dataset.copied, seconds: 3 } })));
  });
}

const tell = debounce((count: number) => announce(say("n_shown", "%(n)s shown", { n: count })), 300);

/** One row as a line of text: absolute time, who, what. */
function plain(row: HTMLElement): string {
  const time = one<HTMLTimeElement>("time", row);
  return [time?.title || time?.textContent, one(".moment-row__words", row)?.textContent].map((part) => (part ?? "").replace(/\s+/g, " ").trim()).join("  ");
}
