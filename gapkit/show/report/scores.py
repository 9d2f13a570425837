"""The gaps: in short, by dimension, by item, by importance; or scores where no expectations were asked."""

from __future__ import annotations

from typing import Any

import pandas as pd

from ...measure.gaps import GapScores
from ...measure.means import column_means
from ...measure.performance import PerformanceScores
from ...measure.zone import ZoneOfTolerance
from ...survey.summary import running_against
from ...survey.survey import Survey
from ..plots.canvas import new_figure
from ..plots.dumbbell import dumbbell_height, gap_dumbbell
from ..plots.words import describe_gaps
from ..text import count, interval, number, text
from ..translation import translated
from .numerals import mean_words
from .parts import Column, Figure, Heading, Kind, Paragraph, Part, Row, Table, safe

WIDTH = 700.0
"""Of a figure, in points."""
WEAKEST = 3
NAME = 160

_GAP_COLUMNS: tuple[tuple[str, Kind], ...] = (
    ("table.n", "count"),
    ("figure.e", "score"),
    ("figure.p", "score"),
    ("figure.gap", "gap"),
    ("report.sd", "score"),
    ("table.interval", "interval"),
    ("t", "score"),
    ("report.p_holm", "p"),
    ("d_z", "score"),
    ("d_av", "score"),
)
_ZONE_COLUMNS: tuple[tuple[str, Kind], ...] = (
    ("report.dimension", "words"),
    ("table.n", "count"),
    ("report.battery_minimum", "score"),
    ("report.battery_desired", "score"),
    ("figure.p", "score"),
    ("report.adequacy", "gap"),
    ("table.interval", "interval"),
    ("report.superiority", "gap"),
    ("table.interval", "interval"),
    ("report.place", "words"),
)


def label(survey: Survey, id: object, language: str) -> str:
    """The name of an item or dimension; an instrument may be a file of the reader's own."""
    return safe(survey.instrument.label(str(id), language), NAME)


def in_short(survey: Survey, scores: GapScores, language: str) -> list[Part]:
    """What a reader who stops here should know."""
    overall = pd.Series(scores.overall.loc["overall"])
    against = [translated(running_against(survey.source), language)] if survey.source.against else []
    statistics = _in_points(survey, overall, scores.confidence, language)
    paragraphs = [*against, text(f"report.overall_{_verdict(overall)}", language, statistics=statistics)]
    rows = scores.dimensions["gap"].dropna()
    if len(rows) and rows.min() < rows.max():
        low, high = str(rows.idxmin()), str(rows.idxmax())
        ends = {"name": label(survey, low, language), "gap": number(rows[low], signed=True)}
        ends |= {"other": label(survey, high, language), "other_gap": number(rows[high], signed=True)}
        key = "report.extremes" if rows[low] < 0 else "report.extremes_above"
        paragraphs.append(text(key, language, **ends))
    ends_known = scores.dimensions["low"].notna()
    if ends_known.any():
        clear = int(((scores.dimensions["low"] > 0) | (scores.dimensions["high"] < 0)).sum())
        values = {"count": count(clear), "total": count(len(ends_known)), "level": f"{100 * scores.confidence:g}"}
        paragraphs.append(text("report.clear", language, **values))
    weakest = scores.items["gap"].dropna().nsmallest(WEAKEST)
    weakest = weakest[weakest < 0]
    if len(weakest):
        named = (
            text("report.item_gap", language, name=label(survey, id, language), gap=number(gap, signed=True))
            for id, gap in weakest.items()
        )
        paragraphs.append(text("report.weakest", language, items=text("report.semicolon", language).join(named)))
    joined = text("describe.between", language).join(paragraphs)
    return [Heading(text("report.in_short", language)), Paragraph(joined)]


def _in_points(survey: Survey, row: pd.Series, confidence: float, language: str) -> str:
    """A mean gap with its interval, for those who do not read tests."""
    scale = survey.instrument.scale
    values = {"gap": number(row["gap"], signed=True), "low": f"{scale.low:g}", "high": f"{scale.high:g}"}
    said = text("report.in_points", language, **values)
    if not row["low"] <= row["high"]:
        return said
    ends = interval(row["low"], row["high"])
    return text("report.in_points_interval", language, points=said, level=f"{100 * confidence:g}", interval=ends)


