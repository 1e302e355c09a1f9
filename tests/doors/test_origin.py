"""No page with a form hides where it comes from: its browser would post with "Origin: null", which is refused.

The rule of browsers is that ``no-referrer`` takes the origin away as well, so ``same-origin`` is the strictest a form
can stand: no other site is told an address, ours is.
"""

import re
from datetime import UTC, datetime
from pathlib import Path

import pytest
from django.test import Client

import makegood
from makegood.life.reports import staff
from tests.doors import test_crawl as crawl

world = crawl.world


# Answers that hide it and hold no form: a way on out of a secret address, and a cleaned mail in its frame.
FORMLESS = {"portal/rating.py", "portal/status.py", "console/mail/arrived.py"}
# Where nobody who is not signed in finds a form.
NO_FORMS = re.compile(r"/(api|static|status/api)/|/console/(?!login|welcome)")


@pytest.mark.parametrize("name", ["nobody", "ana"])
def test_no_page_of_the_url_map_with_a_form_hides_its_origin(world, name):
    cast, report, values = world
    values["token"].append(staff.make_one_time_link("password", at=datetime.now(UTC), agent=cast.fay))
    client, hidden, forms = crawl.enter(name, cast, report), [], 0
    for address in crawl.addresses(values):
        if NO_FORMS.match(address):
            continue
        answer = client.get(address)
        if b'method="post"' in getattr(answer, "content", b""):
            forms += 1
            hidden += [address] if hides_origin(answer) else []
    assert not hidden
    assert forms >= 10


def hides_origin(answer):
    named = re.search(rb'<meta name="referrer" content="([a-z-]+)"', answer.content)
    return "no-referrer" in (answer.headers.get("Referrer-Policy"), named and named[1].decode())


def test_no_page_says_it_for_itself():
    """Also the console's, which all have a form in their head, and what answers a POST: the walk reaches neither."""
    doors = Path(makegood.__file__).parent / "doors"
    assert [str(path) for path in doors.rglob("*.html") if '<meta name="referrer"' in path.read_text()] == []
    hiding = {str(path.relative_to(doors)) for path in doors.rglob("*.py") if "no-referrer" in path.read_text()}
    assert hiding == FORMLESS


def test_a_form_posted_by_nobody_is_refused_and_ours_is_taken(cast):
    """What the rule is for."""
    token = staff.make_one_time_link("password", at=datetime.now(UTC), agent=cast.dora)
    for origin, status in (("null", 403), ("https://testserver", 422)):
        browser = Client(enforce_csrf_checks=True)
        page = browser.get(f"/console/welcome/{token}/", secure=True).content.decode()
        form = {"csrfmiddlewaretoken": re.search(r'csrfmiddlewaretoken" value="(\w+)"', page)[1]}
        answer = browser.post(f"/console/welcome/{token}/", form, secure=True, headers={"origin": origin})
        assert answer.status_code == status
