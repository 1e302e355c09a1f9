"""Raw mail to plain values, and judgements about it. Pure: no models, no calendar clock, no network.

``parse(raw)`` gives a ``Parsed`` or raises ``Poisoned``; ``parsed`` says what they hold. Who asks for something small
(the words of the marker line, say) does not load the readers of HTML with it: ``parse`` is fetched when first named.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

from makegood.lib.mail.parsed import Parsed, Poisoned

if TYPE_CHECKING:
    from makegood.lib.mail.parsing import parse

__all__ = ["Parsed", "Poisoned", "parse"]


def __getattr__(name: str) -> Any:
    if name == "parse":
        return import_module("makegood.lib.mail.parsing").parse
    raise AttributeError(name)
