"""axe-core on the page at hand: WCAG 2.0 to 2.2 A and AA, best practice, target size."""

from axe_playwright_python.sync_playwright import Axe

TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
# Some frames and the end of whatever moves (colours fade one after the other), so that the page stands as it will.
# What moves without end (a skeleton) is not waited for.
SETTLED = """async () => {
  for (const _ of [1, 2, 3]) {
    await new Promise((painted) => requestAnimationFrame(painted))
    const ending = document.getAnimations().filter((one) => one.effect.getComputedTiming().endTime !== Infinity)
    await Promise.allSettled(ending.map((one) => one.finished))
  }
}"""
_COLOURS = """async () => {
  const rules = {type: 'rule', values: ['color-contrast', 'link-in-text-block']}
  return (await axe.run({runOnly: rules})).violations
}"""
OPTIONS = {"runOnly": {"type": "tag", "values": TAGS}, "rules": {"target-size": {"enabled": True}}}


def problems(page, context=None) -> list[str]:
    """What is wrong, a line each: rule, how bad, where, why. Empty when all is well."""
    page.evaluate(SETTLED)
    found = Axe().run(page, context=context, options=OPTIONS).response["violations"]
    return _lines(found)


def colours(page) -> list[str]:
    """Only what depends on colours, quicker: for the other mode of a page that ``problems`` has looked at."""
    page.evaluate(SETTLED)
    return _lines(page.evaluate(_COLOURS))


def _lines(found) -> list[str]:
    return [
        f"{rule['id']} ({rule['impact']}) {' '.join(map(str, node['target']))}: {_why(node)}"
        for rule in found
        for node in rule["nodes"]
    ]


def _why(node) -> str:
    return " ".join(node.get("failureSummary", "").split())
