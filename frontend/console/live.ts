// Live parts: one event stream per browser (the leading tab shares it), each event refetches the parts that named its topic.
// An element says data-live="report:12 presence:report:12"; it needs an id, and may name another address by data-live-url.
import { all, debounce } from "../shared/words.ts";
import { tick } from "../shared/times.ts";

interface Happened { topics: string[]; ref: string }
interface Htmx { swap(context: object): Promise<void> }
declare const htmx: Htmx;

const channel = "BroadcastChannel" in self ? new BroadcastChannel("makegood-live") : null;
const due = new Set<string>();

export function startLive(): void {
  if (!all("[data-live]").length) return;
  if (channel) channel.onmessage = (event: MessageEvent<Happened>) => hear(event.data);
  lead();
  addEventListener("online", () => refetch());
  let away = 0;
  document.addEventListener("visibilitychange", () => {
    if (document.hidden) away = Date.now();
    else if (due.size || Date.now() - away > 60_000) refetchSoon();
  });
}

/** Fetch every live part anew; ``topics`` limits it to those that listen to one of them. */
export function refetch(topics?: string[]): void {
  for (const element of all("[data-live]")) {
    const mine = (element.dataset.live ?? "").split(/\s+/);
    if (!topics || mine.some((topic) => topics.includes(topic))) due.add(element.id);
  }
  refetchSoon();
}

const refetchSoon = debounce(() => {
  if (document.hidden) return;
  const byUrl = new Map<string, HTMLElement[]>();
  for (const id of due) {
    const element = id ? document.getElementById(id) : null;
    if (!element) continue;
    const url = element.dataset.liveUrl ?? location.pathname + location.search;
    byUrl.set(url, [...(byUrl.get(url) ?? []), element]);
  }
  due.clear();
  for (const [url, elements] of byUrl) void renew(url, elements);
}, 120);

async function renew(url: string, elements: HTMLElement[]): Promise<void> {
  const answer = await fetch(url, { headers: { "HX-Request": "true", "HX-Request-Type": "partial", "X-Live": "1" }, credentials: "same-origin" }).catch(() => null);
  if (!answer?.ok) return;
  const text = await answer.text();
  for (const element of elements) {
    const unread = element.dataset.liveSound;
    const opened = [...element.querySelectorAll<HTMLDetailsElement>("details[open]")];
    await htmx.swap({ text, target: element, sourceElement: element, select: `#${CSS.escape(element.id)}`, swap: "outerMorph" });
    for (const one of opened) one.open = true;  // what somebody opened to read stays open
    if (unread) document.dispatchEvent(new CustomEvent("live:renewed", { detail: element.id }));
  }
  tick();
  document.dispatchEvent(new CustomEvent("live:done"));
}

function hear(happened: Happened): void {
  document.dispatchEvent(new CustomEvent("live", { detail: happened }));
  refetch(happened.topics);
}

/** Whoever holds the lock reads the stream and tells the other tabs. Without locks every tab reads its own. */
function lead(): void {
  if (!channel || !navigator.locks) { listen(); return; }
  void navigator.locks.request("makegood-live", () => new Promise<void>((release) => { const source = listen(); addEventListener("pagehide", () => { source.close(); release(); }, { once: true }); }));
}

function listen(): EventSource {
  const source = new EventSource("/live/");
  source.onmessage = (event: MessageEvent<string>) => {
    const happened = JSON.parse(event.data) as Happened;
    channel?.postMessage(happened);
    hear(happened);
  };
  source.addEventListener("reset", () => refetch());
  return source;
}
