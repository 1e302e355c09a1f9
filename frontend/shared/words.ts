// Words the server gives the browser (in the reader's language), and small things every module needs.

export function given<T>(id: string, fallback: T): T {
  const element = document.getElementById(id);
  try { return element?.textContent ? (JSON.parse(element.textContent) as T) : fallback; } catch { return fallback; }
}

const words = given<Record<string, string>>("browser-words", {});

export function say(key: string, fallback: string, values: Record<string, string | number> = {}): string {
  let text = words[key] ?? fallback;
  for (const [name, value] of Object.entries(values)) text = text.replaceAll(`%(${name})s`, String(value));
  return text;
}

export const all = <E extends Element = HTMLElement>(selector: string, root: ParentNode = document): E[] => [...root.querySelectorAll<E>(selector)];
export const one = <E extends Element = HTMLElement>(selector: string, root: ParentNode = document): E | null => root.querySelector<E>(selector);

export function csrf(): string {
  return document.cookie.match(/(?:^|; )mg_csrf=([^;]+)/)?.[1] ?? one<HTMLInputElement>("input[name=csrfmiddlewaretoken]")?.value ?? "";
}

export function post(url: string, body: FormData | URLSearchParams, extra: RequestInit = {}): Promise<Response> {
  return fetch(url, { method: "POST", body, headers: { "X-CSRFToken": csrf(), "HX-Request": "true" }, credentials: "same-origin", ...extra });
}

/** Tell screen readers, politely and once. */
export function announce(text: string): void {
  const live = document.getElementById("said");
  if (!live) return;
  live.textContent = "";
  setTimeout(() => (live.textContent = text), 60);
}

export function isVisible(element: HTMLElement): boolean {
  return element.checkVisibility?.({ visibilityProperty: true }) ?? element.offsetParent !== null;
}

export function debounce<A extends unknown[]>(run: (...args: A) => void, wait: number): (...args: A) => void {
  let timer = 0;
  return (...args) => { clearTimeout(timer); timer = window.setTimeout(() => run(...args), wait); };
}

export function typing(target: EventTarget | null): boolean {
  const element = target instanceof HTMLElement ? target : null;
  if (!element) return false;
  if (element.isContentEditable || element.matches("textarea, select")) return true;
  return element.matches("input") && !["checkbox", "radio", "button", "submit", "file", "range"].includes((element as HTMLInputElement).type);
}
