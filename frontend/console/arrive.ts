// Where a report opens: at the first message one has not read, else at the newest. Runs while the page is being read, before
// it is drawn, so that nothing jumps. An address with an anchor wins, and so does the place the browser remembers.
{
  const [opened] = performance.getEntriesByType("navigation") as PerformanceNavigationTiming[];
  const isAsked = location.hash !== "" || new URLSearchParams(location.search).has("all");
  const place = document.querySelector<HTMLElement>("[data-arrive]");
  if (!isAsked && (opened?.type ?? "navigate") === "navigate") place?.scrollIntoView({ block: place.dataset.arrive as ScrollLogicalPosition, behavior: "instant" });

  // While the head is out of sight, a line at the top says whose report this is and what is owed.
  const report = document.getElementById("report"), head = document.querySelector("#report-head h1");
  if (report && head) new IntersectionObserver(([seen]) => report.classList.toggle("is-deep", !seen!.isIntersecting), { rootMargin: "-60px 0px 0px 0px" }).observe(head);
}
