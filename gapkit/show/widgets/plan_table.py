"""Costs and effects of one's own for every action at once: a table to fill in, and the file read back."""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterable, Mapping
from io import StringIO
from typing import Any, NamedTuple

import numpy as np
from ipywidgets import Box, Button, FileUpload, Text

from ...decide.actions import Action
from ...survey.numerals import to_number
from ...survey.readers import ReaderFault, read_table
from ..markup import Markup, element, join
from ..text import count, plain, text
from ..translation import translated
from .board import Board, html
from .downloads import download_links
from .own_survey_file import MEGABYTE, Upload

NUMBERS = ("cost", "effect", "sd")
COLUMNS = ("action", *NUMBERS)
MOST_BYTES, MOST_FAULTS = MEGABYTE, 12
DEAREST = 1e12


class Given(NamedTuple):
    """What a table says: action -> cost, and action -> points, with their sd where it is told."""

    costs: Mapping[str, float]
    effects: Mapping[str, Any]


class TableError(ValueError):
    """A table that is not taken; `faults` holds the key of each sentence and what stands in it."""

    def __init__(self, faults: Iterable[tuple[str, dict[str, Any]]]) -> None:
        self.faults = list(faults)
        super().__init__(" ".join(self.words("en")))

    def words(self, language: str) -> list[str]:
        """What is to be put right, a sentence each."""
        return [
            text(f"cost_table.{key}", language, **{name: translated(each, language) for name, each in values.items()})
            for key, values in self.faults
        ]


def table_to_fill(actions: Iterable[Action], language: str) -> bytes:
    """A table of all actions without numbers, as CSV, with the mark by which spreadsheets know UTF-8.

    Examples
    --------
    >>> from gapkit import load_actions
    >>> table_to_fill(load_actions()[:1], "en").decode("utf-8-sig").splitlines()[0]
    'action,cost,effect,sd,what'
    """
    out = StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow([*COLUMNS, "what"])
    writer.writerows([action.id, "", "", "", action.text(language)] for action in actions)
    return out.getvalue().encode("utf-8-sig")


def read_costs(upload: Upload, known: Iterable[str]) -> Given:
    r"""The numbers of a table; lines without any are passed over.

    Parameters
    ----------
    upload : Upload
        CSV, XLSX or what else `read_table` reads, with the columns action, cost, effect and sd; all but the first may
        be left out.
    known : iterable of str
        The ids of the actions.

    Raises
    ------
    TableError
        Every fault at once.

    Examples
    --------
    >>> read_costs(Upload("ours.csv", b"action,cost,effect,sd\na,100,0.5,0.1\nb,,0.2,\n"), ["a", "b"])
    Given(costs={'a': 100.0}, effects={'a': (0.5, 0.1), 'b': 0.2})
    """
    if len(upload.content) > MOST_BYTES:
        raise TableError([("too_large", {"file": upload.shown, "most": count(MOST_BYTES / MEGABYTE)})])
    try:
        table = read_table((upload.name, upload.content))
    except ReaderFault as fault:
        told = {"file": upload.shown, "what": fault.what, "remedy": fault.remedy}
        raise TableError([("unreadable", told)]) from None
    places = {header.strip().casefold(): place for place, header in reversed(list(enumerate(table.headers)))}
    if "action" not in places or not set(NUMBERS) & set(places):
        raise TableError([("no_columns", {"file": upload.shown})])
    ids = table.cells[places["action"]].fillna("").astype(str).str.strip()
    faults: list[tuple[str, dict[str, Any]]] = []
    columns: dict[str, np.ndarray] = {}
    for name in NUMBERS:
        if name not in places:
            columns[name] = np.full(len(ids), np.nan)
            continue
        cells = table.cells[places[name]]
        numbers, wrong = to_number(cells, decimal=table.decimal or ".")
        columns[name] = numbers.to_numpy(float)
        wrong = wrong | ((numbers < 0) & (name != "effect")) | (numbers.abs() > DEAREST)
        faults += [
            ("no_number", {"row": count(table.rows[at]), "column": name, "found": plain(cells.iloc[at], 30)})
            for at in np.flatnonzero(wrong)
        ]
    rows = [at for at in range(len(ids)) if any(np.isfinite(columns[name][at]) for name in NUMBERS)]
    allowed, seen = set(known), set()
    for at in rows:
        row, id = {"row": count(table.rows[at])}, ids.iloc[at]
        if id not in allowed:
            faults.append(("unknown", row | {"action": plain(id, 40)}))
        elif id in seen:
            faults.append(("twice", row | {"action": plain(id, 40)}))
        if np.isfinite(columns["sd"][at]) and not np.isfinite(columns["effect"][at]):
            faults.append(("sd_alone", row))
        seen.add(id)
    if faults:
        raise TableError(faults)
    if not rows:
        raise TableError([("empty", {"file": upload.shown})])
    cost, effect, sd = (columns[name].tolist() for name in NUMBERS)
    costs = {ids.iloc[at]: cost[at] for at in rows if np.isfinite(cost[at])}
    with_sd = {at: (effect[at], sd[at]) if np.isfinite(sd[at]) else effect[at] for at in rows}
    return Given(costs, {ids.iloc[at]: with_sd[at] for at in rows if np.isfinite(effect[at])})


