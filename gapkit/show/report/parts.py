"""What a report is made of: headings, paragraphs, tables and figures, in no format yet."""

from __future__ import annotations

import unicodedata
import warnings
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

from ...survey.result import Result
from ..markup import Markup
from ..plots.canvas import drawn_language, to_svg
from ..text import NOTHING, count, interval, number, percent, plain
from ..translation import translated
from .numerals import bounded, p_value

if TYPE_CHECKING:
    from matplotlib.figure import Figure as Drawing

LONGEST = 400
"""Characters of a text that came from a file; what is longer is cut."""

Kind = Literal[
    "words", "name", "count", "score", "gap", "interval", "bounded", "bounded_interval", "p", "share", "share_interval"
]
WORDY: tuple[Kind, ...] = ("words", "name")
"""Kinds of a column that hold words: sentences, or names of a word or two."""


def safe(words: object, limit: int = LONGEST) -> str:
    r"""Words that came from a file, fit for any document: plain, cut, and without what XML does not allow.

    Examples
    --------
    >>> safe("two\nlines\ufffe"), safe("x" * 10_000, 4)
    ('two lines', 'xxx…')
    """
    return plain("".join(letter for letter in str(words) if unicodedata.category(letter) != "Cn"), limit)


def reason(said: object, language: str) -> str:
    """What the library says of why something could not be computed, in a language where there is a translation.

    Examples
    --------
    >>> reason("no outcome", "zh-Hans")
    'no outcome'
    """
    return safe(translated(said, language), LONGEST)


class Heading(NamedTuple):
    """A heading of a section."""

    words: str


class Paragraph(NamedTuple):
    """A paragraph; `language` where it is not the report's, `listed` where it is one of a list."""

    words: str
    language: str | None = None
    listed: bool = False


class Column(NamedTuple):
    """A column of a table: its head, and what kind of number stands in it."""

    head: str
    kind: Kind

    def shown(self, value: Any) -> str:
        """A value as it is read; the exact one goes into a workbook."""
        match self.kind:
            case "words" | "name":
                return str(value)
            case "count":
                return count(value) if value == value else NOTHING
            case "score":
                return number(value)
            case "gap":
                return number(value, signed=True)
            case "interval":
                return interval(*value) if value[0] == value[0] else NOTHING
            case "bounded":
                return bounded(value)
            case "bounded_interval":
                return f"[{bounded(value[0])}, {bounded(value[1])}]" if value[0] == value[0] else NOTHING
            case "p":
                return p_value(value)
            case "share":
                return percent(value, 1)
            case "share_interval":
                return f"[{percent(value[0])}, {percent(value[1])}]" if value[0] == value[0] else NOTHING


class Row(NamedTuple):
    """One row of exact values, or with `values` empty the heading of those below it."""

    name: str
    values: tuple[Any, ...] = ()


@dataclass(frozen=True)
class Table:
    """A table: the first column names the rows.

    Parameters
    ----------
    key : str
        Its name in every language: the id in HTML.
    title, note : str
        What it shows; what must be known to read it.
    columns : tuple of Column
        The first is the head of the names.
    rows : tuple of Row
    """

    key: str
    title: str
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    note: str = ""

    def cells(self, row: Row) -> list[str]:
        """A row's numbers as they are read."""
        return [column.shown(value) for column, value in zip(self.columns[1:], row.values, strict=True)]


@dataclass(frozen=True, eq=False)
class Figure:
    """A figure with its text alternative; drawn when a document asks for it.

    Parameters
    ----------
    key : str
        Unique in the report.
    title, description : str
        What it shows; the same in words, computed from the numbers.
    draw : function
        language -> matplotlib Figure.
    language : str
    """

    key: str
    title: str
    description: str
    draw: Callable[[str], Drawing]
    language: str

    def svg(self) -> Markup:
        """The figure as an SVG element with title and description."""
        name = f"gk-report-{self.key}"
        return to_svg(self.draw(self.language), title=self.title, description=self.description, name=name)

    def png(self) -> tuple[bytes, float]:
        """The figure as a picture, and its width in points; in English where no font here has the letters."""
        drawing: Any = self.draw(drawn_language(self.language))
        with warnings.catch_warnings():
            # a letter of a file's title that no font here has is drawn as a box; the text alternative holds it
            warnings.filterwarnings("ignore", message=r"(?s)Glyph .* missing from font")
            picture, size = drawing._repr_png_()
        return picture, float(size["width"])


Part = Heading | Paragraph | Table | Figure


@dataclass(frozen=True, eq=False)
class Section:
    """What an analysis brings to a report.

    Parameters
    ----------
    parts : tuple of Heading, Paragraph, Table, Figure
        The section itself; empty where the survey has nothing for it.
    short, methods, limits : tuple of str
        Its sentences for "In short", for the methods, and for what the report does not tell.
    results : tuple of Result
        Whose methods are stated in full.
    """

    parts: tuple[Part, ...] = ()
    short: tuple[str, ...] = ()
    methods: tuple[str, ...] = ()
    limits: tuple[str, ...] = ()
    results: tuple[Result, ...] = ()


@dataclass(frozen=True, eq=False, repr=False)
class Report:
    """A report on one survey, in no format yet; see `report`.

    Parameters
    ----------
    title, subtitle : str
    language : str
    stem : str
        What files of it are called, without an ending.
    parts : tuple of Heading, Paragraph, Table, Figure
        In the order in which they are read.
    """

    title: str
    subtitle: str
    language: str
    stem: str
    parts: tuple[Part, ...]

    @property
    def tables(self) -> dict[str, Table]:
        """The tables by their key."""
        return {part.key: part for part in self.parts if isinstance(part, Table)}

    @property
    def figures(self) -> dict[str, Figure]:
        """The figures by their key."""
        return {part.key: part for part in self.parts if isinstance(part, Figure)}

    def numbered(self) -> Iterator[tuple[Part, int]]:
        """Each part with its number among the parts of its kind."""
        seen: dict[type, int] = {}
        for part in self.parts:
            seen[type(part)] = seen.get(type(part), 0) + 1
            yield part, seen[type(part)]

    def __repr__(self) -> str:
        return f"<Report {self.title}: {len(self.tables)} tables, {len(self.figures)} figures, {self.language}>"
