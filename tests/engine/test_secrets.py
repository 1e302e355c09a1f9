"""What is sealed opens again here, and nowhere else."""

import pytest

from makegood.engine.secrets import NotOurs, seal, unseal


def test_what_was_sealed_opens_again():
    sealed = seal("hunter2 — ß")
    assert "hunter2" not in sealed
    assert unseal(sealed) == "hunter2 — ß"


def test_the_same_text_never_looks_the_same():
    assert seal("a") != seal("a")


def test_another_secret_key_opens_nothing(settings):
    sealed = seal("a")
    settings.SECRET_KEY = "another"
    with pytest.raises(NotOurs):
        unseal(sealed)


def test_an_earlier_secret_key_still_opens(settings):
    sealed, before = seal("a"), settings.SECRET_KEY
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = "another", [before]
    assert unseal(sealed) == "a"
    assert unseal(seal("b")) == "b"


def test_a_damaged_text_is_refused():
    sealed = seal("a")
    with pytest.raises(NotOurs):
        unseal(sealed[:-3] + "AAA")


def test_nothing_kept_is_nothing():
    assert unseal("") == ""
