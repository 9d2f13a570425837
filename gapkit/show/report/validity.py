"""Whether the items form the dimensions: what hangs together, what is told apart, how many factors there are."""

from __future__ import annotations

from itertools import combinations
from typing import TYPE_CHECKING, Any

import numpy as np

from ...survey.survey import Survey
from ..plots.canvas import new_figure
from ..plots.factor_words import describe_scree
from ..plots.scree import scree
from ..text import count, text
from ..translation import message
from .numerals import bounded
from .parts import Column, Figure, Heading, Paragraph, Part, Row, Section, Table, reason
from .scores import WIDTH, label

if TYPE_CHECKING:
    from ...measure.retention import Retention
    from ...measure.validity import Validity

LEAST_AVE, LEAST_RELIABILITY, MOST_HTMT = 0.5, 0.7, 0.85
"""Usual advice (Fornell & Larcker, 1981; Henseler, Ringle & Sarstedt, 2015)."""
DRAWS, SAMPLES = 200, 1000
"""Bootstrap draws behind the intervals, fewer than a study of its own would take; random samples of eigenvalues."""
MANY, FEWER = 5000, 60
"""Of so many respondents fewer draws are made: they take longer, and intervals are narrow."""
SCREE_HEIGHT = 300.0


def validity_section(survey: Survey, confidence: float, source: str, language: str) -> Section:
    """Convergent and discriminant validity of the perceptions, and parallel analysis."""
    if "perceptions" not in survey.batteries:
        return Section()
    from ...measure.retention import retention
    from ...measure.validity import validity

    heading = Heading(text("report_validity.head", language))
    names = [item for dimension in survey.instrument.dimensions for item in dimension.items]
    draws = DRAWS if survey.n <= MANY else FEWER
    try:
        held = validity(survey, draws=draws, confidence=confidence)
        kept = retention(survey.battery("perceptions")[names], weights=survey.weights, draws=SAMPLES)
    except (ValueError, np.linalg.LinAlgError) as error:
        cannot = text("report_validity.cannot", language, why=reason(message(error), language))
        return Section((heading, Paragraph(cannot)))
    verdict = _verdict(survey, held, language)
    dimensions = len(held.dimensions)
    numbers = {"count": count(kept.n_factors), "dimensions": count(dimensions)}
    key = "factors_same" if kept.n_factors == dimensions else "factors_other"
    said = [text("report_validity.lead", language), *verdict, text(f"report_validity.{key}", language, **numbers)]
    parts: list[Part] = [
        heading,
        Paragraph(text("describe.between", language).join(said)),
        _table(survey, held, confidence, draws, language),
        _figure(kept, source, language),
    ]
    return Section(
        parts=tuple(parts),
        short=tuple(verdict[-1:]),
        methods=(text("report_validity.method", language, draws=count(draws), samples=count(SAMPLES)),),
        limits=(text("report_validity.limit", language),),
        results=(held, kept),
    )


def _verdict(survey: Survey, held: Validity, language: str) -> list[str]:
    """In how many dimensions the items hang together, and which pairs are not told apart."""
    table, between = held.dimensions, text("report.between", language)
    known = table[table["ave"].notna()]
    weak = known.index[known["ave"] < LEAST_AVE]
    numbers = {"count": count(len(known) - len(weak)), "total": count(len(known))}
    said = [text("report_validity.ave", language, cut=bounded(LEAST_AVE), **numbers)] if len(known) else []
    pairs = sorted(((float(held.htmt.loc[a, b]), a, b) for a, b in combinations(held.htmt.index, 2)), reverse=True)
    known_pairs = [pair for pair in pairs if np.isfinite(pair[0])]
    joined = [
        text(
            "report_validity.pair",
            language,
            first=label(survey, a, language),
            second=label(survey, b, language),
            htmt=bounded(value),
        )
        for value, a, b in known_pairs
        if value >= MOST_HTMT
    ]
    if known_pairs:
        values = {"cut": bounded(MOST_HTMT), "pairs": between.join(joined)}
        said.append(text(f"report_validity.{'joined' if joined else 'apart'}", language, **values))
    return said


def _table(survey: Survey, held: Validity, confidence: float, draws: int, language: str) -> Table:
    """Each dimension: composite reliability and AVE with intervals, and the dimension it is nearest to."""
    level = text("table.interval", language, level=f"{100 * confidence:g}")
    columns = (
        Column(text("report.dimension", language), "words"),
        Column(text("report.item_count", language), "count"),
        Column(text("report_validity.reliability", language), "bounded"),
        Column(level, "bounded_interval"),
        Column("AVE", "bounded"),
        Column(level, "bounded_interval"),
        Column(text("report_validity.htmt", language), "bounded"),
        Column(text("report_validity.upper", language), "bounded"),
        Column(text("report_validity.nearest", language), "name"),
    )
    others = held.htmt.to_numpy(float).copy()
    np.fill_diagonal(others, np.nan)
    high = None if held.htmt_high is None else held.htmt_high.to_numpy(float)
    rows = []
    for place, (id, row) in enumerate(held.dimensions.iterrows()):
        values: list[Any] = [row["items"]]
        for name in ("composite_reliability", "ave"):
            values += [row[name], (row[f"{name}_low"], row[f"{name}_high"])]
        if np.isfinite(others[place]).any():
            nearest = int(np.nanargmax(others[place]))
            upper = np.nan if high is None else high[place, nearest]
            values += [others[place, nearest], upper, label(survey, held.htmt.columns[nearest], language)]
        else:
            values += [np.nan, np.nan, ""]
        rows.append(Row(label(survey, id, language), tuple(values)))
    cuts = {"ave": bounded(LEAST_AVE), "reliability": bounded(LEAST_RELIABILITY), "htmt": bounded(MOST_HTMT)}
    note = text("report_validity.note", language, draws=count(draws), **cuts)
    return Table("validity", text("report_validity.table", language), columns, tuple(rows), note)


def _figure(kept: Retention, source: str, language: str) -> Figure:
    """Eigenvalues beside chance."""

    def draw(spoken: str) -> Any:
        drawing, axes = new_figure(WIDTH, SCREE_HEIGHT)
        scree(axes, kept.eigenvalues, language=spoken, source=source)
        return drawing

    said = describe_scree(kept.eigenvalues, language=language, source=source)
    return Figure("scree", text("report_validity.figure", language), said, draw, language)
