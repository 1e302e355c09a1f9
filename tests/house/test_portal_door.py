"""The reporter's door cannot reach an internal note, nor who works on the report: neither in code nor in a template."""

import ast
import re
from pathlib import Path

PORTAL = Path(__file__).resolve().parents[2] / "src" / "makegood" / "doors" / "portal"
# Whatever of ``access`` starts from a secret link or ends in public words.
ALLOWED = {
    "NotFound",
    "link_by_hash",
    "link_by_token",
    "make_link",
    "public_attachments",
    "public_messages",
    "report_by_hashes",
    "report_by_token",
}
FORBIDDEN = {"Message", "Draft", "OutgoingMail", "ReadMark", "SavedView", "AccountNote", "Agent", "Team", "Membership"}


def _trees():
    for path in sorted(PORTAL.rglob("*.py")):
        yield path.relative_to(PORTAL), ast.parse(path.read_text())


def _for_types_only(tree):
    """Lines under ``if TYPE_CHECKING``."""
    return {
        line
        for node in ast.walk(tree)
        if isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING"
        for line in range(node.lineno, node.end_lineno + 1)
    }


def test_no_class_whose_rows_are_the_desk_s_is_at_hand():
    found = [
        f"{path}: {name.name}"
        for path, tree in _trees()
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom) and node.lineno not in _for_types_only(tree)
        for name in node.names
        if name.name in FORBIDDEN
    ]
    assert not found


def test_access_is_used_by_secret_link_and_for_public_words_only():
    found = [
        f"{path}: access.{node.attr}"
        for path, tree in _trees()
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute) and ast.unparse(node.value) == "access" and node.attr not in ALLOWED
    ]
    found += [
        f"{path}: {name.name}"
        for path, tree in _trees()
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom) and node.module == "makegood.life.reports.access"
        for name in node.names
        if name.name not in ALLOWED
    ]
    assert not found


def test_no_row_of_the_desk_is_reached_through_the_report():
    """Neither ``report.messages`` in code nor ``{{ report.assignee }}`` in a template."""
    words = r"messages|notes|drafts|escalations|read_marks|pages|mails|assignee|attachments|ask_requests"
    reach = re.compile(rf"\breport\.({words})\b")
    files = [*PORTAL.rglob("*.py"), *PORTAL.rglob("*.html")]
    found = [f"{p.relative_to(PORTAL)}: {m[0]}" for p in files for m in reach.finditer(p.read_text())]
    assert not found
