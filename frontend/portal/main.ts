// The portal's browser code: small comforts only. Every page is complete without it.
import { startBlanking } from "../shared/blanking.ts";
import { startTicking } from "../shared/times.ts";
import { one, say } from "../shared/words.ts";
import { startAutosave } from "./drafts.ts";
import { knowReader } from "./reader.ts";
import { startKnown } from "./known.ts";
import { startUploads } from "./uploads.ts";

one<HTMLElement>("[data-error-summary]")?.focus();
knowReader();
startTicking();
startAutosave();
startUploads();
startKnown();
startBlanking();

document.addEventListener("click", (event) => {
  const target = event.target as HTMLElement;
  const copy = target.closest<HTMLElement>("[data-copy]");
  if (copy) void navigator.clipboard?.writeText(copy.dataset.copy ?? "").then(() => { const place = one("[data-copied]", copy) ?? copy; place.textContent = say("copied", "Copied"); });
  if (target.closest("[data-print]")) print();
});
for (const element of document.querySelectorAll<HTMLElement>("[data-needs-script]")) element.hidden = false;
// Two quick clicks send once: the second submit is dropped here, and is harmless on the server anyway.
document.addEventListener("submit", (event) => {
  const form = event.target as HTMLFormElement;
  if (form.method !== "post") return;
  if (form.dataset.sent) event.preventDefault();
  form.dataset.sent = "1";
  setTimeout(() => delete form.dataset.sent, 8000);
});
addEventListener("pageshow", () => { for (const form of document.querySelectorAll("form")) delete form.dataset.sent; });
