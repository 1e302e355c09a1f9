// Areas of a picture to black out: drawn with the pointer, or added, moved and sized by keyboard. The numbers in the form
// are what is sent; the drawing only shows and changes them.
import { all, one } from "./words.ts";

type Side = "left" | "top" | "width" | "height";
const SIDES: Side[] = ["left", "top", "width", "height"];
const LEAST = 4;

export function startBlanking(): void {
  const form = one<HTMLFormElement>("form[data-blanking]"), picture = form && one<SVGSVGElement>("svg.blanking__picture", form);
  if (!form || !picture) return;
  const rowsPlace = one("[data-box-rows]", form)!, template = one<HTMLTemplateElement>("template[data-box-row]", form)!;
  const said = one("[data-blanking-said]", form)!, whole = picture.viewBox.baseVal;
  const rows = (): HTMLElement[] => all(".blanking__row", rowsPlace);
  const field = (row: HTMLElement, side: Side) => one<HTMLInputElement>(`[name=${side}]`, row)!;
  const read = (row: HTMLElement) => Object.fromEntries(SIDES.map((side) => [side, Number.parseInt(field(row, side).value, 10)])) as Record<Side, number>;
  const isWritten = (row: HTMLElement) => SIDES.every((side) => field(row, side).value.trim() !== "");
  const boxes = new Map<HTMLElement, SVGRectElement>();

  one("[data-blanking-tools]", form)!.hidden = false;
  one<HTMLElement>('[value="look"]', form)!.hidden = true;

  /** Rows and rectangles say the same; empty rows go, each row has its number. */
  function draw(): void {
    for (const row of rows()) if (!isWritten(row) && !row.contains(document.activeElement)) row.remove();
    rows().forEach((row, index) => {
      for (const place of all("[data-box-number]", row)) place.textContent = String(index + 1);
      one("[data-box-remove]", row)!.hidden = false;
      const { left, top, width, height } = read(row);
      let box = boxes.get(row);
      if (!box) { box = make(row); boxes.set(row, box); }
      for (const [name, value] of Object.entries({ x: left, y: top, width, height })) box.setAttribute(name, String(Number.isFinite(value) ? Math.max(0, value) : 0));
      box.setAttribute("aria-label", words(index + 1, { left, top, width, height }));
      row.setAttribute("aria-label", `${said.dataset.role} ${index + 1}`);
    });
    for (const [row, box] of boxes) if (!row.isConnected) { box.remove(); boxes.delete(row); }
  }

  const words = (n: number, box: Record<Side, number>): string => Object.entries({ n, ...box }).reduce((text, [name, value]) => text.replaceAll(`%(${name})s`, String(value)), said.dataset.words ?? "");

  function make(row: HTMLElement): SVGRectElement {
    const box = document.createElementNS("http://www.w3.org/2000/svg", "rect");
    box.setAttribute("class", "blanking__box");
    box.setAttribute("tabindex", "0");
    box.setAttribute("role", "button");
    box.setAttribute("aria-roledescription", said.dataset.role ?? "");
    box.setAttribute("aria-describedby", "blanking-hint");
    box.addEventListener("keydown", (event) => steer(row, event));
    picture!.append(box);
    return box;
  }

  function write(row: HTMLElement, box: Record<Side, number>): void {
    const width = Math.min(Math.max(LEAST, Math.round(box.width)), whole.width), height = Math.min(Math.max(LEAST, Math.round(box.height)), whole.height);
    const left = Math.min(Math.max(0, Math.round(box.left)), whole.width - width), top = Math.min(Math.max(0, Math.round(box.top)), whole.height - height);
    for (const [side, value] of Object.entries({ left, top, width, height })) field(row, side as Side).value = String(value);
    draw();
  }

  function add(box: Record<Side, number>): HTMLElement {
    const free = rows().find((row) => !isWritten(row));
    const row = free ?? (template.content.firstElementChild!.cloneNode(true) as HTMLElement);
    if (!free) rowsPlace.append(row);
    write(row, box);
    return row;
  }

  function steer(row: HTMLElement, event: KeyboardEvent): void {
    const step = Math.max(1, Math.round(whole.width / 100)), box = read(row);
    const [x, y] = { ArrowLeft: [-step, 0], ArrowRight: [step, 0], ArrowUp: [0, -step], ArrowDown: [0, step] }[event.key] ?? [0, 0];
    if (event.key === "Delete" || event.key === "Backspace") { event.preventDefault(); remove(row); return; }
    if (!x && !y) return;
    event.preventDefault();
    write(row, event.shiftKey ? { ...box, width: box.width + x!, height: box.height + y! } : { ...box, left: box.left + x!, top: box.top + y! });
    said.textContent = words(rows().indexOf(row) + 1, read(row));
  }

  function remove(row: HTMLElement): void {
    const each = rows(), next = each[each.indexOf(row) + 1] ?? each[each.indexOf(row) - 1];
    row.remove();
    draw();
    ((next && boxes.get(next)) ?? one<HTMLElement>("[data-box-add]", form!))?.focus();
  }

  const point = (event: PointerEvent): DOMPoint => new DOMPoint(event.clientX, event.clientY).matrixTransform(picture.getScreenCTM()!.inverse());
  picture.addEventListener("pointerdown", (event) => {
    if (event.button !== 0) return;
    event.preventDefault();
    const from = point(event), held = [...boxes].find(([, box]) => box === event.target)?.[0];
    const began = held ? read(held) : null;
    let row = held;
    picture.setPointerCapture(event.pointerId);
    const move = (moved: PointerEvent): void => {
      const to = point(moved), width = Math.abs(to.x - from.x), height = Math.abs(to.y - from.y);
      if (held && began) { write(held, { ...began, left: began.left + to.x - from.x, top: began.top + to.y - from.y }); return; }
      if (!row && (width < LEAST || height < LEAST)) return;
      const box = { left: Math.min(from.x, to.x), top: Math.min(from.y, to.y), width, height };
      if (row) write(row, box); else row = add(box);
    };
    picture.addEventListener("pointermove", move);
    picture.addEventListener("lostpointercapture", () => { picture.removeEventListener("pointermove", move); if (row) boxes.get(row)?.focus(); }, { once: true });
  });
  form.addEventListener("input", draw);
  form.addEventListener("click", (event) => {
    const target = event.target as HTMLElement;
    if (target.closest("[data-box-remove]")) remove(target.closest<HTMLElement>(".blanking__row")!);
    if (target.closest("[data-box-add]")) {
      const row = add({ left: whole.width * 0.375, top: whole.height * 0.45, width: whole.width / 4, height: whole.height / 10 });
      boxes.get(row)?.focus();
    }
  });
  for (const still of all("rect", picture as unknown as ParentNode)) still.remove();
  draw();
}
