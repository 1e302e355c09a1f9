"""The certificate of an erasure drawn on paper."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.utils.dateformat import format as written
from django.utils.formats import number_format
from django.utils.translation import gettext as _
from fpdf import FPDF
from fpdf.enums import XPos, YPos

from makegood.life.diagnosis.drawing import FONTS
from makegood.life.privacy.models import Erasure

_INK, _QUIET, _LINE = (27, 33, 30), (95, 103, 98), (228, 223, 212)


def draw(erasure: Erasure, lines: Iterable[tuple[Any, int, int]], *, zone: ZoneInfo) -> bytes:
    """One A4 page, or two."""
    page = _Page(format="A4")
    page.set_title(f"{_('Certificate of erasure')} {erasure.key}")
    page.begin()
    page.words(settings.DESK_NAME, 10, _QUIET)
    page.words(_("Certificate of erasure"), 18, _INK, bold=True)
    page.ln(3)
    for label, words in _facts(erasure, zone):
        page.row(label, words)
    page.ln(4)
    page.words(_("What was removed"), 12, _INK, bold=True)
    for what, _before, removed in lines:
        page.row(str(what), number_format(removed, force_grouping=True), wide=True)
    page.ln(4)
    page.words(_said(), 9, _QUIET)
    return bytes(page.output())


def _facts(erasure: Erasure, zone: ZoneInfo) -> list[tuple[str, str]]:
    def told(moment: datetime | None) -> str:
        return f"{written(moment.astimezone(zone), 'j F Y, H:i')} ({zone.key})" if moment else "–"

    return [
        (_("Number"), erasure.key),
        (_("The person was called here"), erasure.contact_key),
        (_("Why"), erasure.reason),
        (_("Asked for by"), erasure.asked_by),
        (_("Asked for"), told(erasure.asked_at)),
        (_("Done"), told(erasure.finished_at)),
    ]


def _said() -> str:
    return _(
        "The history keeps that things happened and when, so that figures of the past stay as they were. It holds no "
        "name and no words of the person. Backups made before this moment still hold them until they are replaced; if "
        "one is restored, the person is erased again by the number above."
    )


class _Page(FPDF):
    """Words and rows of two columns under hairlines."""

    def begin(self) -> None:
        self.add_font("Sans", "", FONTS / "DejaVuSans.ttf")
        self.add_font("Sans", "B", FONTS / "DejaVuSans-Bold.ttf")
        self.set_margins(20, 18, 20)
        self.set_auto_page_break(True, margin=20)
        self.set_creator("Makegood")
        self.add_page()

    def words(self, words: str, size: float, colour: tuple[int, int, int], *, bold: bool = False) -> None:
        self.set_font("Sans", "B" if bold else "", size)
        self.set_text_color(*colour)
        self.multi_cell(0, size * 0.55, words, align="L", new_x=XPos.LMARGIN, new_y=YPos.NEXT)

    def row(self, label: str, words: str, *, wide: bool = False) -> None:
        split = self.epw * (0.8 if wide else 0.35)
        top = self.get_y() + 1
        self.set_draw_color(*_LINE)
        self.line(self.l_margin, top, self.w - self.r_margin, top)
        self.set_y(top + 1)
        self.set_font("Sans", "", 9.5)
        self.set_text_color(*_QUIET)
        self.multi_cell(split - 3, 5, label, align="L", new_x=XPos.LMARGIN, new_y=YPos.NEXT)
        below = self.get_y()
        self.set_xy(self.l_margin + split, top + 1)
        self.set_text_color(*_INK)
        self.multi_cell(0, 5, words or "–", align="R" if wide else "L", new_x=XPos.LMARGIN, new_y=YPos.NEXT)
        self.set_y(max(below, self.get_y()))
