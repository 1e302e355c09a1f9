"""Nothing exists that the docs do not name."""

from pathlib import Path

from makegood.config.env import SETTINGS
from makegood.life.reports.ledger import KINDS
from makegood.life.reports.states import STATES
from makegood.life.transfer.tables import TABLES

ROOT = Path(__file__).resolve().parents[2]
DOCS = "\n".join(p.read_text() for p in sorted((ROOT / "docs").rglob("*.md")))


def test_every_setting_is_documented():
    assert [s.name for s in SETTINGS if f"`{s.name}`" not in DOCS] == []


def test_there_are_at_most_thirty_settings():
    assert len(SETTINGS) <= 30


def test_every_ledger_kind_is_documented():
    assert [kind for kind in KINDS if f"`{kind}`" not in DOCS] == []


def test_every_state_is_documented():
    assert [state for state in STATES if f"`{state}`" not in DOCS] == []


def test_what_we_write_speaks_of_the_product_alone():
    """No machine path and no package registry's host may stand in what we ship."""
    words = ("/work/", "/root/", "file:///", "pypi.org", "registry.npmjs")
    suffixes = {".py", ".md", ".html", ".ts", ".css", ".toml", ".txt", ".json", ".sh", ".yml"}
    skip = {".venv", "node_modules", "data", ".git", "recorded"}  # recorded: written by others, kept as it is
    here = Path(__file__)
    found = [
        f"{p.relative_to(ROOT)}: {word}"
        for p in ROOT.rglob("*")
        if p.suffix in suffixes and p != here and not skip & set(p.relative_to(ROOT).parts) and p.is_file()
        for word in words
        if word in p.read_text(errors="ignore")
    ]
    assert not found


def test_every_field_of_an_export_is_documented():
    page = (ROOT / "docs" / "operate" / "import-export.md").read_text()
    rows = {f"| `{table.name}` | {', '.join(f'`{name}`' for name in table.fields)} |" for table in TABLES}
    assert rows - set(page.splitlines()) == set()
