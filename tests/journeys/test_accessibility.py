"""Every screen in every state, both colours: nothing axe-core objects to, nothing wider than 320 px, keys for all.

The console's screens are read from the URL map, so that a new one cannot be forgotten: a route without an address here
fails ``test_no_screen_is_forgotten``.
"""

import pytest
from django.urls import get_resolver, reverse
from django.utils import timezone
from playwright.sync_api import expect

from makegood.life.diagnosis.models import FieldSuggestion
from makegood.life.intake import logins
from makegood.life.people.actors import SYSTEM
from makegood.life.reports import access, staff
from makegood.life.reports.models import Category
from tests.journeys import doors
from tests.journeys.axe import STILL, colours, problems
from tests.journeys.console_pages import STATES, console_pages
from tests.journeys.desk import play
from tests.journeys.screens import ELSEWHERE, NO_PAGE, ONE_TIME

pytestmark = pytest.mark.journey


def routes(patterns=None, space="") -> list[tuple[str, object]]:
    """Every named route of the product with its view."""
    found = []
    for one in patterns if patterns is not None else get_resolver().url_patterns:
        if hasattr(one, "url_patterns"):
            found += routes(one.url_patterns, one.namespace or space)
        elif one.name:
            found.append((f"{space}:{one.name}" if space else one.name, one.callback))
    return found


@pytest.fixture
def made(desk):
    made = play(desk, timezone.now())
    _suggest(made["working"])
    return made


def _suggest(report) -> None:
    """What the category and the severity might be: two suggestions beside their fields."""
    other = Category.objects.exclude(pk=report.category_id).first()
    severity = "low" if report.severity != "low" else "high"
    given = {"confidence": 0.84, "words": ["claims", "error"], "alike": 14, "alike_of": 16, "stamp": "s"}
    for field, value in (("category", str(other.pk)), ("severity", severity)):
        FieldSuggestion.objects.create(report=report, field=field, value=value, at=timezone.now(), **given)


def test_no_screen_is_forgotten(made, desk, client):
    """Whatever in the console answers GET with a page stands in the list above, or says why not."""
    known = set(console_pages(desk, made)) | set(NO_PAGE) | set(ONE_TIME) | set(ELSEWHERE)
    forgotten = []
    for name, _view in routes():
        if name.startswith("console:") and name not in known:
            client.force_login(desk.ada)
            answer = client.get(_any_address(name, desk, made))
            if answer.status_code != 405:
                forgotten.append(f"{name}: GET answers {answer.status_code}")
    assert forgotten == [], "\n".join(forgotten)


def _any_address(name, desk, made) -> str:
    from django.urls import NoReverseMatch

    numbers = {"number": made["working"].pk, "key": desk.ana.key, "name": "state", "entry": 1, "entries": "1"}
    numbers |= {
        "pk": 1,
        "promise": 1,
        "request_id": 1,
        "verb": "accept",
        "slug": "desk",
        "what": "labels",
        "way": "next",
        "deed": "begin",
    }
    numbers |= {"language": "en", "token": "x", "form": "pdf", "size": "small", "kind": "hear_back", "severity": "high"}
    pattern = next(one for one in get_resolver("makegood.doors.console.urls").reverse_dict.getlist(name.split(":")[1]))
    wanted = pattern[0][0][1]
    try:
        return reverse(name, kwargs={one: numbers[one] for one in wanted})
    except NoReverseMatch as missing:
        pytest.fail(f"Tell _any_address what stands in the address of {name}: {missing}")


# Tables that stand as lists on a telephone have nothing to scroll to.
HIDDEN_COLUMNS = """() => [...document.querySelectorAll(".table-wrap:has(.table--stack)")]
  .filter((one) => one.scrollWidth > one.clientWidth).map((one) => one.ariaLabel)"""


def look_at(page, url, *, in_dark: bool = True) -> list[str]:
    """What is wrong with one page: axe in light, colours in dark, the width at 320 px."""
    page.emulate_media(color_scheme="light", reduced_motion="reduce")
    answer = page.goto(url)
    if answer is not None and answer.status >= 500:
        return [f"{url}: {answer.status}"]
    page.locator("main").first.wait_for()
    return [f"{url}: {one}" for one in look_around(page, in_dark=in_dark)]


def look_around(page, *, in_dark: bool = True) -> list[str]:
    """The same for the page as it stands, with its open dialogs and typed words."""
    size = page.viewport_size
    page.evaluate(STILL)
    found = problems(page)
    if in_dark:
        page.emulate_media(color_scheme="dark", reduced_motion="reduce")
        found += [f"dark: {one}" for one in colours(page)]
        page.emulate_media(color_scheme="light", reduced_motion="reduce")
    page.set_viewport_size({"width": 320, "height": 640})
    wide = page.evaluate("document.documentElement.scrollWidth - innerWidth")
    hidden = page.evaluate(HIDDEN_COLUMNS)
    page.set_viewport_size(size)
    found += [f"{wide} px too wide at 320 px"] if wide > 0 else []
    return found + [f"at 320 px columns are out of sight: {one}" for one in hidden]


