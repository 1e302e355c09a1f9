// Lines of the insights page, drawn by uPlot from the JSON beside them. Every value is reached with the arrow keys, is said
// to screen readers, stands in words below the drawing and in the table; Enter leads to the reports behind it.
import uPlot from "uplot";
import { all, given } from "../shared/words.ts";

interface Given { kind: string; labels: string[]; series: { title: string; values: (number | null)[] }[]; says: string[]; urls: string[]; marks: { at: number; words: string }[]; bars: boolean }
const HEIGHT = 240;
const DASHES = [[], [7, 4], [2, 3], [10, 3, 2, 3]];
const COLOURS = ["accent", "risk-mark", "ink-2", "paused"];
const colour = (name: string): string => getComputedStyle(document.documentElement).getPropertyValue(`--${name}`).trim();

class Chart {
  private plot: uPlot | null = null;
  private at = 0;
  private readonly readout: HTMLElement | null;
  private readonly hint: string;

  constructor(private readonly area: HTMLElement, private readonly data: Given) {
    this.readout = document.querySelector(`[data-readout="${area.dataset.plot}"]`);
    this.hint = this.readout?.textContent ?? "";
    this.at = Math.max(0, data.labels.length - 1);
    area.setAttribute("aria-valuemax", String(this.at));
    area.addEventListener("keydown", (event) => this.key(event));
    area.addEventListener("focus", () => this.show(this.at));
    area.addEventListener("blur", () => this.rest());
    area.addEventListener("click", () => { if (matchMedia("(pointer: fine)").matches) this.follow(); });
    this.speak();
    this.draw();
  }

  draw(): void {
    this.plot?.destroy();
    const { data } = this;
    const xs = data.labels.map((_label, place) => place);
    this.plot = new uPlot(this.options(), [xs, ...data.series.map((one) => one.values)] as uPlot.AlignedData, this.area);
  }

  resize(): void { const width = this.area.clientWidth; if (this.plot && width && Math.abs(width - this.plot.width) > 1) this.plot.setSize({ width, height: HEIGHT }); }

  private options(): uPlot.Options {
    const { data } = this, ink = colour("ink-3"), line = colour("line"), font = `12px ${getComputedStyle(document.body).fontFamily}`;
    const last = data.labels.length - 1;
    const axis = { stroke: ink, font, ticks: { show: false }, grid: { stroke: line, width: 1 } };
    return {
      width: this.area.clientWidth || 600, height: HEIGHT, legend: { show: false }, padding: [14, 12, 0, 0],
      cursor: { drag: { x: false, y: false }, y: false, points: { size: 9 } },
      scales: { x: { time: false, range: () => [-0.5, last + 0.5] }, y: { range: (_plot, _low, high) => this.range(high) } },
      axes: [
        { ...axis, grid: { show: false }, gap: 10, space: Math.max(90, 16 + 6.4 * Math.max(...data.labels.map((label) => label.length))), incrs: [1, 2, 3, 5, 7, 14, 28, 30, 60, 90], values: (_plot, splits) => splits.map((at) => data.labels[at] ?? "") },
        { ...axis, size: 62, values: (_plot, splits) => splits.map((value) => this.unit(value)), ...(data.kind === "minutes" ? { splits: (_plot, _axis, _low, high) => steps(high) } : {}) },
      ],
      series: [{}, ...data.series.map((one, place) => this.series(one.title, place))],
      hooks: { setCursor: [(plot) => { if (plot.cursor.idx != null && plot.cursor.left! >= 0) this.tell(plot.cursor.idx); else if (document.activeElement !== this.area) this.rest(); }], draw: [(plot) => this.marks(plot)] },
    };
  }

  private series(label: string, place: number): uPlot.Series {
    const stroke = colour(COLOURS[place % COLOURS.length]!), few = this.data.labels.length <= 45;
    const bars = this.data.bars && place === 0 && uPlot.paths.bars?.({ size: [0.7, 40] });
    return { label, stroke, width: 2, dash: DASHES[place % DASHES.length], spanGaps: false, points: { show: few && place < 2 && !bars, size: 5, fill: colour("page") }, ...(bars ? { paths: bars, fill: colour("accent-wash"), width: 1 } : {}) };
  }

  /** From zero, with a whole number of steps; high shares end at a hundred. */
  private range(high: number): [number, number] { return this.data.kind === "share" ? [0, high > 0.5 ? 1 : Math.max(high * 1.2, 0.1)] : [0, Math.max(high * 1.08, 1)]; }