def by_dimension(survey: Survey, scores: GapScores, source: str, language: str) -> list[Part]:
    """Figure, table, and each dimension's gap in a sentence that can be quoted."""
    known = scores.dimensions
    rows = [Row(label(survey, id, language), _gap_values(row)) for id, row in known.iterrows()]
    for id, key in (("overall", "report.overall"), ("weighted", "report.weighted")):
        table = scores.overall if id == "overall" else scores.weighted
        if table["gap"].notna().any():
            rows.append(Row(text(key, language), _gap_values(pd.Series(table.loc[id]))))
    columns = _columns("report.dimension", scores.confidence, language)
    note = text("report.gap_note", language)
    parts: list[Part] = [Heading(text("gap_explorer.by_dimension", language))]
    shown = known[known["gap"].notna()]
    if len(shown):
        parts.append(
            _figure("dimensions", survey, shown, scores, text("gap_explorer.by_dimension", language), source, language)
        )
    parts.append(Table("dimensions", text("report.dimensions_table", language), columns, tuple(rows), note))
    parts.append(Paragraph(text("report.quotable", language)))
    quotable = [*shown.iterrows(), ("overall", pd.Series(scores.overall.loc["overall"]))]
    parts += [Paragraph(_quotable(survey, id, row, scores.confidence, language), listed=True) for id, row in quotable]
    return parts


def by_item(survey: Survey, scores: GapScores, source: str, language: str) -> list[Part]:
    """Table and figure of the items, dimension by dimension."""
    groups = [(dimension.label(language), dimension.items) for dimension in survey.instrument.dimensions]
    rest = tuple(item.id for item in survey.instrument.items if item.dimension is None)
    if rest:
        groups.append((text("table.unassigned", language), rest))
    rows = []
    for name, ids in groups:
        rows.append(Row(safe(name, NAME)))
        rows += [Row(label(survey, id, language), _gap_values(pd.Series(scores.items.loc[id]))) for id in ids]
    columns = _columns("table.name", scores.confidence, language)
    title = text("gap_explorer.by_item", language)
    note = text("report.gap_note", language)
    table = Table("items", text("report.items_table", language), columns, tuple(rows), note)
    shown = scores.items.loc[[id for _, ids in groups for id in ids]]
    shown = shown[shown["gap"].notna()]
    figure = [_figure("items", survey, shown, scores, title, source, language)] if len(shown) else []
    return [Heading(title), *figure, table]


def importance(survey: Survey, scores: GapScores, language: str) -> list[Part]:
    """How respondents split 100 points over the dimensions, and what that does to the gap; nothing where nobody did."""
    points = survey.allocations
    if points is None or not points.notna().to_numpy().any():
        return []
    means = column_means(points.to_numpy(float), None if survey.weights is None else survey.weights.to_numpy(float))
    rows = []
    for place, id in enumerate(points.columns):
        gap = float(scores.dimensions.loc[id, "gap"])  # type: ignore[arg-type]
        rows.append(Row(label(survey, id, language), (means.n[place], means.mean[place], means.sd[place], gap)))
    columns = (
        Column(text("report.dimension", language), "words"),
        Column(text("table.n", language), "count"),
        Column(text("report.points", language), "score"),
        Column(text("report.sd", language), "score"),
        Column(text("figure.gap", language), "gap"),
    )
    both = {
        id: mean_words(pd.Series(table.loc[id]), confidence=scores.confidence, language=language)
        for id, table in (("weighted", scores.weighted), ("overall", scores.overall))
    }
    return [
        Heading(text("report.importance", language)),
        Paragraph(text("report.importance_says", language, **both)),
        Table("importance", text("report.importance_table", language), columns, tuple(rows)),
    ]


