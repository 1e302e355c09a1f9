// While the reporter writes: is it something we know of already? Asked when they pause; without this, the next page says so.
import { debounce, one, post } from "../shared/words.ts";

const LEAST = 12;

export function startKnown(): void {
  const place = one<HTMLElement>("[data-known]"), field = one<HTMLTextAreaElement>("textarea[name=what]");
  if (!place || !field) return;
  let asked = "", latest = 0;
  const ask = debounce(async () => {
    const words = field.value.trim();
    if (words === asked) return;
    asked = words;
    const mine = ++latest;
    if (words.length < LEAST) { place.replaceChildren(); return; }
    const answer = await post(place.dataset.known ?? "", new URLSearchParams({ what: words.slice(0, 4000) })).catch(() => null);
    if (!answer?.ok || mine !== latest) return;
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    if (page.body.textContent?.trim() === place.textContent?.trim()) return;
    place.replaceChildren(...page.body.childNodes);
  }, 350);
  field.addEventListener("input", ask);
}