class CostTable(Box):
    """A part of a card: the table to fill in, the button that takes it back, and what came of it.

    Parameters
    ----------
    board : Board
    known : sequence of Action
        The catalogue.
    changed : function
        Called when numbers were given or taken away; where it raises, those before stay.

    Attributes
    ----------
    given : Given or None
        What the table says that is in use.
    """

    def __init__(self, board: Board, known: Iterable[Action], *, changed: Callable[[], None]) -> None:
        self._board, self._actions, self._changed = board, list(known), changed
        self.given: Given | None = None
        self._told: Callable[[str], Markup] | None = None
        self.upload = FileUpload(accept=".csv,.xlsx", multiple=False)
        self.refused, self.remove = Text(placeholder=str(MOST_BYTES)), Button()
        self.about, self.told, self.links = html(), html(), html("", "gk-links")
        self.upload.observe(self._guarded(self._uploaded), "value")
        self.refused.observe(self._guarded(self._stopped), "value")
        self.remove.on_click(self._guarded(self._forget))
        row = Box([self.upload, self.remove])
        row.add_class("gk-row")
        super().__init__([self.about, self.links, row, self.told, self.refused])
        for box, name in ((self, "gk-cost-table"), (self, "gk-takes-file"), (self.refused, "gk-refused")):
            box.add_class(name)

    def draw(self, language: str) -> None:
        """Words in a language."""
        self.about.value = element("p", text("cost_table.about", language), class_="gk-note")
        files = [(text("cost_table.to_fill", language), ("actions.csv", table_to_fill(self._actions, language)))]
        self.links.value = download_links(files)
        self.upload.description = text("cost_table.upload", language)
        self.remove.description = text("cost_table.remove", language)
        self.remove.layout.display = "none" if self.given is None else None
        self.told.value = "" if self._told is None else self._told(language)

    def give(self, name: str, content: bytes) -> None:
        """Take a file, as if the reader had chosen it."""
        self._board.attempt(lambda: self._take(Upload(name, content)))

    def _take(self, upload: Upload) -> None:
        """Use the numbers of a file, or say what is to be put right in it."""
        try:
            given = read_costs(upload, (action.id for action in self._actions))
        except TableError as error:
            self._say(_refused(error))
            return
        actions = count(len({*given.costs, *given.effects}))
        self._say(lambda language: element("p", text("cost_table.taken", language, file=upload.shown, n=actions)))
        self._use(given)

    def _use(self, given: Given | None) -> None:
        """Numbers from now on; what the board cannot plan with is let go."""
        before, self.given = self.given, given
        try:
            self._changed()
        except Exception:
            self.given = before
            self._say(None)
            self._changed()
            raise

    def _forget(self) -> None:
        """Back to the numbers without the file."""
        self._say(None)
        self._use(None)

    def _uploaded(self) -> None:
        """A file has come."""
        if self.upload.value:
            given = self.upload.value[0]
            with self._board.quietly():
                self.upload.value = ()  # the widget lets go of its copy
            self._take(Upload(str(given["name"]), bytes(given["content"])))

    def _stopped(self) -> None:
        """The page stopped a file that was too large to be sent."""
        if self.refused.value:
            name = plain(self.refused.value.partition(";")[2], 80)
            with self._board.quietly():
                self.refused.value = ""
            self._say(_refused(TableError([("too_large", {"file": name, "most": count(MOST_BYTES / MEGABYTE)})])))

    def _say(self, words: Callable[[str], Markup] | None) -> None:
        """Say something, and again in another language."""
        self._told = words
        self.draw(str(self._board.language.value))

    def _guarded(self, action: Callable[[], None]) -> Callable[[Any], None]:
        """An action through the board's guard."""

        def called(_change: Any) -> None:
            if not self._board.quiet:
                self._board.attempt(action)

        return called


def _refused(error: TableError) -> Callable[[str], Markup]:
    """What is to be put right, in any language."""

    def say(language: str) -> Markup:
        """The first sentences."""
        lines = [element("p", words) for words in error.words(language)[:MOST_FAULTS]]
        return element("div", join(lines), role="alert", class_="gk-alert")

    return say
