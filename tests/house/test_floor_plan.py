"""What import-linter cannot see: sizes, foreign keys, no hidden hooks. Exception lists only shrink."""

import ast
from pathlib import Path

import pytest
from django.apps import apps

SOURCE = Path(__file__).resolve().parents[2] / "src" / "makegood"
FILES = sorted(p for p in SOURCE.rglob("*.py") if "migrations" not in p.parts)
TEMPLATES = sorted(SOURCE.rglob("templates/**/*.html"))
LIFE = [
    "people",
    "reports",
    "promises",
    "intake",
    "diagnosis",
    "escalation",
    "problems",
    "fixes",
    "colleagues",
    "updates",
    "aftercare",
    "announcements",
    "learning",
    "knowledge",
    "rca",
    "compensation",
    "statuspage",
    "hooks",
    "transfer",
    "insights",
]
FORBIDDEN_NAMES = {"services", "utils", "helpers", "managers", "signals", "constants", "mixins"}


def _trees():
    for path in FILES:
        yield path, ast.parse(path.read_text())


def _functions(tree):
    return [n for n in ast.walk(tree) if isinstance(n, ast.FunctionDef | ast.AsyncFunctionDef)]


def test_no_file_is_longer_than_the_wall():
    long = {str(p.relative_to(SOURCE)): n for p in FILES if (n := len(p.read_text().splitlines())) > 500}
    assert not long


def test_no_template_is_longer_than_150_lines():
    long = {str(p.relative_to(SOURCE)): n for p in TEMPLATES if (n := len(p.read_text().splitlines())) > 150}
    assert not long


def test_functions_are_short_and_take_few_arguments():
    too_long, too_many, lengths = [], [], []
    for path, tree in _trees():
        for function in _functions(tree):
            length = function.end_lineno - function.lineno + 1
            lengths.append(length)
            name = f"{path.relative_to(SOURCE)}:{function.name}"
            if length > 60:
                too_long.append((name, length))
            if len(function.args.posonlyargs) + len(function.args.args) > 5:
                too_many.append(name)
    assert not too_long
    assert not too_many
    lengths.sort()
    assert lengths[len(lengths) * 9 // 10] <= 30


def test_no_module_has_a_name_that_says_nothing():
    assert not [str(p.relative_to(SOURCE)) for p in FILES if p.stem in FORBIDDEN_NAMES]


def test_nothing_hooks_into_saving():
    offenders = []
    for path, tree in _trees():
        for node in ast.walk(tree):
            if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("django.db.models.signals"):
                offenders.append(f"{path.relative_to(SOURCE)}: signals")
            if isinstance(node, ast.ClassDef):
                hooks = [f.name for f in node.body if isinstance(f, ast.FunctionDef) and f.name in {"save", "delete"}]
                if hooks and any("Model" in ast.unparse(base) for base in node.bases):
                    offenders.append(f"{path.relative_to(SOURCE)}:{node.name}.{hooks[0]}")
    assert not offenders


def test_life_never_reads_the_clock():
    """The clock is read at the door and passed on."""
    offenders = []
    for path, tree in _trees():
        if not path.is_relative_to(SOURCE / "life"):
            continue
        for node in ast.walk(tree):
            if isinstance(node, ast.Call) and ast.unparse(node.func) in {
                "timezone.now",
                "datetime.now",
                "datetime.utcnow",
                "time.time",
                "date.today",
            }:
                offenders.append(f"{path.relative_to(SOURCE)}:{node.lineno}")
    assert not offenders


@pytest.mark.parametrize("label", LIFE)
def test_foreign_keys_only_look_back(label):
    floor = LIFE.index(label)
    ahead = [
        f"{model.__name__}.{field.name} -> {field.related_model._meta.app_label}"
        for model in apps.get_app_config(label).get_models()
        for field in model._meta.get_fields()
        if field.is_relation and not field.auto_created and field.related_model is not None
        if field.related_model._meta.app_label in LIFE and LIFE.index(field.related_model._meta.app_label) > floor
    ]
    assert not ahead


def test_every_package_says_what_it_is():
    silent = [
        str(p.relative_to(SOURCE))
        for p in FILES
        if p.name == "__init__.py" and not ast.get_docstring(ast.parse(p.read_text())) and "management" not in p.parts
    ]
    assert not silent


def test_vendor_sql_stays_in_the_engine():
    words = ("connection.vendor", "PRAGMA", "SKIP LOCKED", "to_tsvector", "fts5")
    allowed = ("engine", "config", "cli")  # cli: a backup is of one kind of database
    offenders = [
        f"{p.relative_to(SOURCE)}: {word}"
        for p in FILES
        if p.relative_to(SOURCE).parts[0] not in allowed
        for word in words
        if word in p.read_text()
    ]
    assert not offenders
