"""Which release is the later one, by its name."""

import pytest

from makegood.life.learning.releases import is_at_least, spellings


@pytest.mark.parametrize(
    ("version", "fixed_in", "expected"),
    [
        ("2.4.1", "2.4.1", True),
        ("v2.4.1", "2.4.1", True),
        ("2.10", "2.9", True),
        ("2.4", "2.4.0", True),
        ("2.4.0", "2.4.1", False),
        ("2.4.1-rc1", "2.4.1", False),
        ("2.4.1-rc2", "2.4.1-rc1", True),
        ("portal-2026.11.3", "portal-2026.11.2", True),
        ("blue", "green", None),
        ("blue", "blue", True),
        ("", "2.4", None),
        ("2.4", "", None),
        ("1.10.0", "1.9.9", True),
        ("1.9", "1.10", False),
        # A step on the way to a release, however it is written, in the order in which they come.
        ("2.4.0-rc.1", "2.4.0-rc.2", False),
        ("2.4.0-rc.10", "2.4.0-rc.9", True),
        ("2.4.0-alpha.7", "2.4.0-rc.1", False),
        ("2.4.0b2", "2.4.0a9", True),
        ("2.4.0a1", "2.4.0", False),
        ("2.4.0.dev3", "2.4.0", False),
        ("2.4.0~rc1", "2.4.0", False),
        ("2.4.0", "2.4.0-beta.2", True),
        # What is built or mended on top of it contains it.
        ("2.4.0+310", "2.4.0", True),
        ("2.4.0-hotfix.1", "2.4.0", True),
        ("2.4.0-5-g9fceb02", "2.4.0", True),
        # As programs and their repositories call it.
        ("portal@2.4.0", "v2.4.0", True),
        ("@fairfield/portal@2.3.9", "v2.4.0", False),
        ("com.fairfield.portal@2.4.1+88", "2.4.0", True),
        ("portal/v2.10.0", "portal/v2.9.0", True),
        ("Portal 2.4.1", "2.4.0", True),
        ("release-2.4", "v2.3", True),
        ("h2-portal-2.4", "2.5", False),
        # Numbers that do not count the same.
        ("9fceb02d0ae598e95dc970b74767f19372d61af8", "2.4.0", None),
        ("fceb02d9", "2.4.0", None),
        ("portal@4b8251299", "2.4.0", None),
        ("310", "4.19.0", None),
        ("20261130", "2.4.0", None),
        ("2026.11.3", "4.19.0", None),
        ("2", "2.4.0", None),
        ("3", "2.4.0", True),
        ("310", "309", True),
        ("1.0.2k", "1.0.2", None),
        ("api@3.1", "web@2.4", None),
    ],
)
def test_the_later_one(version, fixed_in, expected):
    assert is_at_least(version, fixed_in) is expected


def test_how_a_repository_may_call_what_a_program_calls_so():
    assert spellings("portal@2.4.0+88") == ["portal@2.4.0+88", "2.4.0+88", "v2.4.0+88", "2.4.0", "v2.4.0"]
    assert spellings("v2.4.0") == ["v2.4.0", "2.4.0"]
    assert spellings("main") == ["main", "vmain"]
