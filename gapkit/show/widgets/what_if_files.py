"""What can be taken along from the what-if board: a table of numbers and the figures, as links that hold the files."""

from __future__ import annotations

import base64
from collections.abc import Callable, Mapping
from typing import Any

import pandas as pd
from ipywidgets import Box, Button

from ..markup import Markup, element, join
from ..text import text
from .board import html
from .what_if_view import EVERYBODY, View

COLUMNS = [
    "scenario", "whose", "what", "row", "asked", "attained", "expected", "before", "after", "change", "low", "high",
    "n",
]  # fmt: skip
Files = Mapping[str, tuple[str, str, bytes]]
"""Key of the words -> file name, media type, content."""
STARTS_A_FORMULA = ("=", "+", "-", "@", "\t", "\r")


class Take(Box):
    """A card: a button that makes the files, and links that hold them until something moves.

    Files are made when they are asked for: a picture takes longer to draw than a slider may wait.

    Parameters
    ----------
    make : function
        Makes the files of what is shown: key of the words -> file name, media type, content.
    attempt : function
        Runs an action; an error becomes the board's alert.
    state : function
        All that the files are made of, to be compared.
    """

    def __init__(
        self, *, make: Callable[[], Files], attempt: Callable[[Callable[[], None]], None], state: Callable[[], Any]
    ) -> None:
        self._make, self._state = make, state
        self._made_of: Any = None
        self.head, self.links, self.prepare = html("", "gk-card-head"), html("", "gk-files"), Button()
        self.prepare.on_click(lambda _: attempt(self._prepare))
        self._language = "en"
        super().__init__([self.head, self.prepare, self.links])

    def _prepare(self) -> None:
        """Make the files; the links hold them."""
        self.links.value = links(self._make(), self._language)
        self._made_of = self._state()

    def draw(self, language: str) -> None:
        """Words in a language; links to files that are no longer what is shown are taken away."""
        self._language = language
        self.head.value = element("h2", text("what_if.files", language))
        self.prepare.description = text("what_if.prepare", language)
        if self._made_of is None:
            self.links.value = element("p", text("what_if.files_note", language), class_="gk-note")
        elif self._made_of != self._state():
            self.links.value = element("p", text("what_if.files_old", language), class_="gk-note")


def numbers_table(views: Mapping[str, View]) -> pd.DataFrame:
    """Every number of some scenarios, exact, one row a dimension, overall score or target of the outcome.

    Parameters
    ----------
    views : mapping of name to View

    Returns
    -------
    DataFrame
        Columns scenario, whose (answers move), what ("perceptions" or the outcome), row, asked and attained shift,
        expected, before, after, change, low and high (interval of the change), n.
    """
    rows: list[dict[str, Any]] = []
    for name, view in views.items():
        column, group = view.case.whose
        own = {"scenario": name, "whose": "everybody" if view.case.whose == EVERYBODY else f"{column} = {group}"}
        tables = [
            [*table.to_dict("records"), row] for table, row in zip((view.before, view.after), view.overall, strict=True)
        ]
        shifts = [*view.moves[["asked", "attained"]].to_dict("records"), {}]
        for id, start, end, shift in zip([*view.before.index, "overall"], *tables, shifts, strict=True):
            row = own | shift | {"what": "perceptions", "row": str(id), "expected": start["E"], "n": int(end["n"])}
            rows.append(row | {"before": start["P"], "after": end["P"], "change": end["P"] - start["P"]})
        if view.outlook is not None:
            for target, values in view.outlook.change.to_dict("index").items():
                numbers = {str(key): value for key, value in values.items()}
                rows.append(own | {"what": view.outlook.outcome, "row": str(target), "n": view.outlook.n} | numbers)
    return pd.DataFrame(rows, columns=COLUMNS)


def no_formulas(table: pd.DataFrame) -> pd.DataFrame:
    """The table with an apostrophe before words that a spreadsheet would take for a formula; numbers stay numbers.

    Examples
    --------
    >>> no_formulas(pd.DataFrame({"name": ["=1+1", "plain"], "gap": [-1.5, 0.5]}))["name"].tolist()
    ["'=1+1", 'plain']
    """
    guarded = table.copy()
    for name in table.columns:
        if not pd.api.types.is_numeric_dtype(table[name]):
            cells = table[name].astype(object)
            guarded[name] = [f"'{cell}" if str(cell).startswith(STARTS_A_FORMULA) else cell for cell in cells]
    return guarded


def csv_file(views: Mapping[str, View]) -> bytes:
    """The numbers as CSV, with the mark by which spreadsheets know UTF-8."""
    return no_formulas(numbers_table(views)).to_csv(index=False, lineterminator="\r\n").encode("utf-8-sig")


def links(files: Files, language: str) -> Markup:
    """Links that hold their files."""
    made = []
    for key, (name, kind, content) in files.items():
        address = f"data:{kind};base64,{base64.b64encode(content).decode('ascii')}"
        made.append(element("a", text(f"what_if.{key}", language), href=address, download=name, class_="gk-file"))
    return element("p", join(made))
