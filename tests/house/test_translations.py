"""The German catalogue is whole, fits its placeholders, and what is shipped compiled is what stands in the source."""

import re
from pathlib import Path

from babel.messages.mofile import read_mo
from babel.messages.pofile import read_po

from makegood.doors.ui.words import for_browser

FOLDER = Path(__file__).resolve().parents[2] / "src" / "makegood" / "locale" / "de" / "LC_MESSAGES"
FRONTEND = Path(__file__).resolve().parents[2] / "frontend"
SAID = re.compile(r'\bsay\("(\w+)"')
PLACEHOLDER = re.compile(r"%\([a-z_]+\)[sd]|%[sd]|\{[a-z_]*\}")


def _catalogue():
    with (FOLDER / "django.po").open("rb") as source:
        return read_po(source, locale="de")


def _texts(message):
    """(source, translation) pairs of a message, plural forms taken apart."""
    if isinstance(message.id, tuple):
        return [(message.id[min(n, 1)], text) for n, text in enumerate(message.string)]
    return [(message.id, message.string)]


def test_every_text_has_a_german_one():
    missing = [m.id for m in _catalogue() if m.id and (m.fuzzy or not all(text for _source, text in _texts(m)))]
    assert not missing


def test_placeholders_survive_translation():
    wrong = [
        (source, text)
        for message in _catalogue()
        if message.id and message.context is None
        for source, text in _texts(message)
        if set(PLACEHOLDER.findall(text)) - set(PLACEHOLDER.findall(source))
    ]
    assert not wrong


def test_no_gap_reaches_into_an_object():
    """``{% blocktranslate %}`` fills ``{{ wave.begins }}`` with nothing: such a gap takes a name, ``with begins=…``."""
    sources = [source for message in _catalogue() if message.id for source, _german in _texts(message)]
    assert [source for source in sources if re.search(r"%\(\w+\.", source)] == []


def test_no_german_text_sounds_like_a_decree():
    """Words of offices, which nobody says to a customer."""
    stiff = re.compile(r"einstweilen|diesbezüglich|hinsichtlich|obliegt|nachstehend|vorbezeichnet|bezüglich", re.I)
    assert [text for m in _catalogue() if m.id for _source, text in _texts(m) if stiff.search(text)] == []


def test_the_compiled_catalogue_is_fresh():
    with (FOLDER / "django.mo").open("rb") as compiled:
        shipped = _plain(read_mo(compiled))
    assert shipped == _plain(message for message in _catalogue() if not message.fuzzy)


def test_what_browser_code_says_is_given_in_both_languages():
    """``say("key", "English")`` speaks the English if the server gives it no words of that key."""
    sources = (FRONTEND / folder for folder in ("console", "portal", "shared"))
    said = {key for folder in sources for path in folder.glob("*.ts") for key in SAID.findall(path.read_text())}
    assert said
    assert said - set(for_browser()) == set()


def _plain(messages):
    """{(source, context): translation}: plural forms as tuples and contexts as text, however the format has them."""
    return {(_fixed(m.id), _fixed(m.context)): _fixed(m.string) for m in messages if m.id}


def _fixed(text):
    if isinstance(text, bytes):
        return text.decode()
    return tuple(text) if isinstance(text, (list, tuple)) else text
