"""The error document drawn on paper: the layout of the PDF."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import override
from fpdf import FPDF
from fpdf.enums import XPos, YPos

from makegood.life.diagnosis.sheet import (
    Curve,
    Line,
    Outline,
    Picture,
    Point,
    Section,
    Shape,
    Sheet,
    Words,
    one_line,
    summary,
)

FONTS = Path(__file__).parent / "fonts"
MOST_PAGES = 60
_IN_COLUMNS = ("glance", "environment")
_INK, _QUIET, _LINE, _ACCENT = (27, 33, 30), (95, 103, 98), (228, 223, 212), (14, 95, 84)
_BLAMED = (154, 52, 18)
_COLOURS = {"ink": _INK, "quiet": _QUIET, "accent": _ACCENT}
# In millimetres: the room a label and two lines take above the foot, a pixel of a screen, a point of a printer.
_FOOT, _PIXEL, _POINT = 36, 25.4 / 96, 25.4 / 72


def draw(sheet: Sheet) -> bytes:
    """An A4 document with its fonts inside. Ends with a word when it would pass ``MOST_PAGES``."""
    page = _Page(sheet)
    with override(sheet.language):
        page.head()
        for section in sheet.sections:
            if page.page_no() > MOST_PAGES:
                page.words(
                    _("Cut here: the document is longer than %d pages. The JSON export has all of it.") % MOST_PAGES
                )
                break
            page.section(section)
    return bytes(page.output())


def _printable(words: str) -> str:
    """Without control and invisible direction marks, which a PDF would show as boxes or obey."""
    return "".join(c if c in "\n\t" or unicodedata.category(c)[0] != "C" else " " for c in words).replace("\t", "    ")


@dataclass(frozen=True)
class _Place:
    """Where on the page a picture stands: its corner, and a pixel of it in millimetres."""

    left: float
    top: float
    scale: float

    def of(self, point: Point) -> Point:
        return self.left + point[0] * self.scale, self.top + point[1] * self.scale


class _Page(FPDF):
    """The layout of the PDF: a head with the completeness, sections under hairlines, a foot with number and page."""

    def __init__(self, sheet: Sheet) -> None:
        super().__init__(format="A4")
        self.sheet = sheet
        self.add_font("Sans", "", FONTS / "DejaVuSans.ttf")
        self.add_font("Sans", "B", FONTS / "DejaVuSans-Bold.ttf")
        self.set_margins(20, 18, 20)
        self.set_auto_page_break(True, margin=20)
        self.set_title(f"{sheet.number} {one_line(_printable(sheet.title))}")
        self.set_lang(sheet.language)
        self.set_creator("Makegood")
        self.add_page()

    def footer(self) -> None:
        self.set_y(-14)
        self._pen(8, _QUIET)
        self.cell(0, 5, f"{settings.DESK_NAME} · {self.sheet.number} · {self.page_no()}", align="C")

    def head(self) -> None:
        if self.sheet.percent is not None:
            self._ring(self.w - 32, 18, self.sheet.percent)
        self._pen(10, _ACCENT, bold=True)
        self.cell(0, 6, self.sheet.heading or _("Error document"), new_x=XPos.LMARGIN, new_y=YPos.NEXT)
        self._pen(16, _INK, bold=True)
        self._block(self.sheet.number, 8, width=self.epw - 20)
        self._pen(12, _INK)
        self._block(self.sheet.title, 6.5, width=self.epw - 20)
        self.ln(1)
        self._pen(9, _QUIET)
        self._block(summary(self.sheet), 5)

    def section(self, section: Section) -> None:
        self.ln(4)
        if self.get_y() > self.h - 45:
            self.add_page()
        self.set_draw_color(*_LINE)
        self.line(self.l_margin, self.get_y(), self.w - self.r_margin, self.get_y())
        self.ln(2)
        self._pen(11, _INK, bold=True)
        self._block(section.title, 6)
        if section.picture is not None:
            self._picture(section.picture)
        for line in section.lines:
            if self.page_no() > MOST_PAGES:
                return
            self._line(line, in_columns=section.slug in _IN_COLUMNS)
        if not section.lines:
            self._pen(9.5, _QUIET)
            self._block(section.empty, 5)

    def _picture(self, picture: Picture) -> None:
        """As large as on a screen, or as large as the page allows; a page of its own if the rest is too low."""
        most = self.h - self.t_margin - self.b_margin - 10
        scale = min(_PIXEL, self.epw / picture.width, most / picture.height)
        if self.get_y() + picture.height * scale > self.h - self.b_margin:
            self.add_page()
        place = _Place(self.l_margin, self.get_y() + 1, scale)
        for shape in picture.shapes:
            self._shape(shape, place)
        self.set_line_width(0.2)
        self.set_xy(self.l_margin, place.top + picture.height * scale + 3)

    def _shape(self, shape: Shape, place: _Place) -> None:
        if isinstance(shape, Words):
            self._pen(shape.size * place.scale / _POINT, _COLOURS[shape.colour])
            self.text(*place.of(shape.at), _printable(shape.text))
            return
        self.set_draw_color(*(_BLAMED if isinstance(shape, Outline) and shape.is_bold else _QUIET))
        self.set_line_width(0.3)
        if isinstance(shape, Curve):
            self.bezier([place.of(point) for point in shape.points], style="D")
            return
        corners = [place.of(point) for point in shape.corners]
        if shape.is_dashed:
            self.set_dash_pattern(6 * place.scale, 4 * place.scale)
        if shape.rounded:
            (x, y), (right, foot) = corners[0], corners[2]
            radius = shape.rounded * place.scale
            self.rect(x, y, right - x, foot - y, round_corners=True, corner_radius=radius)
        else:
            self.set_fill_color(*_QUIET)
            self.polygon(corners, style="F" if shape.is_filled else "D")
        self.set_dash_pattern()

    def words(self, words: str) -> None:
        self._pen(9.5, _QUIET)
        self._block(words, 5)

    def _line(self, line: Line, *, in_columns: bool) -> None:
        if in_columns and len(line.label) <= 24 and "\n" not in line.words:
            self._pen(8.5, _QUIET)
            self.cell(44, 5.4, _printable(line.label))
            self._pen(9.5, _INK)
            self._block(line.words, 5.4, width=self.epw - 44)
            return
        if self.get_y() > self.h - _FOOT:  # Who speaks is not left behind on the page before.
            self.add_page()
        self._pen(8.5, _QUIET, bold=bool(line.aside))
        self._block(f"{line.label}{f'  ·  {line.aside}' if line.aside else ''}", 4.6)
        self._pen(9.5, _INK)
        self._block(line.words, 5)
        self.ln(4 if "\n" in line.words else 1.8)

    def _block(self, words: str, height: float, *, width: float = 0) -> None:
        self.multi_cell(width, height, _printable(words) or " ", align="L", new_x=XPos.LMARGIN, new_y=YPos.NEXT)

    def _pen(self, size: float, colour: tuple[int, int, int], *, bold: bool = False) -> None:
        self.set_font("Sans", "B" if bold else "", size)
        self.set_text_color(*colour)

    def _ring(self, x: float, y: float, percent: int) -> None:
        """The completeness as a ring, from the top clockwise, the figure within."""
        self.set_line_width(1.2)
        self.set_draw_color(*_LINE)
        self.ellipse(x, y, 12, 12)
        self.set_draw_color(*_ACCENT)
        if percent:
            self.arc(x, y, 12, 90 - 3.6 * percent, 90, clockwise=False)
        self.set_line_width(0.2)
        self.set_xy(x, y + 4)
        self._pen(7.5, _INK, bold=True)
        self.cell(12, 4, f"{percent} %", align="C")
        self.set_xy(self.l_margin, self.t_margin)