def part_of(name: str) -> str:
    if name.removeprefix("console:").startswith(doors.ROUTES):
        return "doors"
    if name.startswith("console:setup"):
        return "setup"
    return "case" if name.startswith("console:report") else "desk"


@pytest.mark.parametrize("part", ["case", "desk", "setup", "doors"])
def test_every_console_page(signed_in, made, desk, part):
    """In dark the first state of each: its other states are made of the same parts."""
    page, found = signed_in("ada"), []
    for name, urls in console_pages(desk, made).items():
        if part_of(name) == part:
            for place, url in enumerate(urls):
                found += look_at(page, url, in_dark=place == 0)
    assert found == [], "\n".join(found)


def opened(page, found: list[str], name: str) -> None:
    """Look at the page with something open on it, and say what it was."""
    found += [f"{name}: {one}" for one in look_around(page)]


def test_what_opens_on_the_queue(signed_in, made, check_axe):
    page, found = signed_in("emil"), []
    page.emulate_media(reduced_motion="reduce")
    page.goto("/console/queue/?q=state:open")
    page.keyboard.press("j")
    page.keyboard.press("x")
    expect(page.locator("[data-bulk]")).to_be_visible()
    opened(page, found, "bulk bar")
    for button in page.locator("[data-bulk] [data-dialog]").all():
        name = button.get_attribute("data-dialog")
        button.focus()
        page.keyboard.press("Enter")
        expect(page.locator(f"#{name}")).to_be_visible()
        opened(page, found, name)
        page.keyboard.press("Escape")
        expect(page.locator(f"#{name}")).to_be_hidden()
        expect(button).to_be_focused()
    page.goto("/console/queue/")
    for key, name in (("Control+k", "palette"), ("?", "keys-dialog")):
        page.keyboard.press(key)
        expect(page.locator(f"#{name}")).to_be_visible()
        opened(page, found, name)
        page.keyboard.press("Escape")
        expect(page.locator(f"#{name}")).to_be_hidden()
    for summary in page.locator("main summary:visible, header summary:visible").all():
        summary.click()
        opened(page, found, summary.text_content().strip()[:30])
        page.keyboard.press("Escape")
    assert found == [], "\n".join(found)


@pytest.mark.parametrize(
    ("name", "who"), [("working", "emil"), ("accepted", "eve"), ("solved", "dora"), ("closed", "dora")]
)
def test_what_opens_on_a_report(signed_in, made, name, who):
    page, found = signed_in(who), []
    page.emulate_media(reduced_motion="reduce")
    page.goto(f"/console/reports/{made[name].pk}/")
    for button in page.locator("button[data-dialog]:visible").all():
        dialog = button.get_attribute("data-dialog")
        button.focus()
        page.keyboard.press("Enter")
        expect(page.locator(f"#{dialog}")).to_be_visible()
        assert page.evaluate("!!document.activeElement.closest('dialog')"), dialog
        opened(page, found, dialog)
        page.keyboard.press("Escape")
        expect(page.locator(f"#{dialog}")).to_be_hidden()
        expect(button).to_be_focused()
    for one in page.locator("details:visible > summary").all():
        one.evaluate("one => { one.parentElement.open = true }")
    opened(page, found, "all unfolded")
    assert found == [], "\n".join(found)


def test_refusals_and_wrong_turns(signed_in, made, desk, new_page):
    found, dora = [], signed_in("dora")
    number = made["working"].pk
    for url in ("/console/setup/people/", "/console/reports/99999999/", "/console/nothing/", "/nothing/"):
        found += look_at(dora, url)
    for part, button in (
        ("solve", "Solved: tell them"),
        ("escalate", "Escalate and tell"),
        ("ask", "Send the questions"),
    ):
        dora.goto(f"/console/reports/{number}/{part}/")
        for field in dora.locator("main textarea").all():
            field.fill("")
        for box in dora.locator("main input[type=checkbox]").all():
            box.uncheck()
        dora.get_by_role("button", name=button).click()
        dora.wait_for_load_state()
        if dora.locator("[data-error-summary]").count():
            expect(dora.locator("[data-error-summary]")).to_be_focused()
            opened(dora, found, f"{part} refused")
    stranger = new_page()
    found += look_at(stranger, "/console/login/")
    stranger.get_by_role("button", name="Sign in").click()
    opened(stranger, found, "login refused")
    token = staff.make_one_time_link("password", at=timezone.now(), agent=desk.dora)
    found += look_at(stranger, f"/console/welcome/{token}/")
    found += look_at(stranger, "/console/welcome/used-up/")
    assert found == [], "\n".join(found)


