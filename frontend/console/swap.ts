// htmx, told how this house works: CSRF header, a refusal becomes a toast and what was typed stays, dialogs close when done.
import { all, csrf, say } from "../shared/words.ts";
import { closeDialogs } from "../shared/dialogs.ts";
import { tick } from "../shared/times.ts";
import { refuse } from "./toasts.ts";
import { setOffline } from "./offline.ts";

const heights = new Map<string, string>();
interface Context { sourceElement: HTMLElement; request: { headers: Record<string, string>; method: string }; response: { raw: Response; status: number } }

export function startSwapping(): void {
  on("htmx:config:request", (context) => { context.request.headers["X-CSRFToken"] = csrf(); });
  on("htmx:before:response", (context, event) => {
    const { status, raw } = context.response;
    setOffline(false);
    if (status < 400 || status === 422) return;
    event.preventDefault();
    void tellRefusal(status, raw);
  });
  // htmx carries a style attribute over to the new element, which the CSP refuses: it travels as a property instead.
  on("htmx:before:swap", () => { for (const area of all("textarea[style]")) { heights.set(area.id, area.style.height); area.removeAttribute("style"); } });
  on("htmx:after:swap", (context) => {
    for (const [id, height] of heights) { const area = document.getElementById(id); if (area) area.style.height = height; }
    heights.clear();
    tick();
    const within = context.sourceElement?.closest?.("dialog[open]");
    if (done(context) && context.sourceElement?.matches?.("form.composer")) setTimeout(showNewest, 80);
    if (within && done(context)) closeDialogs();
  });
  on("htmx:error", () => { if (!navigator.onLine) setOffline(true); else refuse(say("no_answer", "No answer from the server. What you typed is still here; try again.")); });
  document.addEventListener("close-dialog", closeDialogs);
}

const done = (context: Context): boolean => context.request?.method !== "GET" && Boolean(context.response) && context.response.status < 400;

/** What was just said comes into sight. */
function showNewest(): void { document.getElementById("newest")?.scrollIntoView({ block: "end" }); }

async function tellRefusal(status: number, answer: Response): Promise<void> {
  if (status === 401) {
    refuse(say("signed_out", "You have been signed out. What you typed is still here: sign in beside it, then try again."), `/console/login/?next=${encodeURIComponent(location.pathname + location.search)}`, say("sign_in", "Sign in"));
    return;
  }
  const plain = answer.headers.get("Content-Type")?.startsWith("text/plain") ? (await answer.text()).trim() : "";
  refuse(plain || (status >= 500 ? say("broke", "Something broke on our side. Nothing was changed; what you typed is still here.") : say("failed", "That did not work. Nothing was changed.")));
}

function on(name: string, run: (context: Context, event: Event) => void): void {
  document.addEventListener(name, (event) => run((event as CustomEvent<{ ctx: Context }>).detail?.ctx, event));
}
