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
from .faults import Faults
from .instrument import Instrument, Scale, load_instrument
from .loading import file_name, raw_table
from .numerals import to_number
from .phrase import phrase
from .placing import SCALE_SHARE, as_table, column_of, place
from .readers import RawTable
from .result import Result
from .survey import SurveyError
from .wording import Wordings

WEIGHTS = ("weight", "weights", "wt", "权重", "加权", "가중치")
FEWEST = 20  # respondents for whom a correlation says anything
AGAINST = -0.3


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
    """

    card: Card
    columns: pd.DataFrame
    direction: pd.DataFrame
    missing_items: dict[str, list[str]] = field(default_factory=dict)

    @property
    def headline(self) -> str:
        """How much was placed."""
        placed = self.columns[self.columns["placed"]]
        each = ", ".join(
            f"{battery} {count} of {count + len(self.missing_items[str(battery)])} items"
            for battery, count in placed["battery"].value_counts(sort=False).to_dict().items()
        )
        return f"{len(placed)} of {len(self.columns)} columns placed: {each or 'nothing sure enough'}"

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
        lines += ["", "[file]"] + [f"{key} = {_quoted(value)}" for key, value in card.file.items()]
        for battery, rule in card.columns.items():
            lines += ["", f"[columns.{battery}.names]"]
            lines += [f"{id} = {_quoted(name)}" for id, name in _names(rule).items()]
            lines += [f"# {id} = ?" for id in self.missing_items[battery]]
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
    place(columns, asked, at_least)
    found: dict[str, dict[str, int]] = {battery: {} for battery in asked.batteries}
    for column in columns:
        if column.placed:
            found[column.battery.value][column.item.value] = column.number - 1
    found = {battery: places for battery, places in found.items() if places}
    wordings = Wordings(asked)
    numbers = {battery: _numbers(table, places, asked, wordings) for battery, places in found.items()}
    direction, descending = _direction(wordings, numbers, asked)
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


def _direction(
    wordings: Wordings, numbers: dict[str, pd.DataFrame], instrument: Instrument
) -> tuple[pd.DataFrame, bool | None]:
    """What labels say about the scale's direction, and items that run against the others of their dimension."""
    rows: list[dict[str, Any]] = []
    kinds = {kind for kind, *_ in wordings.evidence}
    low, high = instrument.scale.low, instrument.scale.high
    said = {kind: example for kind, example, *_ in reversed(wordings.evidence)}
    descending = None
    if "against" in kinds and "same" not in kinds:
        descending = instrument.scale.ascending
        rows.append(
            _said("scale", f"{low:g} is the best" if descending else f"{high:g} is the best", 0.95, said["against"])
        )
    elif "same" in kinds and "against" not in kinds:
        best = high if instrument.scale.ascending else low
        rows.append(_said("scale", f"{best:g} is the best", 0.95, said["same"]))
    else:
        why = f'labels such as "{next(iter(said.values()))}"' if said else "only digits, or words without digits"
        question = f"Is {low:g} the best answer or the worst? Not said in the file: descending = true, or false."
        rows.append(_said("scale", "not said in the file: as in the instrument", 0.5, why, question * bool(said)))
    for id, r in _against_the_others(numbers, instrument).items():
        what = f"worded the other way round? (r = {r:.2f} with the rest of its dimension)"
        question = (
            f'{id} runs against its dimension: if it is worded the other way round, add reversed = ["{id}", ...].'
        )
        rows.append(_said(id, what, min(0.65, 0.3 + abs(r) / 2), "correlations in every battery", question))
    return pd.DataFrame(rows), descending


def _said(what: str, direction: str, confidence: float, why: str, question: str = "") -> dict[str, Any]:
    """One row of the table of directions."""
    return {"what": what, "direction": direction, "confidence": confidence, "why": why, "question": question}


def _against_the_others(numbers: dict[str, pd.DataFrame], instrument: Instrument) -> dict[str, float]:
    """Items whose correlation with the rest of their dimension is clearly negative in every battery."""
    found: dict[str, list[float]] = {}
    for battery, answers in numbers.items():
        if battery == "importance":
            continue
        asked = answers.assign(**{i.id: -answers[i.id] for i in instrument.items if i.reversed and i.id in answers})
        for dimension in instrument.dimensions:
            own = asked[[id for id in dimension.items if id in asked]]
            if own.shape[1] < 3 or len(own.dropna()) < FEWEST:
                continue
            # the mean of the correlations with the others, so that one turned item does not spoil its neighbours' sum
            mean_r = (own.corr().sum() - 1) / (own.shape[1] - 1)
            for id, r in mean_r.items():
                found.setdefault(str(id), []).append(float(r))
    return {id: max(each) for id, each in found.items() if max(each) <= AGAINST}


def _name_of(headers: Sequence[str], j: int) -> str:
    """How a card names a column: by its header, or by its place where that says nothing or stands twice."""
    own = headers[j].strip()
    return own if own and [header.strip() for header in headers].count(own) == 1 else f"column {j + 1}"


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
