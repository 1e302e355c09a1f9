// <dialog> opened by [data-dialog="id"]; menus (<details data-menu>) that close by Esc, choice or a click elsewhere.
import { all, one } from "./words.ts";

export function openDialog(id: string, from?: HTMLElement | null): void {
  const dialog = document.getElementById(id);
  if (!(dialog instanceof HTMLDialogElement) || dialog.open) return;
  const back = from ?? (document.activeElement as HTMLElement | null);
  dialog.showModal();
  dialog.dispatchEvent(new CustomEvent("dialog:open", { bubbles: true }));
  one("[autofocus], .dialog__body input:not([type=hidden]), .dialog__body select, .dialog__body textarea", dialog)?.focus();
  dialog.addEventListener("close", () => { if (back?.isConnected) back.focus(); else one("[data-list] .row__title a, #main")?.focus(); }, { once: true });
}

export function closeDialogs(): void {
  for (const dialog of all<HTMLDialogElement>("dialog[open]")) dialog.close();
}

export function startDialogs(): void {
  document.addEventListener("click", (event) => {
    const target = event.target as HTMLElement;
    const opener = target.closest<HTMLElement>("[data-dialog]");
    if (opener) { event.preventDefault(); closeMenus(); openDialog(opener.dataset.dialog ?? "", opener); return; }
    if (target instanceof HTMLDialogElement && target.open && outside(target, event)) target.close();
    const within = target.closest("details[data-menu]");
    closeMenus(target.closest(".menu__item") ? null : within);
  });
  document.addEventListener("toggle", (event) => { const menu = event.target as HTMLElement; if (!menu.matches?.("details[data-menu][open]")) return; fit(menu); one<HTMLElement>("input:not([type=hidden])", menu)?.focus(); }, true);
  document.addEventListener("keydown", (event) => {
    const menu = (event.target as HTMLElement).closest?.<HTMLDetailsElement>("details[data-menu][open]");
    if (!menu) return;
    if (event.key === "Escape") { event.preventDefault(); menu.open = false; one("summary", menu)?.focus(); }
    if (event.key === "ArrowDown" || event.key === "ArrowUp") { event.preventDefault(); step(menu, event.key === "ArrowDown" ? 1 : -1); }
  });
}

function closeMenus(except: Element | null = null): void {
  for (const menu of all<HTMLDetailsElement>("details[data-menu][open]")) if (menu !== except) menu.open = false;
}

/** A menu opens towards the side that has room. */
function fit(menu: HTMLElement): void {
  const list = one(".menu__list", menu);
  if (!list) return;
  const { left, right } = list.getBoundingClientRect();
  if (left < 0) list.classList.add("menu__list--start");
  else if (right > innerWidth) list.classList.remove("menu__list--start");
}

function step(menu: HTMLElement, by: number): void {
  const items = all("a.menu__item, button.menu__item:not(:disabled)", menu);
  const at = items.indexOf(document.activeElement as HTMLElement);
  items[(at + by + items.length) % items.length]?.focus();
}

function outside(dialog: HTMLDialogElement, event: MouseEvent): boolean {
  const box = dialog.getBoundingClientRect();
  return event.detail > 0 && (event.clientX < box.left || event.clientX > box.right || event.clientY < box.top || event.clientY > box.bottom);
}
