"""The status page stays when the database goes: broken for real, under a running product."""

import os
import re
import shutil

import pytest

from makegood.doors.ui.status import copy
from makegood.life.statuspage import updates
from tests.doors.portal.test_status_page import clock, everything, page  # noqa: F401 - fixtures
from tests.life.case import work
from tests.life.statuspage.page import HOUR, INTERNAL, MINUTE
from tests.product import Product

SEED = """
from datetime import timedelta
from django.utils import timezone
from makegood.doors.ui.status import copy
from makegood.life.statuspage import components
from makegood.life.people.actors import SYSTEM
from makegood.life.reports.models import Component
at = timezone.now() - timedelta(hours=1)
one, _new = Component.objects.get_or_create(slug="sign-in", defaults={"name": "Internal name"})
components.set_up(one, by=SYSTEM, at=at, is_shown=True, names={"en": "Signing in", "de": "Anmeldung"})
copy.write(timezone.now())
print((copy.folder() / "as-of").read_text())
"""


@pytest.fixture
def place(tmp_path, settings):
    settings.DATA_DIR = tmp_path
    return tmp_path / "status-page"


@pytest.mark.django_db
def test_it_is_written_whole_and_only_when_something_changed(client, page, place, monday, cast):  # noqa: F811
    assert copy.write(monday)
    first = os.readlink(place / "current")
    assert not copy.write(monday + MINUTE)
    assert os.readlink(place / "current") == first
    assert (place / "as-of").read_text() == (monday + MINUTE).isoformat()
    updates.post(
        page["notice"],
        "investigating",
        {"en": "Still at it."},
        by=cast.emil,
        at=monday + MINUTE,
        next_news_at=monday + 2 * HOUR,
    )
    assert copy.write(monday + 2 * MINUTE)
    assert os.readlink(place / "current") != first
    assert "Still at it." in (place / "current/en/index.html").read_text()
    unchanged = f"current/en/incidents/{page['done'].key}/index.html"
    assert (place / unchanged).stat().st_nlink == 2  # shared with the version before
    assert not list(place.glob("*.new"))


@pytest.mark.django_db
def test_it_holds_every_address_of_the_page_and_nothing_of_ours(client, page, place, monday):  # noqa: F811
    copy.write(monday)
    for address, live in everything(client, page).items():
        path = address.removeprefix("/status/").removeprefix("/")
        path = path if path.startswith(("api/", "en/", "de/")) else f"en/{path}"
        found = copy.read(f"{path}index.html" if path.endswith("/") else path)
        assert found is not None, address
        assert INTERNAL not in found.content.decode()
        assert (found.content == live.content) == (not path.endswith("/") or "frame" in path), address


@pytest.mark.django_db
def test_it_says_until_when_it_is_known_to_be_true(page, place, monday):  # noqa: F811
    copy.write(monday)
    copy.write(monday + 7 * MINUTE)
    text = copy.read("de/index.html").content.decode()
    assert re.search(r"16\. Nov\.? 2026, 10:07", text)
    assert "<!-- as of -->" not in text
    assert copy.read("../../secret-key") is None
    assert copy.read("en/nothing.html") is None


@pytest.mark.django_db
def test_an_export_stands_on_its_own(page, place, monday, tmp_path, settings):  # noqa: F811
    target = tmp_path / "export"
    assert copy.export(target, monday) > 30
    pages = list(target.rglob("*.html"))
    for one in pages:
        for link in re.findall(r'(?:href|src)="([^"#]*)', one.read_text()):
            if link and not link.startswith(("http", "mailto:", "tel:", "data:")):
                found = (one.parent / link).resolve()
                found = found / "index.html" if link.endswith("/") else found
                assert found.is_file(), (one, link)
    assert f'"{settings.BASE_URL}/status/subscribe/' in (target / "index.html").read_text()
    assert (target / "index.html").read_text().startswith("<!doctype html>")
    assert (target / "api/v2/summary.json").is_file()


def test_the_database_goes_and_the_page_stays(tmp_path):
    """SQLite: its file is garbage from one moment to the next. PostgreSQL: nothing listens there any more."""
    with Product(tmp_path) as product:
        product.ask(SEED)
        product.start_web()
        assert "This is a copy" not in product.get("/status/")[1]
        assert product.get("/status/")[0] == 200
        _break(product, tmp_path)
        status, text = product.get("/status/")
        assert (status, "This is a copy." in text, "Signing in" in text) == (200, True, True)
        german = product.get("/status/", {"Accept-Language": "de"})[1]
        assert "Anmeldung" in german
        assert product.get("/status/en/history/")[0] == 200
        status, text = product.get("/status/api/v2/summary.json")
        assert (status, '"indicator": "none"' in text) == (200, True)
        assert product.get("/api/v2/status.json", {"Origin": "https://elsewhere.example"})[0] == 200
        assert product.get("/status/badge.svg")[0] == 200
        assert product.get("/status/incidents/nothing/")[0] == 404
        # Whoever is signed in reads it too: nothing of the page looks for a session.
        assert product.get("/status/", {"Cookie": "mg_session=abc; messages=x"})[0] == 200


def _break(product, folder):
    """The process starts anew on a database that is not one: as after a crash of the machine."""
    for process in product.processes:
        process.terminate()
        process.wait(20)
    if product.database:
        product.environment["DATABASE_URL"] = "postgres://nobody@127.0.0.1:9/nothing"
    else:
        for one in folder.glob("makegood.sqlite3*"):
            one.unlink()
        (folder / "makegood.sqlite3").write_bytes(b"no database at all" * 1000)
    product.start_web()


def test_a_database_that_breaks_under_a_running_process(tmp_path):
    if "DATABASE_URL" in os.environ:
        pytest.skip("The server cannot be stopped under other tests; refused connections are tested above.")
    with Product(tmp_path) as product:
        product.ask(SEED)
        product.start_web()
        assert "This is a copy" not in product.get("/status/")[1]
        for one in tmp_path.glob("makegood.sqlite3*"):
            one.write_bytes(b"\xff" * max(65536, one.stat().st_size))
        product.wait_until(lambda: "This is a copy" in product.get("/status/")[1], 20)
        shutil.rmtree(tmp_path / "status-page")
        assert product.get("/status/")[0] == 500


@pytest.mark.django_db
def test_the_clock_writes_it(page, place, monday):  # noqa: F811
    from makegood.doors.clock import rounds

    work(monday)
    assert "upkeep.status_page" in rounds.go(monday + HOUR)
    assert (place / "current/en/index.html").is_file()