def performance(survey: Survey, scores: PerformanceScores, language: str) -> list[Part]:
    """Perceptions alone, where no expectations were asked."""
    columns = (
        Column(text("report.dimension", language), "words"),
        Column(text("table.n", language), "count"),
        Column(text("figure.p", language), "score"),
        Column(text("report.sd", language), "score"),
        Column(text("table.interval", language, level=f"{100 * scores.confidence:g}"), "interval"),
        Column(text("report.share_top", language), "share"),
    )
    tables = []
    for key, table in (("dimensions", pd.concat([scores.dimensions, scores.overall])), ("items", scores.items)):
        rows = tuple(
            Row(
                text("report.overall", language) if id == "overall" else label(survey, id, language),
                (row["n"], row["P"], row["sd"], (row["low"], row["high"]), row["share_top"]),
            )
            for id, row in table.iterrows()
        )
        tables.append(Table(key, text(f"report.performance_{key}", language), columns, rows))
    return [Heading(text("report.performance", language)), Paragraph(text("report.no_gaps", language)), *tables]


def zone(survey: Survey, scores: ZoneOfTolerance, language: str) -> list[Part]:
    """Adequacy and superiority, where the least acceptable and the desired service were asked."""
    level = f"{100 * scores.confidence:g}"
    columns = tuple(Column(text(key, language, level=level), kind) for key, kind in _ZONE_COLUMNS)
    rows = []
    for id, row in pd.concat([scores.dimensions, scores.overall]).iterrows():
        ends = [(row[f"{name}_low"], row[f"{name}_high"]) for name in ("MSA", "MSS")]
        values = (row["n"], row["minimum"], row["desired"], row["P"], row["MSA"], ends[0], row["MSS"], ends[1])
        name = text("report.overall", language) if id == "overall" else label(survey, id, language)
        rows.append(Row(name, (*values, text(f"report.zone_{row['status']}", language))))
    return [
        Heading(text("report.zone", language)),
        Table(
            "dimensions", text("report.zone_table", language), columns, tuple(rows), text("report.zone_note", language)
        ),
    ]


def _verdict(row: pd.Series) -> str:
    """Which way the interval settles a gap: short, over, or open."""
    return "short" if row["high"] < 0 else "over" if row["low"] > 0 else "open"


def _quotable(survey: Survey, id: object, row: pd.Series, confidence: float, language: str) -> str:
    """One dimension, or all of them, in a sentence."""
    name = text("report.overall", language) if id == "overall" else label(survey, id, language)
    values = {"name": name, "e": number(row["E"]), "p": number(row["P"])}
    statistics = mean_words(row, confidence=confidence, language=language)
    return text("report.quotable_row", language, statistics=statistics, **values)


def _gap_values(row: pd.Series) -> tuple[Any, ...]:
    """The cells of a row of `gap_scores`, in the order of the columns."""
    ends = (row["low"], row["high"])
    return (row["n"], row["E"], row["P"], row["gap"], row["sd"], ends, row["t"], row["p_holm"], row["d_z"], row["d_av"])


def _columns(first: str, confidence: float, language: str) -> tuple[Column, ...]:
    """The heads of a table of gaps."""
    level = f"{100 * confidence:g}"
    heads = (Column(text(key, language, level=level) if "." in key else key, kind) for key, kind in _GAP_COLUMNS)
    return Column(text(first, language), "words"), *heads


def _figure(
    key: str, survey: Survey, rows: pd.DataFrame, scores: GapScores, title: str, source: str, language: str
) -> Figure:
    """The dumbbell of some rows."""
    scale = survey.instrument.scale

    def words(spoken: str) -> dict[str, Any]:
        labels = [label(survey, id, spoken) for id in rows.index]
        return {"labels": labels, "language": spoken, "confidence": scores.confidence, "source": source}

    def draw(spoken: str) -> Any:
        drawing, axes = new_figure(WIDTH, dumbbell_height(len(rows), WIDTH))
        gap_dumbbell(axes, rows, scale=(scale.low, scale.high), **words(spoken))
        return drawing

    return Figure(key, title, describe_gaps(rows, **words(language)), draw, language)
