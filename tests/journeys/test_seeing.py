"""For who sees little: four times as large nothing runs out of the page; in the system's colours one's place shows."""

import pytest
from django.utils import timezone

from makegood.life.escalation import account
from makegood.life.reports import kept_forms
from tests.journeys.desk import report_of

pytestmark = pytest.mark.journey

# A control whose edge is neither a line nor words that are underlined is not seen as one.
SHAPELESS = """() => [...document.querySelectorAll("main .btn, main .input, main .textarea, main .select")]
  .filter((one) => one.checkVisibility() && !one.closest(".composer__box")
    && getComputedStyle(one).borderTopStyle === "none"
    && !getComputedStyle(one).textDecorationLine.includes("underline"))
  .map((one) => one.outerHTML.slice(0, 120))"""

# Around the field, or around the box or row it stands in.
RING = """[0, 1].map((up) => up ? document.activeElement.parentElement : document.activeElement)
  .concat(document.activeElement.closest(".row, .composer__box"))
  .filter(Boolean)
  .some((one) => getComputedStyle(one).outlineStyle !== "none")"""


def test_large_and_in_the_systems_colours(signed_in, desk, check_axe):
    now = timezone.now()
    report = report_of(desk.ana, 1, now, team=desk.desk, category="error-message")
    note = account.write_note(desk.ana, "Prefers to be called after five.", by=desk.dora.actor, at=now)
    kept_forms.keep(desk.dora, "phone", None, {"name": ["Gus"], "what": ["The page stays white."]}, at=now)
    kept_forms.keep(desk.dora, "solve", report, {"cause": ["A full disk."], "seen": ["0"]}, at=now)
    page = signed_in("dora")
    here = f"/console/reports/{report.pk}/"
    places = ("/console/queue/", here, f"{here}solve/", "/console/phone/", f"/console/account-notes/{note.pk}/remove/")
    for address in places:
        # 1280 by 1024 at 400 %.
        page.set_viewport_size({"width": 320, "height": 256})
        page.emulate_media(forced_colors="none")
        page.goto(address)
        assert page.evaluate("document.documentElement.scrollWidth") <= 320, address
        check_axe(page)
        page.set_viewport_size({"width": 1280, "height": 900})
        page.emulate_media(forced_colors="active")
        page.goto(address)
        assert page.evaluate(SHAPELESS) == [], address
        for _step in range(6):
            page.keyboard.press("Tab")
            assert page.evaluate(RING), (address, page.evaluate("document.activeElement.outerHTML.slice(0, 120)"))
