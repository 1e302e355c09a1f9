"""Which release is the later one, by its name."""

import pytest

from makegood.life.learning.releases import is_at_least


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
    ],
)
def test_the_later_one(version, fixed_in, expected):
    assert is_at_least(version, fixed_in) is expected
