"""What the gap explorer shows for a choice: tables out of gap scores, chosen but not computed anew."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from ...measure.gaps import GapScores
from ...survey.survey import Survey
from ..text import text
from .pieces import Section

EVERY = ""
"""All dimensions, no grouping, or all groups side by side."""
MINIMUM_N = 5
MOST_GROUPS = 24


class Choice(NamedTuple):
    """The state of the controls, in no language."""

    data: str
    dimension: str = EVERY
    by: str = EVERY
    group: Any = EVERY
    weighting: str = "none"


class GapView(NamedTuple):
    """What is drawn.

    rows : one row a dimension, item or group, columns of `gap_scores`; `ids` in order.
    kind : "dimensions", "items" or "groups": what the rows are.
    items : numbers of the items (None when groups are compared).
    heat : gaps of items by group (None unless groups are compared).
    head, other : the number of the first tile and the one to hold it against; Series, or None where not measured.
    hidden : groups that are too small to be shown.
    """

    rows: pd.DataFrame
    kind: str
    items: pd.DataFrame | None
    heat: pd.DataFrame | None
    head: pd.Series | None
    other: pd.Series | None
    hidden: list[Any]
    scores: GapScores


def group_columns(survey: Survey) -> list[str]:
    """The columns that respondents can be grouped by: words, at most 24 different ones, two of them often enough."""
    columns = []
    for name in survey.respondents.columns:
        values = survey.respondents[name]
        if name == "weight" or (pd.api.types.is_numeric_dtype(values) and not pd.api.types.is_bool_dtype(values)):
            continue
        sizes = values.value_counts()
        if len(sizes) <= MOST_GROUPS and (sizes >= MINIMUM_N).sum() > 1:
            columns.append(str(name))
    return columns


def weightings(survey: Survey) -> list[str]:
    """The ways this survey can be weighted."""
    offered = ["none"]
    if survey.weights is not None:
        offered.append("survey")
    if survey.allocations is not None and bool(survey.allocations.notna().to_numpy().any()):
        offered.append("allocations")
    return offered


def weighted_as(survey: Survey, weighting: str) -> Survey:
    """The survey that counts respondents as chosen: without its weights where each is to count once."""
    if survey.weights is None or weighting != "none":
        return survey
    return replace(survey, respondents=survey.respondents.drop(columns="weight"))


def gap_view(survey: Survey, scores: GapScores, choice: Choice, *, language: str = "en") -> GapView:
    """Choose what is drawn out of the scores of a survey.

    Parameters
    ----------
    survey : Survey
    scores : GapScores
        Of the survey as weighted, with ``by=choice.by`` where groups are chosen.
    choice : Choice

    Returns
    -------
    GapView

    Raises
    ------
    ValueError
        The chosen group is too small to be shown, or no group is large enough.
    """
    instrument = survey.instrument
    hidden = _hidden(scores)
    overall = "weighted" if choice.weighting == "allocations" else "overall"
    against = "overall" if overall == "weighted" else "weighted"
    if choice.by and choice.group == EVERY:
        return _compared(scores, choice, overall, hidden, language)
    tables = {
        name: table for name, table in scores.tables.items() if name in ("items", "dimensions", "overall", "weighted")
    }
    if choice.by:
        if choice.group in hidden or choice.group not in tables["overall"].index.get_level_values(0):
            raise ValueError(text("gap_explorer.too_few", language, group=choice.group, minimum=MINIMUM_N))
        tables = {name: _of_group(table, choice.group) for name, table in tables.items()}
    if choice.dimension:
        ids = list(instrument.dimension(choice.dimension).items)
        rows, kind = tables["items"].reindex(ids), "items"
        head, other = _row(tables.get("dimensions"), choice.dimension), _row(tables.get(overall), overall)
    else:
        rows, kind = tables["dimensions"].reindex(list(instrument.dimension_ids)), "dimensions"
        head, other = _row(tables.get(overall), overall), _row(tables.get(against), against)
    return GapView(rows, kind, tables["items"], None, head, other, hidden, scores)


def _compared(scores: GapScores, choice: Choice, overall: str, hidden: list[Any], language: str) -> GapView:
    """Groups side by side: overall, or in one dimension."""
    table, id = (scores.dimensions, choice.dimension) if choice.dimension else (getattr(scores, overall), overall)
    if table.empty:
        raise ValueError(text("gap_explorer.all_too_few", language, by=choice.by, minimum=MINIMUM_N))
    rows = table[table.index.get_level_values(1) == id].droplevel(1)
    heat = pd.DataFrame({group: _of_group(scores.items, group)["gap"] for group in rows.index})
    return GapView(rows, "groups", None, heat, None, None, hidden, scores)


def sections(survey: Survey, dimension: str, *, language: str, unassigned: str) -> list[Section]:
    """The items of one dimension, or of each under its name; items outside every dimension come last."""
    instrument = survey.instrument
    if dimension:
        return [Section("", instrument.dimension(dimension).items)]
    parts = [Section(part.label(language), part.items) for part in instrument.dimensions]
    rest = [item.id for item in instrument.items if item.dimension is None]
    return [*parts, Section(unassigned, rest)] if rest else parts


def lowest(rows: pd.DataFrame) -> Any:
    """The label of the row with the lowest gap; None where nothing is measured."""
    gaps = rows["gap"].to_numpy(float)
    return rows.index[int(np.nanargmin(gaps))] if np.isfinite(gaps).any() else None


def _hidden(scores: GapScores) -> list[Any]:
    """Groups of which nothing is shown."""
    if scores.suppressed is None:
        return []
    return [row.group for row in scores.suppressed.itertuples() if row.what == "all"]


def _groups(table: pd.DataFrame) -> set[Any]:
    """The groups a table has rows for."""
    return set(table.index.get_level_values(0))


def _of_group(table: pd.DataFrame, group: Any) -> pd.DataFrame:
    """A group's rows of a table; none where all of them are hidden."""
    return table[table.index.get_level_values(0) == group].droplevel(0)


def _row(table: pd.DataFrame | None, id: str) -> pd.Series | None:
    """One row, or None where it is missing or not measured."""
    if table is None or id not in table.index:
        return None
    row = pd.Series(table.loc[id])
    return row if np.isfinite(row["gap"]) else None
