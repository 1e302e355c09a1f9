// The queue somebody left for a report: Back leads to it as it was filtered, with the focus on the row left, or on the next
// one that is still there.
import { all, one } from "../shared/words.ts";

interface Left { url: string; row: string; rows: string[]; isBack?: boolean }
const KEY = "queue:left";

export function startLeft(): void {
  if (document.body.dataset.page === "queue") {
    comeBack();
    addEventListener("pagehide", () => keep({ url: here(), row: one("[data-list] .row.is-current")?.id ?? "", rows: all("[data-list] .row").map((row) => row.id) }));
  }
  document.addEventListener("click", (event) => {
    const link = (event.target as HTMLElement).closest<HTMLAnchorElement>("a[data-left]"), left = kept();
    if (!link || !left) return;
    link.href = left.url;
    keep({ ...left, isBack: true });
  });
}

function comeBack(): void {
  const left = kept(), [opened] = performance.getEntriesByType("navigation") as PerformanceNavigationTiming[];
  if (!left?.row || left.url !== here() || !(left.isBack || opened?.type === "back_forward")) return;
  const after = left.rows.slice(left.rows.indexOf(left.row));
  const row = after.map((id) => document.getElementById(id)).find(Boolean) ?? all("[data-list] .row").at(-1);
  row?.querySelector<HTMLElement>(".row__title a")?.focus({ preventScroll: true });
  row?.scrollIntoView({ block: "nearest" });
}

const here = (): string => location.pathname + location.search;
const keep = (left: Left): void => sessionStorage.setItem(KEY, JSON.stringify(left));
function kept(): Left | null { return JSON.parse(sessionStorage.getItem(KEY) ?? "null") as Left | null; }
