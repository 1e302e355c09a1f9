// Pictures and files by paste, drop or button: <div data-upload="address" data-limit-mb="20"> with a file input and <ul class="files">.
// With an address each file goes up at once and the server answers its row (HTML <li class="file">); without one they stay in the form.
import { announce, one, post, say } from "../shared/words.ts";

export function startUploads(): void {
  for (const place of document.querySelectorAll<HTMLElement>("[data-upload]")) ready(place);
}

function ready(place: HTMLElement): void {
  const input = one<HTMLInputElement>("input[type=file]", place);
  if (!input) return;
  // What is chosen goes up at once and stands in the list: the browser's own "no file chosen" would deny it.
  place.classList.toggle("drop--live", Boolean(place.dataset.upload));
  input.addEventListener("change", () => { if (place.dataset.upload) { take(place, [...(input.files ?? [])]); input.value = ""; } else preview(place, input); });
  for (const name of ["dragenter", "dragover"]) place.addEventListener(name, (event) => { event.preventDefault(); place.classList.add("is-over"); });
  for (const name of ["dragleave", "drop"]) place.addEventListener(name, () => place.classList.remove("is-over"));
  place.addEventListener("drop", (event) => { event.preventDefault(); give(place, input, [...((event as DragEvent).dataTransfer?.files ?? [])]); });
  document.addEventListener("paste", (event) => {
    const files = [...(event.clipboardData?.files ?? [])];
    if (files.length) { event.preventDefault(); give(place, input, files.map(named)); }
  });
  place.addEventListener("click", (event) => {
    const button = (event.target as HTMLElement).closest<HTMLElement>("[data-remove]");
    if (button) { event.preventDefault(); void remove(place, button); }
  });
}

/** A pasted picture has no name worth keeping: give it one by the time. */
function named(file: File): File {
  const kind = file.type.split("/")[1]?.replace("jpeg", "jpg") ?? "bin";
  return /^image\.\w+$/.test(file.name) ? new File([file], `screenshot-${new Date().toTimeString().slice(0, 8).replaceAll(":", "")}.${kind}`, { type: file.type }) : file;
}

function give(place: HTMLElement, input: HTMLInputElement, files: File[]): void {
  if (place.dataset.upload) { take(place, files); return; }
  const carrier = new DataTransfer();
  for (const file of [...(input.files ?? []), ...files]) carrier.items.add(file);
  input.files = carrier.files;
  preview(place, input);
}

function take(place: HTMLElement, files: File[]): void {
  const limit = Number(place.dataset.limitMb ?? 20);
  for (const file of files) {
    if (file.size > limit * 1_000_000) tell(place, say("too_big", "%(name)s is too big.", { name: file.name, limit }), true);
    else void send(place, file);
  }
}

async function send(place: HTMLElement, file: File): Promise<void> {
  const list = one("ul", place)!;
  const row = draw(file);
  list.append(row);
  tell(place, say("uploading", "Sending %(name)s", { name: file.name }));
  const body = new FormData();
  body.set(place.dataset.name ?? "file", file);
  try {
    const answer = await post(place.dataset.upload!, body);
    const text = (await answer.text()).trim();
    if (!answer.ok) throw new Error(answer.status < 500 && !text.startsWith("<") ? text : "");
    if (text.startsWith("<li")) { const holder = document.createElement("template"); holder.innerHTML = text; row.replaceWith(holder.content); } else row.classList.remove("is-busy");
    tell(place, say("uploaded", "%(name)s added", { name: file.name }));
  } catch (problem) {
    row.remove();
    tell(place, (problem as Error).message || say("upload_broken", "%(name)s could not be sent.", { name: file.name }), true);
  }
}

async function remove(place: HTMLElement, button: HTMLElement): Promise<void> {
  const row = button.closest("li")!, name = row.dataset.name ?? "", next = (row.nextElementSibling ?? row.previousElementSibling)?.querySelector<HTMLElement>("[data-remove]");
  if (button.dataset.remove) {
    const answer = await post(button.dataset.remove, new FormData()).catch(() => null);
    if (!answer?.ok) { tell(place, say("failed", "That did not work. Nothing was changed."), true); return; }
  } else {
    const input = one<HTMLInputElement>("input[type=file]", place)!, carrier = new DataTransfer();
    [...(input.files ?? [])].forEach((file, index) => { if (index !== [...row.parentElement!.children].indexOf(row)) carrier.items.add(file); });
    input.files = carrier.files;
  }
  row.remove();
  (next ?? one<HTMLElement>("input[type=file]", place))?.focus();
  tell(place, say("removed", "%(name)s removed", { name }));
}

function preview(place: HTMLElement, input: HTMLInputElement): void {
  one("ul", place)?.replaceChildren(...[...(input.files ?? [])].map((file) => { const row = draw(file); row.classList.remove("is-busy"); return row; }));
}

function draw(file: File): HTMLElement {
  const row = document.createElement("li");
  row.className = "file is-busy";
  row.dataset.name = file.name;
  const picture = document.createElement(file.type.startsWith("image/") ? "img" : "span");
  picture.className = "file__picture";
  if (picture instanceof HTMLImageElement) { picture.alt = ""; picture.src = URL.createObjectURL(file); picture.onload = () => URL.revokeObjectURL(picture.src); }
  const words = document.createElement("span");
  words.className = "grow";
  const size = file.size < 1_000_000 ? `${Math.max(1, Math.round(file.size / 1000))} KB` : `${(file.size / 1e6).toFixed(1)} MB`;
  words.append(file.name, " ", Object.assign(document.createElement("span"), { className: "faint nowrap", textContent: size }));
  const button = Object.assign(document.createElement("button"), { type: "button", className: "btn btn--quiet btn--small" });
  button.dataset.remove = "";
  button.append(say("remove", "Remove"), Object.assign(document.createElement("span"), { className: "hush", textContent: ` ${file.name}` }));
  row.append(picture, words, button);
  return row;
}

function tell(place: HTMLElement, text: string, bad = false): void {
  const line = one("[data-upload-state]", place);
  if (line) { line.textContent = text; line.classList.toggle("error", bad); } else announce(text);
}