def test_every_page_of_the_form(new_page, desk):
    page, found = new_page(width=390, height=844), []
    found += look_at(page, "/")
    page.goto("/report/what/")
    opened(page, found, "what")
    page.get_by_role("button", name="Continue").click()
    expect(page.locator("[data-error-summary]")).to_be_focused()
    opened(page, found, "what, refused")
    page.get_by_label("What happened?").fill("The claims page shows error 500.")
    page.get_by_role("button", name="Continue").click()
    opened(page, found, "kind")
    page.get_by_role("button", name="Continue").click()
    opened(page, found, "kind, refused")
    page.locator(".choices label:visible").first.click()
    page.get_by_role("button", name="Continue").click()
    page.wait_for_url("**/report/where/")
    for slug in ("where", "doing", "how-bad", "more", "pictures", "reach"):
        found += look_at(page, f"/report/{slug}/")
    page.get_by_role("button", name="Continue").click()
    expect(page.locator("[data-error-summary]")).to_be_focused()
    opened(page, found, "reach, refused")
    found += look_at(page, "/report/later/")
    found += look_at(page, "/report/check/")
    page.get_by_role("button", name="Send the report").click()
    opened(page, found, "check, refused")
    page.goto("/report/reach/")
    page.get_by_label("E-mail address", exact=True).fill("ana@example.org")
    page.get_by_role("button", name="Continue").click()
    page.goto("/report/check/")
    page.get_by_role("button", name="Send the report").click()
    expect(page.locator("#number")).to_be_visible()
    opened(page, found, "done")
    assert found == [], "\n".join(found)


def test_every_state_of_the_reporters_page(new_page, made, desk):
    page, found, now = new_page(width=390, height=844), [], timezone.now()
    for name in STATES:
        contact = desk.cem if name == "question" else desk.ana
        page.goto(f"/r/{access.make_link(made[name], contact, by=SYSTEM, at=now)}/")
        opened(page, found, name)
        found += look_at(page, f"/r/{made[name].number}/try/")
    page.goto(f"/r/{access.make_link(made['working'], desk.ana, by=SYSTEM, at=now)}/")
    page.get_by_role("button", name="Send", exact=True).click()
    opened(page, found, "nothing said")
    found += look_at(page, "/find/")
    page.get_by_role("button", name="Send me the link").click()
    opened(page, found, "no address")
    for url in ("/find/sent/", "/r/wrong-and-long-token-0123456789/", "/mine/wrong-and-long-token-0123456789/"):
        found += look_at(page, url)
    found += look_at(page, f"/mine/{logins.make(desk.ana, at=now)}/")
    page.get_by_role("button", name="Show my reports").click()
    expect(page.get_by_role("heading", name="My reports")).to_be_visible()
    opened(page, found, "my reports")
    assert found == [], "\n".join(found)


# Tab must show where it is and must come round: no trap, nothing unseen.
SEEN = """async () => {
  await new Promise((painted) => requestAnimationFrame(painted))
  await Promise.allSettled(document.getAnimations().map((one) => one.finished))
  const one = document.activeElement
  if (!one || one === document.body) return {name: "body", seen: true}
  const box = one.getBoundingClientRect()
  const has_ring = (style) => style.outlineStyle !== "none" && parseFloat(style.outlineWidth) > 0
  const around = [one, one.parentElement, one.closest(".row, .composer__box, .palette__input, .choice")].filter(Boolean)
  const styles = [getComputedStyle(one, "::after"), ...around.map((each) => getComputedStyle(each))]
  const marked = styles.some((style) => has_ring(style) || style.boxShadow !== "none")
  const inside = box.bottom > 0 && box.top < innerHeight && box.width > 0
  const top = document.elementFromPoint(box.left + Math.min(box.width, innerWidth) / 2, box.top + box.height / 2)
  const name = `${one.tagName}#${one.id}.${one.className} ${one.textContent.trim().slice(0, 30)}`
  return {name, seen: marked && inside && !(top && top.closest(".toasts, .bottombar") && !one.closest(".bottombar"))}
}"""


@pytest.mark.parametrize("where", ["queue", "report", "portal"])
def test_the_focus_is_seen_and_never_trapped(signed_in, new_page, made, desk, where):
    if where == "portal":
        page = new_page(width=390, height=844)
        page.goto(f"/r/{access.make_link(made['asked'], desk.ana, by=SYSTEM, at=timezone.now())}/")
    else:
        page = signed_in("dora")
        page.goto("/console/queue/" if where == "queue" else f"/console/reports/{made['working'].pk}/")
    page.emulate_media(reduced_motion="reduce")
    unseen, came_round = [], False
    for press in range(250):
        page.keyboard.press("Tab")
        at = page.evaluate(SEEN)
        if at["name"] == "body" or (press > 3 and page.evaluate("document.activeElement.matches('.skip')")):
            came_round = True
            break
        if not at["seen"]:
            unseen.append(at["name"])
    assert unseen == [], unseen
    assert came_round
