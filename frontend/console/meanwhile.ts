// A dialog that speaks for us has been opened by somebody who saw the conversation up to here; what comes later stops it.
import { one } from "../shared/words.ts";

export function startMeanwhile(): void {
  document.addEventListener("dialog:open", (event) => {
    const seen = one<HTMLInputElement>("input[name=seen]", event.target as HTMLElement), newest = one("[data-seen]")?.dataset.seen;
    if (seen && newest) seen.value = newest;
  });
}
