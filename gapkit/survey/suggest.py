"""A card proposed for a file nobody has described yet: which column holds which answer, how surely, and why."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from .card import Card
from .card_columns import ColumnRule
from .checks import USUAL_IDS
from .directions import directions
from .faults import Faults
from .file_columns import SCALE_SHARE, Column, as_table, column_of
from .instrument import Instrument, Scale, load_instrument
from .loading import file_name, raw_table
from .numerals import to_number
from .phrase import phrase
from .placing import place
from .readers import RawTable
from .result import Result
from .single_block import ALONE
from .split_points import ALLOCATIONS, place_points
from .survey import SurveyError
from .wording import Wordings

WEIGHTS = ("weight", "weights", "wt", "权重", "加权", "가중치")


@dataclass(frozen=True, eq=False, repr=False, kw_only=True)
class Suggestion(Result):
    """A proposed card and what speaks for it.

    Parameters
    ----------
    card : Card
        Ready for ``load_survey(file, card=suggestion.card)``; holds only what is sure enough.
    columns : DataFrame, one row per column of the file
        `column` (its number), `header`, `battery`, `item`, `confidence` (0 to 1), `placed`, `why`. A battery and item
        in a row that is not placed are the best guess, too weak to be used.
    direction : DataFrame
        What the file says about which end of the scale is the best, and which items look as if they were worded the
        other way round. Nothing of the latter is put in the card: it is a question to whoever knows the questionnaire.
    missing_items : dict
        Battery -> items for which no column was found.
    notes : tuple of str
        What was guessed although nothing in the file says it, and what was found and could not be used.
    """

    card: Card
    columns: pd.DataFrame
    direction: pd.DataFrame
    missing_items: dict[str, list[str]] = field(default_factory=dict)
    notes: tuple[str, ...] = ()

    @property
    def headline(self) -> str:
        """How much was placed."""
        placed = self.columns[self.columns["placed"]]
        counts: dict[Any, int] = placed["battery"].value_counts(sort=False).to_dict()
        each = [
            f"{battery} {count} of {count + len(lacking)} items{' (a guess)' if self._guessed(battery) else ''}"
            for battery, count in counts.items()
            if (lacking := self.missing_items.get(battery)) is not None
        ]
        each += [f"points for {len(self.card.allocations)} dimensions"] if self.card.allocations else []
        return f"{len(placed)} of {len(self.columns)} columns placed: {', '.join(each) or 'nothing sure enough'}"

    def _guessed(self, battery: str) -> bool:
        """Whether no column of a battery says that it belongs there."""
        own = self.columns[self.columns["placed"] & (self.columns["battery"] == battery)]
        return bool((own["confidence"] <= ALONE).all())

    @property
    def unplaced(self) -> pd.DataFrame:
        """The columns that are not in the card as answers."""
        return self.columns[~self.columns["placed"]].drop(columns="placed")

    def to_toml(self) -> str:
        """The card as TOML to save beside the file and edit; what is doubtful stands there as a comment."""
        card, lines = (
            self.card,
            [f"# Proposed by gapkit for {' '.join(self.source.split())}: look it over. {self.headline}."],
        )
        lines += [f"title = {_quoted(card.title)}", f"instrument = {_quoted(card.instrument)}"]
        lines += [f"id = {_quoted(card.id)}"] * bool(card.id) + [f"weight = {_quoted(card.weight)}"] * bool(card.weight)
        if card.scale:
            lines.append(f"scale = [{card.scale.low:g}, {card.scale.high:g}]")
        if card.descending is not None:
            lines.append(f"descending = {str(card.descending).lower()}")
        lines += [f"# {question}" for question in self.direction["question"].astype(str) if question]
        lines += [f"# {' '.join(note.split())}" for note in self.notes]
        lines += ["", "[file]"] + [f"{key} = {_quoted(value)}" for key, value in card.file.items()]
        for battery, rule in card.columns.items():
            lines += ["", f"[columns.{battery}.names]"]
            lines += [f"{id} = {_quoted(name)}" for id, name in _names(rule).items()]
            lines += [f"# {id} = ?" for id in self.missing_items[battery]]
        if card.allocations:
            lines += ["", "[columns.allocations.names]"]
            lines += [f"{id} = {_quoted(name)}" for id, name in card.allocations.items()]
        doubtful = self.unplaced[self.unplaced["confidence"] > 0]
        if len(doubtful):
            lines += ["", "# Not placed, too doubtful:"]
            lines += [f"# column {row.column} {_quoted(row.header)}: {row.why}" for row in doubtful.itertuples()]
        return "\n".join(lines) + "\n"


def suggest_card(
    file: Any,
    instrument: str | Path | Instrument,
    *,
    at_least: float = 0.7,
    scale: tuple[float, float] | None = None,
    **reading: str,
) -> Suggestion:
    """Propose which columns of a file hold which answers; to be looked over, edited and passed on as a card.

    Names such as E1, e_01, exp1, q1_e or Q1_1, item ids, numbers before questions ("5-1. ..."), words such as expected,
    期望, 기대 or perceived, 感知, 인지, and questions worded like the instrument's labels are the clues; only columns
    whose cells lie on the scale are considered. Where clues contradict each other, two columns claim the same item, or
    only the order of two blocks would tell expectations from perceptions, the column is left unplaced and says why.
    A single block of as many columns as there are items, Q1 to Q22, is taken for the perceptions, and said to be a
    guess. Points out of 100 for the dimensions are found by their names and their sum.

    Parameters
    ----------
    file : str, Path, DataFrame, or (name, bytes)
        As for `load_survey`.
    instrument : str, Path or Instrument
    at_least : float
        The confidence from which a column is placed.
    scale : (low, high), optional
        Where the survey used another scale than the instrument's.
    **reading
        encoding, delimiter, decimal, sheet, style: as for `load_survey`.

    Returns
    -------
    Suggestion
        ``card``, the table ``columns``, ``direction``, and ``to_toml()``.

    Raises
    ------
    SurveyError
        The file cannot be read.

    Examples
    --------
    >>> answers = pd.DataFrame({f"{half}_{n:02d}": [7, 6, 5] for half in ("exp", "per") for n in range(1, 23)})
    >>> suggestion = suggest_card(answers.assign(age=[30, 41, 52]), "servqual")
    >>> suggestion
    <Suggestion: 44 of 45 columns placed: expectations 22 of 22 items, perceptions 22 of 22 items>
    >>> from gapkit import load_survey
    >>> load_survey(answers, card=suggestion.card).n
    3
    """
    name, faults = file_name(file), Faults()
    asked = load_instrument(instrument).asked(scale=Scale(*scale) if scale else None)
    table = raw_table(file, {key: value for key, value in reading.items() if value is not None}, faults, name)
    if table is None:
        raise SurveyError(faults.table, file=name)
    columns = [column_of(table, j, asked) for j in range(len(table.headers))]
    notes = place(columns, asked, at_least)
    notes += place_points(columns, table, asked, at_least)
    found: dict[str, dict[str, int]] = {battery: {} for battery in (*asked.batteries, ALLOCATIONS)}
    for column in columns:
        if column.placed:
            found[column.battery.value][column.item.value] = column.number - 1
    points = found.pop(ALLOCATIONS)
    found = {battery: places for battery, places in found.items() if places}
    wordings = Wordings(asked)
    numbers = {battery: _numbers(table, places, asked, wordings) for battery, places in found.items()}
    direction, descending = directions(wordings, numbers, asked)
    rules = {
        battery: ColumnRule(names={id: _name_of(table.headers, places[id]) for id in asked.item_ids if id in places})
        for battery, places in found.items()
    }
    card = Card(
        title=Path(name).stem if not isinstance(file, pd.DataFrame) else "untitled survey",
        instrument=instrument if isinstance(instrument, Instrument) else str(instrument),
        id=_named(table, USUAL_IDS, unique=True),
        weight=_named(table, WEIGHTS, unique=False),
        scale=Scale(*scale) if scale else None,
        descending=descending,
        columns=rules,
        allocations=_allocations(table, points, asked) if points or not _has_points(columns) else None,
        file=_reading(table),
    )
    return Suggestion(
        n=len(table.cells),
        source=name,
        method=phrase(
            "A column is placed from a confidence of {at_least:g} on; the lower of what speaks for its battery and for "
            "its item counts. Only columns with at least {share:.0%} of their cells on {scale} count.",
            at_least=at_least,
            share=SCALE_SHARE,
            scale=asked.scale,
        ),
        card=card,
        columns=as_table(columns),
        direction=direction,
        missing_items={battery: [id for id in asked.item_ids if id not in own] for battery, own in found.items()},
        notes=tuple(notes),
    )


def _numbers(table: RawTable, places: dict[str, int], instrument: Instrument, wordings: Wordings) -> pd.DataFrame:
    """A battery's answers as numbers, and into `wordings` what the file says about its direction."""
    answers = {}
    for id, j in places.items():
        numbers, texts = to_number(table.cells[j], decimal=table.decimal or ".")
        values, where = np.array(numbers, dtype=float), table.headers[j]
        missing = table.user_missing.get(j, [])
        wordings.note_codes(table.value_labels.get(j, {}), instrument.scale, where, missing=missing)
        if texts.any():
            values[texts] = wordings.read(table.cells[j][texts], instrument.scale, where)
        low, high = instrument.scale.low, instrument.scale.high
        answers[id] = np.where((values >= low) & (values <= high), values, np.nan)
    return pd.DataFrame(answers)


