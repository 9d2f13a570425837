"""A raw table and a card make a Survey: rows kept, columns found, answers checked and turned."""

from __future__ import annotations

from dataclasses import dataclass, field
from dataclasses import replace as changed
from pathlib import Path

import numpy as np
import pandas as pd

from .card import USUAL_CODES, Card
from .card_columns import ColumnRule, columns_by_name
from .checks import answers_of, check_allocations, check_ids, check_scales, check_weight
from .column_faults import add_lacking, check_columns, unknown_names
from .directions import against_the_others
from .faults import Faults
from .instrument import BATTERIES, Instrument, Scale
from .naming import battery_name
from .numerals import to_number
from .phrase import joined, phrase
from .readers import RawTable
from .source import Source
from .survey import Survey, SurveyError, add_dropped
from .wording import Wordings


@dataclass
class Assembly:
    """One run through the door: collects faults and what is left out, then makes the Survey."""

    name: str
    card: Card
    instrument: Instrument
    table: RawTable
    faults: Faults
    dropped: list[tuple[str, str, int, str]] = field(default_factory=list)
    used: set[int] = field(default_factory=set)
    wordings: Wordings = field(init=False)

    def __post_init__(self) -> None:
        numbers = {float(code) for code in self.card.missing if isinstance(code, (int, float))}
        self.wordings = Wordings(self.instrument, self.card.labels, self.card.descending, frozenset(numbers))

    def survey(self) -> Survey:
        """The checked survey, or SurveyError with all faults."""
        self._keep_rows()
        batteries = self._batteries()
        allocations = self._allocations()
        people = self._respondents()
        check_ids(people, self.card.id, self.faults)
        check_weight(people, self.faults)
        told = [name for name, rule in self.card.columns.items() if rule.scale or self.card.scale]
        check_scales(batteries, self._scales(), told, self.faults)
        for fault in self.wordings.faults():
            self.faults.add(**fault)
        if len(self.faults):
            raise SurveyError(self.faults.table, file=self.name)
        turned = tuple(item.id for item in self.instrument.items if item.reversed)
        batteries = {name: self._turn(answers, name) for name, answers in batteries.items()}
        return Survey(
            instrument=self.instrument,
            **batteries,
            allocations=allocations,
            respondents=people,
            source=changed(self._source(turned), against=tuple(against_the_others(batteries, self.instrument))),
            dropped=add_dropped(self.dropped),
        )

    def _scales(self) -> dict[str, Scale]:
        """The scale of each battery."""
        rules = self.card.columns
        return {name: (rules[name].scale if name in rules else None) or self.instrument.scale for name in BATTERIES}

    def _keep_rows(self) -> None:
        """Leave out the rows that the card does not keep; record them."""
        for column, values in self.card.keep.items():
            j = self._position(column, "keep")
            if j is None:
                continue
            self.used.add(j)
            text = self.table.cells[j].astype("object").where(self.table.cells[j].notna(), "").astype(str).str.strip()
            stay = text.isin(list(values) + [str(code) for code in self.card.missing] if "" in values else list(values))
            if not stay.all():
                kept = joined(map(repr, values), between=" or ")
                why = phrase("{column} is not {values}", column=column, values=kept)
                self.dropped.append(("respondents", column, int((~stay).sum()), why))
                rows = np.asarray(self.table.rows)[stay.to_numpy()]
                self.table = changed(self.table, cells=self.table.cells[stay].reset_index(drop=True), rows=rows)

    def _index(self) -> pd.Index:
        """Row numbers as a spreadsheet shows them."""
        return pd.Index(self.table.rows, name="row")

    def _batteries(self) -> dict[str, pd.DataFrame]:
        """Each battery's answers, n x k; faults for missing, doubled, wrong columns."""
        scales, batteries = self._scales(), {}
        rules = self.card.columns or {name: ColumnRule(code=USUAL_CODES[name]) for name in self.instrument.batteries}
        absent = []
        for name, rule in rules.items():
            self.faults.add_keys(
                [
                    phrase("{key}: {fault}", key=f"columns.{name}", fault=it)
                    for it in unknown_names(rule, self.instrument)
                ],
                where=phrase("the card"),
            )
            found = rule.find(self.table.headers, self.instrument)
            if not any(found.values()):
                absent.append((name, rule))
                continue
            check_columns(name, rule, found, instrument=self.instrument, headers=self.table.headers, faults=self.faults)
            place = {id: columns[0] for id, columns in found.items() if columns}
            self.used |= set(place.values())
            batteries[name] = (
                answers_of(self.table, place, scales[name], self.card.missing, self.faults, self.dropped, self.wordings)
                .reindex(columns=list(self.instrument.item_ids))
                .set_axis(self._index())
            )
        lacking = []
        for name, rule in absent:
            if name in self.card.columns or not batteries:
                lacking.append((name, rule))
            else:
                why = phrase("no columns with {rule}: not measured", rule=rule.named)
                self.dropped.append(("battery", battery_name(name), 0, why))
        if lacking:
            add_lacking(lacking, self.table.headers, self.instrument, self.faults)
        refused = {"out_of_range", "not_a_number"} & {fault["code"] for fault in self.faults.rows}
        if batteries and not refused and not any(answers.notna().to_numpy().any() for answers in batteries.values()):
            named = phrase("the {batteries}", batteries=joined(map(battery_name, batteries), between=" and the "))
            remedy = phrase("The columns are there, but no cell holds an answer: check the export.")
            self.faults.add("empty", phrase("no answers at all"), named, remedy=remedy)
        return batteries

    def _allocations(self) -> pd.DataFrame | None:
        """The 100-point allocations, n x dimensions."""
        if self.card.allocations is None:
            return None
        rule = dict(self.card.allocations) or {d: f"points_{d}" for d in self.instrument.dimension_ids}
        at = columns_by_name(self.table.headers)
        place = {d: at[column.strip()][0] for d, column in rule.items() if column.strip() in at}
        absent = [column for d, column in rule.items() if d not in place]
        if absent and (self.card.allocations or place):
            self.faults.add(
                "missing_column",
                phrase("no column {columns}", columns=", ".join(absent)),
                phrase("the allocations"),
                count=len(absent),
                remedy=phrase(
                    "Give one column for each dimension, or name them in the card's columns.allocations.names."
                ),
            )
        if self.card.allocations and set(rule) != set(self.instrument.dimension_ids):
            self.faults.add(
                "card",
                phrase(
                    "{key}: expected {expected}",
                    key="columns.allocations.names",
                    expected=", ".join(self.instrument.dimension_ids),
                ),
                phrase("the card"),
                remedy=phrase("Give one column for each dimension."),
            )
            return None
        if absent:
            return None
        self.used |= set(place.values())
        points = answers_of(self.table, place, Scale(0, 100), self.card.missing, self.faults, self.dropped).set_axis(
            self._index()
        )
        return check_allocations(points[list(self.instrument.dimension_ids)], self.faults, self.dropped)

    def _respondents(self) -> pd.DataFrame:
        """What is kept about respondents: numbers where every answer is one, else text."""
        headers = self.table.headers
        chosen = self.card.respondents
        if chosen is None:
            place = {}
            if self.card.id:
                self._position(self.card.id, "id")  # a fault where there is no such column
            for j in range(len(headers)):
                if j not in self.used:
                    name = headers[j] or f"column {j + 1}"
                    place[name if name not in place else f"{name} ({j + 1})"] = j
        else:
            found = {name: self._position(column, f"respondents.{name}") for name, column in chosen.items()}
            place = {name: j for name, j in found.items() if j is not None}
            extra = [
                (key, column)
                for key, column in (("id", self.card.id), ("weight", self.card.weight))
                if column and column not in chosen.values()
            ]
            more = {key: self._position(column, key) for key, column in extra}
            place |= {key: j for key, j in more.items() if j is not None}
            rest = [headers[j] for j in range(len(headers)) if j not in self.used | set(place.values())]
            if rest:
                shown = "; ".join(header[:30] for header in rest[:5]) + ("; ..." if len(rest) > 5 else "")
                self.dropped.append(("columns", shown, len(rest), phrase("not named in the card")))
        people = pd.DataFrame({name: self._column(j) for name, j in place.items()}).set_axis(self._index())
        if self.card.weight and "weight" not in people:
            position = self._position(self.card.weight, "weight")
            if position is not None:
                people["weight"] = self._column(position).to_numpy()
        return people

    def _column(self, j: int) -> pd.Series:
        """One column about respondents, as numbers where every filled cell is one; labels of coded values in place."""
        cells = self.table.cells[j]
        text = cells.astype("object").where(cells.notna(), None)
        codes = {str(code).strip() for code in self.card.missing if isinstance(code, str)}
        if codes:
            text = text.where(~text.astype(str).str.strip().isin(codes), None)
        if labels := self.table.value_labels.get(j):
            return text.map(lambda value: labels.get(value, value))
        numbers, texts = to_number(text, decimal=self.table.decimal or ".")
        return text.where(text.notna(), np.nan) if texts.any() or numbers.isna().all() else numbers

    def _position(self, column: str, key: str) -> int | None:
        """Where a named column stands; a fault when it is not there."""
        stripped = [header.strip() for header in self.table.headers]
        if column.strip() in stripped:
            return stripped.index(column.strip())
        self.faults.add(
            "missing_column",
            phrase('no column "{column}"', column=column),
            phrase("the card's {key}", key=key),
            remedy=phrase("Check the spelling against the file's headers."),
        )
        return None

    def _turn(self, answers: pd.DataFrame, battery: str) -> pd.DataFrame:
        """Answers with the highest point as the best: turns reversed items, or on a descending scale all the others.

        How important an item is has nothing to do with how it is worded, so importance is turned by the scale alone.
        """
        scale = self._scales()[battery]
        ascending = self.instrument.scale.ascending is not self.wordings.turned
        own = {item.id for item in self.instrument.items if item.reversed and battery != "importance"}
        turned = [item.id for item in self.instrument.items if (item.id in own) == ascending]
        return answers.assign(**{id: scale.turn(answers[id]) for id in turned})

    def _source(self, turned: tuple[str, ...]) -> Source:
        """Where the answers came from and how the file was read."""
        table, card = self.table, self.card
        return Source(
            title=card.title or (Path(self.name).stem if self.name != "the DataFrame" else "untitled survey"),
            file=None if table.format == "DataFrame" else self.name,
            sha256=table.sha256 or None,
            licence=card.licence,
            citation=card.citation,
            simulated=card.simulated,
            format=table.format,
            encoding=table.encoding,
            delimiter=table.delimiter,
            decimal=table.decimal,
            sheet=table.sheet,
            style=table.style,
            guessed=tuple(table.guessed),
            reversed=turned,
            notes=(*table.notes, *self.wordings.notes),
        )
