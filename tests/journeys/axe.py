"""axe-core on the page at hand: WCAG 2.0 to 2.2 A and AA, best practice, target size."""

from axe_playwright_python.base import AXE_SCRIPT

TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
# Some frames and the end of whatever moves (colours fade one after the other), so that the page stands as it will.
# What moves without end (a skeleton) is not waited for, and nothing is waited for longer than two seconds: a page that
# is not painted has no frames.
SETTLED = """async () => {
  const late = new Promise((over) => setTimeout(over, 2000))
  const rest = async () => {
    for (const _ of [1, 2, 3]) {
      await new Promise((painted) => requestAnimationFrame(painted))
      const ending = document.getAnimations().filter((one) => one.effect.getComputedTiming().endTime !== Infinity)
      await Promise.allSettled(ending.map((one) => one.finished))
    }
  }
  await Promise.race([late, rest()])
}"""
# Nothing fades while it is looked at: a sheet made by script is no inline style to the content policy.
STILL = """() => {
  const sheet = new CSSStyleSheet()
  sheet.replaceSync("*, ::before, ::after, ::backdrop { transition: none !important; animation: none !important }")
  document.adoptedStyleSheets = [...document.adoptedStyleSheets, sheet]
}"""
# Only what is wrong is handed over: what is right is a hundred times as much.
_RUN = """async ([context, options]) => {
  const late = new Promise((_, refuse) => setTimeout(() => refuse(new Error("axe-core did not end")), 60000))
  return (await Promise.race([axe.run(context ?? document, options), late])).violations
}"""
_ONLY_WRONG = {"resultTypes": ["violations"], "preload": False}
ALL = _ONLY_WRONG | {"runOnly": {"type": "tag", "values": TAGS}, "rules": {"target-size": {"enabled": True}}}
COLOURS = _ONLY_WRONG | {"runOnly": {"type": "rule", "values": ["color-contrast", "link-in-text-block"]}}


def problems(page, context=None) -> list[str]:
    """What is wrong, a line each: rule, how bad, where, why. Empty when all is well."""
    return _found(page, context, ALL)


def colours(page) -> list[str]:
    """Only what depends on colours, quicker: for the other mode of a page that ``problems`` has looked at."""
    return _found(page, None, COLOURS)


def _found(page, context, options) -> list[str]:
    page.evaluate(SETTLED)
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE_SCRIPT)
    return [
        f"{rule['id']} ({rule['impact']}) {' '.join(map(str, node['target']))}: {_why(node)}"
        for rule in page.evaluate(_RUN, [context, options])
        for node in rule["nodes"]
    ]


def _why(node) -> str:
    return " ".join(node.get("failureSummary", "").split())