def _name_of(headers: Sequence[str], j: int) -> str:
    """How a card names a column: by its header, or by its place where that says nothing or stands twice."""
    own = headers[j].strip()
    return own if own and [header.strip() for header in headers].count(own) == 1 else f"column {j + 1}"


def _has_points(columns: Sequence[Column]) -> bool:
    """Whether columns were found that look like points, used or not."""
    return any(column.battery.value == ALLOCATIONS for column in columns)


def _allocations(table: RawTable, points: Mapping[str, int], instrument: Instrument) -> dict[str, str]:
    """Dimension -> the column with its points."""
    return {id: _name_of(table.headers, points[id]) for id in instrument.dimension_ids if id in points}


def _named(table: RawTable, usual: Sequence[str], *, unique: bool) -> str | None:
    """The column of a usual name; for ids only if nobody stands there twice, for weights only numbers above 0."""
    for j, header in enumerate(table.headers):
        if header.strip().casefold() in usual:
            cells = table.cells[j]
            numbers, texts = to_number(cells, decimal=table.decimal or ".")
            fits = not cells.dropna().duplicated().any() if unique else bool((numbers > 0).all()) and not texts.any()
            return header.strip() if fits else None
    return None


def _reading(table: RawTable) -> dict[str, Any]:
    """How the file was read, so that it is read the same way again."""
    found = {key: getattr(table, key) for key in ("encoding", "delimiter", "decimal", "sheet", "style")}
    return {} if table.format == "DataFrame" else {key: value for key, value in found.items() if value is not None}


def _names(rule: ColumnRule) -> Mapping[str, str]:
    """Item -> column; proposed rules always name them so."""
    return rule.names if isinstance(rule.names, Mapping) else {}


def _quoted(text: object) -> str:
    """A TOML text; JSON's escapes are TOML's but for one character."""
    return json.dumps("" if text is None else str(text), ensure_ascii=False).replace("\x7f", "\\u007f")
