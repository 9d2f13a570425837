"""The segments board's tables: every number of segments, sizes, outcomes, and "what if"."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd

from ..markup import Markup, element, join
from ..text import NOTHING, count, interval, number, percent, plain, text
from .pieces import scroll_box
from .segments_view import SegmentView

SMALLEST_P = 0.001


def choices_table(view: SegmentView, language: str) -> Markup:
    """Every number of segments that was tried; the recommended one is bold."""
    found = view.segments
    by_model = "bic" in found.table
    fits = ["bic", "icl", "entropy"] if by_model else ["explained"]
    rows = []
    for size, row in found.table.iterrows():
        if by_model:
            fit = [number(row["bic"], 0), number(row["icl"], 0), number(row["entropy"])]
        else:
            fit = [percent(row["explained"])]
        cells = [*fit, percent(row["smallest"]), number(row["silhouette_sqeuclidean"]), number(row["stability"])]
        name = str(size)
        shown = element("b", name) if size == found.recommended else name
        p = f"{p_words(row['p'])} ({count(row['draws'])})" if np.isfinite(row["p"]) else NOTHING
        rows.append(_row(shown, [*cells, p], data_id=name, kind="gk-size"))
    heads, caption = ["choice", *fits, "smallest", "silhouette", "stability", "p"], "segments_board.choices_caption"
    return _table(heads, rows, text(caption, language), language, kind="gk-size")


def sizes_table(view: SegmentView, names: Mapping[str, str], language: str) -> Markup:
    """Each segment's share with its interval, and how surely its members belong to it."""
    rows = [
        _row(
            names[segment],
            [
                percent(row["share"]),
                percent_interval(row["low"], row["high"]),
                count(row["n"]),
                percent(row["certainty"]),
            ],
            data_id=segment,
        )
        for segment, row in zip(view.shown, view.profiles.sizes.to_dict("records"), strict=True)
    ]
    level = f"{100 * view.profiles.confidence:g}"
    caption = text("segments_board.sizes_caption", language)
    return _table(["segment", "share", "interval", "n", "sure"], rows, caption, language, level=level)


def outcomes_table(view: SegmentView, names: Mapping[str, str], language: str) -> Markup:
    """Outcomes by segment, adjusted for misplaced respondents, with the plain means beside them."""
    profiles = view.profiles
    if profiles.outcomes.empty:
        return element("p", text("segments_board.no_outcomes", language), class_="gk-note")
    heads = ["segment", "mean", "interval", "plain", "n"]
    rows = []
    for outcome in profiles.outcomes.index.get_level_values("outcome").unique():
        p = p_words(float(profiles.tests.loc[outcome, "p_holm"]), relation="= ")
        title = text("segments_board.outcome_head", language, outcome=plain(outcome), p=p)
        rows.append(element("tr", element("th", title, colspan=len(heads), scope="rowgroup"), class_="gk-section"))
        own = profiles.outcomes.loc[outcome]
        for segment, row in zip(own.index, own.to_dict("records"), strict=True):
            ends = interval(row["low"], row["high"]) if np.isfinite(row["low"]) else NOTHING
            size = count(row["n"]) if np.isfinite(row["n"]) else NOTHING
            cells = [element("b", number(row["mean"])), ends, number(row["plain"]), size]
            rows.append(_row(names[str(segment)], cells, data_id=f"{outcome} {segment}"))
    level = f"{100 * profiles.confidence:g}"
    return _table(heads, rows, text("segments_board.outcomes_caption", language), language, level=level)


def what_if_table(table: pd.DataFrame, names: Mapping[str, str], dimension: str, *, gap: bool, language: str) -> Markup:
    """Means before and after, segment by segment."""
    rows = []
    for segment, row in zip(table.index, table.to_dict("records"), strict=True):
        cells = []
        for score in ("dimension", "overall"):
            before, after = row[f"{score}_before"], row[f"{score}_after"]
            words = f"{number(before, signed=gap)} → {number(after, signed=gap)}"
            moved = abs(after - before) >= 0.005
            cells.append(element("b", words) if moved else words)
        rows.append(_row(names[str(segment)], cells, data_id=str(segment)))
    caption = text("segments_board.what_if_caption", language, dimension=plain(dimension))
    key = "overall_gap" if gap else "overall_p"
    return _table(["segment", "dimension", key], rows, caption, language, dimension=plain(dimension))


def p_words(p: float, *, relation: str = "") -> str:
    """A p value as it is shown, in a sentence with the relation it stands in.

    Examples
    --------
    >>> p_words(0.0001), p_words(0.25), p_words(float("nan"))
    ('< .001', '0.25', '–')
    """
    return "< .001" if p < SMALLEST_P else relation + number(p, 2 if p >= 0.1 else 3)


def percent_interval(low: float, high: float) -> str:
    """An interval of shares; a dash where there is none.

    Examples
    --------
    >>> percent_interval(0.25, 0.5)
    '[25%, 50%]'
    """
    return f"[{percent(low)}, {percent(high)}]" if np.isfinite(low) else NOTHING


def _row(name: object, cells: Sequence[object], *, data_id: str, kind: str = "gk-name") -> Markup:
    """One row under its name."""
    first = element("th", name, scope="row", class_=kind)
    return element("tr", first, *(element("td", cell) for cell in cells), data_id=data_id)


def _table(
    heads: Sequence[str], rows: Sequence[Markup], caption: str, language: str, *, kind: str = "gk-name", **values: str
) -> Markup:
    """A table in a scroll box of its own."""
    head = [
        element(
            "th",
            text(f"segments_board.head_{key}", language, **values),
            scope="col",
            class_=kind if place == 0 else None,
        )
        for place, key in enumerate(heads)
    ]
    inside = element("table", element("thead", element("tr", *head)), element("tbody", join(rows)), aria_label=caption)
    return scroll_box(inside, caption)
