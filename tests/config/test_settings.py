"""Settings: documented, checked, each with a remedy."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from makegood.config import checks, env

PAGE = Path(__file__).parents[2] / "docs" / "operate" / "settings.md"


def test_every_setting_is_documented_and_nothing_else():
    documented = re.findall(r"^\| `([A-Z_]+)` \|", PAGE.read_text(), re.MULTILINE)
    assert sorted(documented) == sorted(setting.name for setting in env.SETTINGS)


def test_the_documented_defaults_are_the_real_ones():
    rows = dict(re.findall(r"^\| `([A-Z_]+)` \| (.*?) \|", PAGE.read_text(), re.MULTILINE))
    for setting in env.SETTINGS:
        expected = f"`{setting.default}`" if str(setting.default) else "empty"
        assert rows[setting.name] == expected, setting.name


def test_there_are_at_most_thirty():
    assert len(env.SETTINGS) <= 30


@pytest.mark.parametrize(
    ("rule", "change", "identity"),
    [
        (checks.addresses, {"BASE_URL": "errors.example.com"}, "makegood.E001"),
        (checks.addresses, {"BASE_URL": "https://x/y"}, "makegood.E001"),
        (checks.addresses, {"STATUS_URL": "status.example.com"}, "makegood.E060"),
        (checks.addresses, {"BASE_URL": "https://x.example", "STATUS_URL": "https://x.example"}, "makegood.E061"),
        (checks.addresses, {"DESK_EMAIL": "nobody"}, "makegood.E002"),
        (checks.addresses, {"DESK_TIME_ZONE": "Mars/Base"}, "makegood.E003"),
        (checks.addresses, {"LANGUAGE_CODE": "fr"}, "makegood.E004"),
        (checks.mode, {"MODE": "prod"}, "makegood.E005"),
        (checks.mail, {"SMTP_URL": "mail.example.org"}, "makegood.E006"),
        (checks.signing, {"DKIM": "mg1:/nowhere/key.pem"}, "makegood.E008"),
        (checks.reply_addresses, {"DESK_EMAIL": f"{'a' * 31}@example.com"}, "makegood.W009"),
        (checks.mail, {"SMTP_URL": "", "MODE": "production"}, "makegood.W006"),
        (checks.mail, {"SMTP_URL": "smtp://mail.example.org?tls=none"}, "makegood.W007"),
        (
            checks.production,
            {"MODE": "production", "BASE_URL": "http://errors.example.com", "USE_HTTPS": False},
            "makegood.E010",
        ),
        (checks.production, {"MODE": "production", "SECRET_KEY": "short"}, "makegood.E013"),
        (checks.production, {"MODE": "production", "USE_HTTPS": True, "TRUSTED_PROXIES": []}, "makegood.W011"),
        (checks.production, {"MODE": "production", "BASE_URL": "http://127.0.0.1:8000"}, "makegood.W015"),
        (checks.production, {"MODE": "production", "DESK_EMAIL": "help@acme.org"}, "makegood.W012"),
        (checks.demo, {"MODE": "demo", "BASE_URL": "https://errors.example.com"}, "makegood.W014"),
        (checks.words, {"ALLOWED_HOSTS": ["errors.example.com", "*"]}, "makegood.W032"),
        (checks.words, {"METRICS_TOKEN": "guess"}, "makegood.W042"),
        (checks.numbers, {"LINK_DAYS": 99_999_999}, "makegood.E043"),
        (checks.proxies, {"TRUSTED_PROXIES": ["*"]}, "makegood.E031"),
        (checks.proxies, {"TRUSTED_PROXIES": ["0.0.0.0/0"]}, "makegood.E031"),
        (checks.proxies, {"TRUSTED_PROXIES": ["proxy"]}, "makegood.E030"),
    ],
)
def test_an_unsafe_setting_is_named_with_its_remedy(settings, rule, change, identity):
    for name, value in change.items():
        setattr(settings, name, value)
    found = {message.id: message for message in rule()}
    assert identity in found
    assert found[identity].hint


def test_unless_told_otherwise_it_is_judged_as_production():
    assert env.read("MAKEGOOD_MODE", {}) == "production"


def test_the_demo_is_well(settings):
    settings.MODE = "demo"
    rules = (checks.addresses, checks.mode, checks.demo, checks.words, checks.mail, checks.production)
    for rule in (*rules, checks.proxies, checks.numbers):
        assert rule() == []


def test_a_key_others_can_read_is_named(settings, tmp_path):
    settings.DATA_DIR = tmp_path
    key = tmp_path / "secret-key"
    key.write_text("x")
    key.chmod(0o644)
    assert [message.id for message in checks.data_directory()] == ["makegood.E021"]


@pytest.mark.parametrize(("mode", "found"), [(0o700, []), (0o755, ["makegood.W023"]), (0o777, ["makegood.E022"])])
def test_data_that_others_can_read_or_change_is_named(settings, tmp_path, mode, found):
    settings.DATA_DIR = tmp_path
    tmp_path.chmod(mode)
    assert [message.id for message in checks.data_directory()] == found


@pytest.mark.parametrize(
    ("host", "mode", "found"),
    [("db.example.com", "", ["makegood.W033"]), ("db.example.com", "require", []), ("/run/postgresql", "", [])],
)
def test_a_database_elsewhere_is_spoken_to_in_secret(monkeypatch, settings, host, mode, found):
    monkeypatch.setitem(settings.DATABASES["default"], "HOST", host)
    monkeypatch.setitem(settings.DATABASES["default"], "OPTIONS", {"sslmode": mode})
    assert [message.id for message in checks.database()] == found


@pytest.mark.parametrize(("name", "value"), [("MAKEGOOD_SQLITE_SYNC", "OFF"), ("MAKEGOOD_LOG", "xml")])
def test_a_word_that_is_none_of_those_is_named(monkeypatch, name, value):
    monkeypatch.setenv(name, value)
    assert [message.id for message in checks.words()] == ["makegood.E041"]


def test_a_data_directory_is_made_for_its_owner_alone(tmp_path):
    folder = tmp_path / "new"
    code = "from makegood.config import settings"
    subprocess.run([sys.executable, "-c", code], env=os.environ | {"MAKEGOOD_DATA_DIR": str(folder)}, check=True)
    assert folder.stat().st_mode & 0o077 == 0


@pytest.mark.parametrize("url", ["mysql://x/y", "postgres://host", "nonsense"])
def test_a_bad_database_url_says_what_it_must_look_like(url):
    with pytest.raises(env.BadSetting, match="postgres://"):
        env.database_from_url(url)


def test_options_of_the_address_are_the_drivers_and_prepared_statements_can_be_refused():
    assert env.database_from_url("postgres://host/name?sslmode=require")["OPTIONS"] == {
        "sslmode": "require",
        "prepare_threshold": 0,
    }
    assert env.database_from_url("postgres://host/name?prepare=no")["OPTIONS"] == {}
