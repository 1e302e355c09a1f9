// What only the browser knows about its reader: the time zone (for the times we name) and the size of the screen.
import { all } from "../shared/words.ts";

export function knowReader(): void {
  const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
  if (zone && !document.cookie.includes(`mg_zone=${zone}`)) document.cookie = `mg_zone=${zone};path=/;max-age=31536000;samesite=lax${location.protocol === "https:" ? ";secure" : ""}`;
  for (const field of all<HTMLInputElement>("input[data-screen]")) field.value ||= `${screen.width} × ${screen.height}`;
  for (const part of all("[data-without-script]")) part.hidden = true;
  if (document.querySelector("[data-clear-drafts]")) for (const key of Object.keys(sessionStorage)) if (key.startsWith("makegood:/report/")) sessionStorage.removeItem(key);
}
