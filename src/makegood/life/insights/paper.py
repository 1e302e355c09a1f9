"""The review on paper: the same sections as on the page, as an A4 document with its fonts inside."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence

from django.conf import settings
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from fpdf import FPDF
from fpdf.enums import TableBordersLayout, XPos, YPos
from fpdf.fonts import FontFace

from makegood.life.diagnosis.drawing import FONTS
from makegood.life.insights import sheet
from makegood.life.insights.models import Review
from makegood.life.insights.pack import Plain
from makegood.life.insights.sheet import Section
from makegood.life.people.models import Agent

_INK, _QUIET, _LINE, _ACCENT = (27, 33, 30), (95, 103, 98), (228, 223, 212), (14, 95, 84)
_LONGEST_WORD = 60
_LONGEST_FIGURE = 16


def draw(review: Review, found: Plain, seeker: Agent) -> bytes:
    """The PDF, in the language in force."""
    page = _Page(review)
    page.head(review)
    for section in [*sheet.sections(review, found, seeker), sheet.decided(review, found)]:
        page.section(section)
    if review.notes:
        page.section(Section("notes", _("Notes"), says=review.notes.split("\n")))
    return bytes(page.output())


def _printable(words: str) -> str:
    """Without control and invisible direction marks; a word too long for its column is broken."""
    plain = "".join(c if c == "\n" or unicodedata.category(c)[0] != "C" else " " for c in words)
    return " ".join(
        piece
        if len(piece) <= _LONGEST_WORD
        else " ".join(piece[n : n + _LONGEST_WORD] for n in range(0, len(piece), _LONGEST_WORD))
        for piece in plain.split(" ")
    )


def _are_figures(column: Sequence[str]) -> bool:
    said = [words for words in column if words not in (" ", "–")]
    return bool(said) and all(words[0].isdigit() and len(words) <= _LONGEST_FIGURE for words in said)


class _Page(FPDF):
    def __init__(self, review: Review) -> None:
        super().__init__(format="A4")
        self.told = sheet.title(review)
        self.add_font("Sans", "", FONTS / "DejaVuSans.ttf")
        self.add_font("Sans", "B", FONTS / "DejaVuSans-Bold.ttf")
        self.set_margins(20, 18, 20)
        self.set_auto_page_break(True, margin=20)
        self.set_title(self.told)
        self.set_lang(get_language() or "en")
        self.set_creator("Makegood")
        self.add_page()

    def footer(self) -> None:
        self.set_y(-14)
        self._pen(8, _QUIET)
        self.cell(0, 5, f"{settings.DESK_NAME} · {self.told} · {self.page_no()}", align="C")

    def head(self, review: Review) -> None:
        self._pen(16, _INK, bold=True)
        self._block(self.told, 8)
        self._pen(9, _QUIET)
        self._block(sheet.signature(review), 5)

    def section(self, section: Section) -> None:
        self.ln(4)
        if self.get_y() > self.h - 45:
            self.add_page()
        self.set_draw_color(*_LINE)
        self.line(self.l_margin, self.get_y(), self.w - self.r_margin, self.get_y())
        self.ln(2)
        self._pen(11, _ACCENT, bold=True)
        self._block(section.title, 6)
        self._pen(9.5, _INK)
        for sentence in section.says:
            self._block(sentence, 5)
        if section.rows:
            self._table(section)
        elif section.empty and not section.says:
            self._pen(9.5, _QUIET)
            self._block(section.empty, 5)

    def _table(self, section: Section) -> None:
        self._pen(8.5, _INK)
        face = FontFace(color=_QUIET)
        lines = [[_printable(words) or " " for words in section.head]]
        lines += [[_printable(cell.words) or " " for cell in row] for row in section.rows]
        with self.table(
            borders_layout=TableBordersLayout.HORIZONTAL_LINES,
            headings_style=face,
            line_height=4.6,
            padding=0.8,
            col_widths=self._widths(lines),
            text_align=["RIGHT" if _are_figures(column[1:]) else "LEFT" for column in zip(*lines, strict=True)],
        ) as table:
            for cells in lines:
                row = table.row()
                for words in cells:
                    row.cell(words)
        self.ln(1)

    def _widths(self, lines: list[list[str]]) -> tuple[float, ...]:
        """Room for the longest word of each column; what is left goes to those whose lines are longer than that."""
        room = 4.0
        least, whole = [], []
        for column in zip(*lines, strict=True):
            least.append(room + max(self.get_string_width(word) for words in column for word in [*words.split(), ""]))
            whole.append(room + max(self.get_string_width(words) for words in column))
        wanted = sum(whole) - sum(least)
        left = max(0.0, self.epw - sum(least))
        share = min(1.0, left / wanted) if wanted else 0.0
        widths = [low + share * (high - low) for low, high in zip(least, whole, strict=True)]
        widths[0] += max(0.0, self.epw - sum(widths))
        return tuple(widths)

    def _block(self, words: str, height: float) -> None:
        self.multi_cell(0, height, _printable(words) or " ", align="L", new_x=XPos.LMARGIN, new_y=YPos.NEXT)

    def _pen(self, size: float, colour: tuple[int, int, int], *, bold: bool = False) -> None:
        self.set_font("Sans", "B" if bold else "", size)
        self.set_text_color(*colour)
