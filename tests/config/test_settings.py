"""Settings: documented, checked, each with a remedy."""

import re
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
    for rule in (checks.addresses, checks.mode, checks.mail, checks.production, checks.proxies, checks.numbers):
        assert rule() == []


def test_a_key_others_can_read_is_named(settings, tmp_path):
    settings.DATA_DIR = tmp_path
    key = tmp_path / "secret-key"
    key.write_text("x")
    key.chmod(0o644)
    assert [message.id for message in checks.data_directory()] == ["makegood.E021"]


@pytest.mark.parametrize("url", ["mysql://x/y", "postgres://host", "nonsense"])
def test_a_bad_database_url_says_what_it_must_look_like(url):
    with pytest.raises(env.BadSetting, match="postgres://"):
        env.database_from_url(url)
