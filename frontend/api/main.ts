// The reference of the API: searching while typing, and copying examples. The page is complete without it.
const field = document.querySelector<HTMLInputElement>("[data-filter]");
const none = document.querySelector<HTMLElement>("[data-none]");

function filter(): void {
  const words = (field?.value ?? "").toLowerCase().split(/\s+/).filter(Boolean).map((word) => (word.length > 4 ? word.replace(/[es]$/, "") : word));
  let found = 0;
  for (const entry of document.querySelectorAll<HTMLElement>("[data-entry]")) {
    entry.hidden = !words.every((word) => entry.dataset.entry?.includes(word));
    if (!entry.hidden) found += 1;
  }
  for (const group of document.querySelectorAll<HTMLElement>("[data-group]")) group.hidden = !group.querySelector("[data-entry]:not([hidden])");
  const begin = document.getElementById("begin");
  if (begin) begin.hidden = words.length > 0;
  if (none) none.hidden = found > 0;
}

field?.addEventListener("input", filter);
if (field?.value) filter();
addEventListener("keydown", (event) => {
  if (event.key !== "/" || event.target instanceof HTMLInputElement || event.ctrlKey || event.metaKey) return;
  event.preventDefault();
  field?.focus();
});

for (const button of document.querySelectorAll<HTMLButtonElement>("[data-copy-next]")) {
  button.hidden = false;
  button.addEventListener("click", () => {
    const sample = button.closest(".sample")?.querySelector("pre")?.textContent ?? "";
    void navigator.clipboard?.writeText(sample).then(() => { button.textContent = "Copied"; });
  });
}