  private unit(value: number): string {
    if (this.data.kind === "share") return `${Math.round(value * 100)} %`;
    if (this.data.kind !== "minutes") return Number.isInteger(value) ? String(value) : value >= 10 ? "" : value.toFixed(1).replace(/\.0$/, "");
    return value >= 2880 ? `${Math.round(value / 144) / 10} d` : value >= 120 ? `${Math.round(value / 6) / 10} h` : `${Math.round(value)} min`;
  }

  private marks(plot: uPlot): void {
    const { ctx } = plot, ratio = devicePixelRatio || 1;
    ctx.save();
    ctx.strokeStyle = ctx.fillStyle = colour("ink-2");
    ctx.font = `${11 * ratio}px ${getComputedStyle(document.body).fontFamily}`;
    ctx.setLineDash([3 * ratio, 3 * ratio]);
    let free = -Infinity;
    for (const mark of this.data.marks) {
      const x = Math.round(plot.valToPos(mark.at, "x", true)), { top, height } = plot.bbox;
      ctx.beginPath(); ctx.moveTo(x, top); ctx.lineTo(x, top + height); ctx.stroke();
      const wide = ctx.measureText(mark.words).width;
      if (x < free) continue;
      ctx.textAlign = x + wide > plot.bbox.left + plot.bbox.width ? "right" : "left";
      ctx.fillText(mark.words, x + (ctx.textAlign === "left" ? 4 : -4) * ratio, top + 9 * ratio);
      free = x + wide + 12 * ratio;
    }
    ctx.restore();
  }

  private key(event: KeyboardEvent): void {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const last = this.data.labels.length - 1;
    const to = { ArrowLeft: this.at - 1, ArrowDown: this.at - 1, ArrowRight: this.at + 1, ArrowUp: this.at + 1, PageUp: this.at - 7, PageDown: this.at + 7, Home: 0, End: last }[event.key];
    if (to !== undefined) { event.preventDefault(); event.stopPropagation(); this.show(Math.min(last, Math.max(0, to))); }
    else if (event.key === "Enter") { event.preventDefault(); event.stopPropagation(); this.follow(); }
  }

  private show(at: number): void {
    if (!this.plot || !this.data.labels.length) return;
    this.at = at;
    const value = this.data.series.map((one) => one.values[at]).find((one) => one != null) ?? 0;
    this.plot.setCursor({ left: this.plot.valToPos(at, "x"), top: this.plot.valToPos(value, "y") });
    this.tell(at);
  }

  private tell(at: number): void { this.at = at; if (this.readout) this.readout.textContent = this.data.says[at] ?? ""; this.speak(); }
  private speak(): void { this.area.setAttribute("aria-valuenow", String(this.at)); this.area.setAttribute("aria-valuetext", this.data.says[this.at] ?? ""); }
  private rest(): void { if (this.readout && document.activeElement !== this.area) this.readout.textContent = this.hint; }
  private follow(): void { const url = this.data.urls[this.at]; if (url) location.assign(url); }
}

/** Marks of a time axis at whole minutes, hours or days. */
function steps(high: number): number[] {
  const step = [10, 30, 60, 120, 240, 480, 720, 1440, 2880, 7200, 14400, 28800].find((one) => high / one <= 6) ?? high / 5;
  return Array.from({ length: Math.floor(high / step) + 1 }, (_nothing, place) => place * step);
}

const charts = all("[data-plot]").map((area) => new Chart(area, given<Given>(area.dataset.plot!, { kind: "count", labels: [], series: [], says: [], urls: [], marks: [], bars: false })));
const redraw = (): void => charts.forEach((chart) => chart.draw());
new ResizeObserver(() => charts.forEach((chart) => chart.resize())).observe(document.querySelector(".insights") ?? document.body);
new MutationObserver(redraw).observe(document.documentElement, { attributes: true, attributeFilter: ["data-theme", "data-density"] });
matchMedia("(prefers-color-scheme: dark)").addEventListener("change", redraw);
// Paper is white: drawn once more in the light colours.
let theme: string | null = null;
addEventListener("beforeprint", () => { theme = document.documentElement.getAttribute("data-theme"); document.documentElement.setAttribute("data-theme", "light"); redraw(); });
addEventListener("afterprint", () => { if (theme === null) document.documentElement.removeAttribute("data-theme"); else document.documentElement.setAttribute("data-theme", theme); });
