import json
from datetime import timedelta

import pytest

from makegood.life.reports.models import Category
from makegood.life.transfer.foreign import ForeignReport, Person, Said


@pytest.fixture
def old(monday):
    """Makes reports of another system, a month old."""
    month_ago = monday - timedelta(days=30)

    def make(foreign_id="1", **more):
        said = (
            Said("contact", "The page is white.", month_ago, name="Nia", email="nia@example.org"),
            Said("agent", "We look into it.", month_ago + timedelta(hours=1), email="dora@desk.example"),
        )
        facts = {"title": "White page", "received_at": month_ago, "messages": said, "state": "closed"}
        facts["person"] = Person(name="Nia", email="Nia@Example.org", organisation="Acme Health Plan")
        return ForeignReport(foreign_id=foreign_id, **{**facts, **more})

    return make


@pytest.fixture
def category(cast):
    return Category.objects.create(slug="page-errors", names={"en": "Error pages", "de": "Fehlerseiten"})


@pytest.fixture
def save(tmp_path):
    """Writes a file of an export and returns its path."""

    def write(name, content):
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        if isinstance(content, bytes):
            path.write_bytes(content)
        elif isinstance(content, str):
            path.write_text(content)
        else:
            path.write_text(json.dumps(content))
        return path

    return write
