"""iCalendar as RFC 5545 wants it: escaped, folded at 75 octets within no character, moments in UTC."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from makegood.lib.calendars import Appointment, calendar, escaped, folded

AT = datetime(2026, 11, 16, 22, 0, tzinfo=ZoneInfo("Europe/Berlin"))


def unfolded(text):
    return text.replace("\r\n ", "")


def unescaped(text):
    found, rest = "", text
    while rest:
        if rest[0] == "\\":
            found, rest = found + ("\n" if rest[1] == "n" else rest[1]), rest[2:]
        else:
            found, rest = found + rest[0], rest[1:]
    return found


@given(st.text(max_size=300))
def test_folding_loses_nothing_and_keeps_to_the_limit(text):
    line = f"SUMMARY:{escaped(text)}"
    assert unfolded(folded(line)) == line
    assert all(len(part.encode()) <= 75 for part in folded(line).split("\r\n"))


@given(st.text(alphabet=st.sampled_from("ab,;\\\n:ü"), max_size=60))
def test_escaping_can_be_undone(text):
    assert unescaped(escaped(text)) == text
    assert "\n" not in escaped(text)


def test_a_calendar_has_its_parts_in_order():
    one = Appointment("k@x", AT, AT, datetime(2026, 1, 2, tzinfo=UTC), 3, "Upgrade, part 1", "Line\nline", "https://x/")
    lines = unfolded(calendar("Status", [one], product="Makegood")).split("\r\n")
    assert lines[0] == "BEGIN:VCALENDAR"
    assert lines[-2:] == ["END:VCALENDAR", ""]
    assert "DTSTART:20261116T210000Z" in lines
    assert "SUMMARY:Upgrade\\, part 1" in lines
    assert "DESCRIPTION:Line\\nline" in lines
    assert "SEQUENCE:3" in lines
    assert "STATUS:CONFIRMED" in lines
