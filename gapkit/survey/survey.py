"""What was answered: the Survey that every later room takes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
import pandas as pd

from .instrument import BATTERIES, Instrument
from .phrase import joined, phrase, plural
from .source import Source
from .summary import summary_of

DROPPED_COLUMNS = ["what", "where", "count", "why"]
FLAGGED = phrase("flagged by screening")
FAULT_COLUMNS = ["code", "what", "where", "rows", "count", "remedy"]


class SurveyError(ValueError):
    """A survey that cannot be used as it is: the message lists every fault, `faults` holds them as a table.

    Parameters
    ----------
    faults : DataFrame
        One fault a row: code, what, where (file, column), rows (numbers as a spreadsheet shows them), count, remedy.
    file : str
        The file's name, for the message.
    """

    def __init__(self, faults: pd.DataFrame, *, file: str) -> None:
        self.faults = faults.reset_index(drop=True)
        self.file = file
        super().__init__(self._message())

    def _message(self) -> str:
        """All faults, one a line: what, where, what to do."""
        lines = [
            plural(
                len(self.faults),
                "{file}: {count} fault found; nothing was loaded.",
                "{file}: {count} faults found; nothing was loaded.",
                file=self.file,
            )
        ]
        for fault in self.faults.to_dict("records"):
            place = phrase(" in {where}", where=fault["where"]) if fault["where"] else ""
            rows = phrase(" ({rows})", rows=fault["rows"]) if fault["rows"] else ""
            what, remedy = fault["what"], fault["remedy"]
            lines.append(phrase("- {what}{place}{rows}. {remedy}", what=what, place=place, rows=rows, remedy=remedy))
        return joined(lines, between="\n")


def add_dropped(rows: Iterable[tuple[str, str, int, str]], to: pd.DataFrame | None = None) -> pd.DataFrame:
    """A table of what was left out - what, where, count, why - added to another one."""
    before = [] if to is None else list(to.itertuples(index=False, name=None))
    # as objects: pandas' own type for texts would forget how a phrase was made
    return pd.DataFrame([*before, *rows], columns=DROPPED_COLUMNS, dtype=object).astype({"count": "int64"})


@dataclass(frozen=True, eq=False, repr=False)
class Survey:
    """Answers to one instrument, checked.

    Parameters
    ----------
    instrument : Instrument
        What was asked.
    expectations, perceptions, minimum, desired, importance : DataFrame or None
        n respondents x k items, same index, same columns ("q01", ...), scale points, NaN = unanswered. None where the
        battery was not asked.
    allocations : DataFrame or None
        n x dimensions: how each respondent split 100 points of importance; NaN = not split.
    respondents : DataFrame
        n x any: groups, outcomes, and survey weights in the column "weight".
    source : Source
        Title, file, licence, what was guessed.
    dropped : DataFrame
        What was left out and why: what, where, count, why.

    Examples
    --------
    >>> import gapkit as gk
    >>> survey = gk.datasets.load("hotel")
    >>> gap = survey.perceptions - survey.expectations
    >>> gap.shape == (survey.n, 22)
    True
    """

    instrument: Instrument
    expectations: pd.DataFrame | None = None
    perceptions: pd.DataFrame | None = None
    minimum: pd.DataFrame | None = None
    desired: pd.DataFrame | None = None
    importance: pd.DataFrame | None = None
    allocations: pd.DataFrame | None = None
    respondents: pd.DataFrame = field(default_factory=pd.DataFrame)
    source: Source = field(default_factory=Source)
    dropped: pd.DataFrame = field(default_factory=lambda: add_dropped([]))

    def __post_init__(self) -> None:
        if not self.batteries:
            raise ValueError(f"a Survey needs answers: give at least one of {', '.join(BATTERIES)}.")
        first = next(iter(self.batteries.values()))
        if self.respondents.empty and len(self.respondents.columns) == 0:
            object.__setattr__(self, "respondents", pd.DataFrame(index=first.index))
        for name, answers in self.batteries.items():
            named = answers.copy(deep=False)
            named.attrs["source"] = str(self.source)  # so that a table taken out of the survey still says whose it is
            object.__setattr__(self, name, named)
        for name, table in (
            *self.batteries.items(),
            ("allocations", self.allocations),
            ("respondents", self.respondents),
        ):
            if table is not None and not table.index.equals(first.index):
                raise ValueError(
                    f"{name} has other rows than {next(iter(self.batteries))}: give every table the same index."
                )
            if name in self.batteries and list(self.batteries[name].columns) != list(self.instrument.item_ids):
                raise ValueError(f"{name} must have the columns {', '.join(self.instrument.item_ids)}, in this order.")

    @property
    def batteries(self) -> dict[str, pd.DataFrame]:
        """The batteries that were asked, by name."""
        asked = {name: getattr(self, name) for name in BATTERIES}
        return {name: answers for name, answers in asked.items() if answers is not None}

    @property
    def n(self) -> int:
        """Respondents, with or without answers."""
        return len(self.respondents)

    @property
    def weights(self) -> pd.Series | None:
        """Survey weights from ``respondents["weight"]``, or None."""
        return self.respondents.get("weight")

    @property
    def gaps(self) -> pd.DataFrame:
        """The model in one line: perceptions - expectations, n x k, NaN unless both were answered."""
        return self.battery("perceptions") - self.battery("expectations")

    def battery(self, name: str) -> pd.DataFrame:
        """The answers of one battery; ValueError says which batteries there are."""
        if name not in self.batteries:
            there = ", ".join(self.batteries)
            raise ValueError(
                phrase(
                    '{source}: no "{name}" in this survey; it has {there}.', source=self.source, name=name, there=there
                )
            )
        return self.batteries[name]

    def dimension_scores(self, answers: pd.DataFrame | str) -> pd.DataFrame:
        """Each respondent's mean over the answered items of each dimension: n x dimensions.

        Parameters
        ----------
        answers : DataFrame or str
            n x k, or the name of a battery, or "gaps".
        """
        if isinstance(answers, str):
            answers = self.gaps if answers == "gaps" else self.battery(answers)
        values = answers.to_numpy(float)
        place = {id: j for j, id in enumerate(answers.columns)}
        scores = np.full((len(values), len(self.instrument.dimensions)), np.nan)
        for d, dimension in enumerate(self.instrument.dimensions):
            own = values[:, [place[id] for id in dimension.items]]
            answered = np.isfinite(own).sum(1)
            np.divide(np.nansum(own, axis=1), answered, out=scores[:, d], where=answered > 0)
        return pd.DataFrame(scores, index=answers.index, columns=list(self.instrument.dimension_ids))

    def only(self, keep: Any, *, why: str) -> Survey:
        """The survey of some respondents; what is left out is recorded in `dropped`.

        Parameters
        ----------
        keep : boolean array or Series, length n
            True for those who stay.
        why : str
            The reason, as it will stand in `dropped`.
        """
        mask = np.asarray(keep, dtype=bool)
        if mask.shape != (self.n,):
            raise ValueError(
                f"keep must hold one True or False for each of the {self.n} respondents, not shape {mask.shape}."
            )
        parts: dict[str, Any] = {name: table[mask] for name, table in self.batteries.items()}
        if self.allocations is not None:
            parts["allocations"] = self.allocations[mask]
        out = int((~mask).sum())
        dropped = add_dropped([("respondents", "", out, why)], to=self.dropped) if out else self.dropped
        return replace(self, **parts, respondents=self.respondents[mask], dropped=dropped)

    def where(self, **groups: Any) -> Survey:
        """The respondents of a group, such as ``survey.where(hotel="B")``; recorded in `dropped`."""
        keep = np.ones(self.n, dtype=bool)
        for column, value in groups.items():
            if column not in self.respondents:
                columns = ", ".join(map(str, self.respondents.columns))
                raise ValueError(f'no column "{column}" among the respondents; there are: {columns}.')
            values = value if isinstance(value, (list, tuple, set)) else [value]
            keep &= self.respondents[column].isin(list(values)).to_numpy()
        named = ", ".join(f"{column} = {value}" for column, value in groups.items())
        return self.only(keep, why=phrase("outside {groups}", groups=named))

    def without(self, flags: Any, *, why: str = FLAGGED) -> Survey:
        """The survey without flagged respondents: the only way gapkit filters; recorded in `dropped`."""
        return self.only(~np.asarray(flags, dtype=bool), why=why)

    def __repr__(self) -> str:
        return f"<Survey {self.source}: {self.n} respondents, {self.instrument.id} ({', '.join(self.batteries)})>"

    def summary(self) -> str:
        """What is in the survey, how it was read, and what was left out, as plain text."""
        return summary_of(self.n, self.source, self.instrument, self.batteries, self.dropped)


def make_faults(rows: Iterable[Mapping[str, Any]]) -> pd.DataFrame:
    """Faults as a table with the columns of `SurveyError.faults`."""
    return pd.DataFrame(list(rows), columns=FAULT_COLUMNS, dtype=object).astype({"count": "int64"})
