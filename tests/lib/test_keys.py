"""Keys that strangers send are bounded, and the same strange key stays the same."""

from makegood.lib.keys import idempotency_key


def test_a_plain_key_stays_as_it_is():
    assert idempotency_key("order-2026.11:7_a") == "order-2026.11:7_a"


def test_no_key_stays_none():
    assert idempotency_key("") == idempotency_key(None) == ""


def test_strange_and_endless_keys_become_short_and_keep_their_identity():
    strange = ("é" * 5000, "a b", "x" * 65, "\x00", "\ud800", "'; drop table")
    made = [idempotency_key(one) for one in strange]
    assert made == [idempotency_key(one) for one in strange]
    assert len(set(made)) == len(strange)
    assert all(len(one) == 64 and one.isalnum() for one in made)
