"""The tables of a report's section on segments: every number of them tried, sizes, scores, outcomes, members."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import pandas as pd

from ...survey.survey import Survey
from ..text import text
from .numerals import p_value
from .parts import Column, Kind, Row, Table, safe
from .scores import label

if TYPE_CHECKING:
    from ...explain.segment_profiles import SegmentProfiles
    from ...explain.segments import Segments

Names = Mapping[str, str]
NAME = 60

_CHOICES: tuple[tuple[str, str, Kind], ...] = (
    ("bic", "segments_board.head_bic", "score"),
    ("icl", "segments_board.head_icl", "score"),
    ("entropy", "segments_board.head_entropy", "bounded"),
    ("smallest", "segments_board.head_smallest", "share"),
    ("silhouette_sqeuclidean", "segments_board.head_silhouette", "bounded"),
    ("stability", "segments_board.head_stability", "bounded"),
    ("gain", "report_segments.gain", "score"),
    ("gain_null", "report_segments.gain_null", "score"),
    ("p", "p", "p"),
    ("draws", "report_segments.draws", "count"),
)


def choices_table(found: Segments, language: str) -> Table:
    """Every number of segments that was tried, with its fit and the test that led on or ended the search."""
    columns = [Column(text("report_segments.count", language), "words")]
    columns += [Column(text(head, language) if "." in head else head, kind) for _, head, kind in _CHOICES]
    rows = []
    table = found.table.assign(draws=found.table["draws"].where(found.table["p"].notna()))
    for size, row in table.iterrows():
        key = "recommended" if size == found.recommended else "tried"
        rows.append(Row(text(f"report_segments.{key}", language, count=size), tuple(row[id] for id, _, _ in _CHOICES)))
    title, note = (text(f"report_segments.{key}", language) for key in ("choices", "choices_note"))
    return Table("segment_choices", title, tuple(columns), tuple(rows), note)


def sizes_table(found: Segments, profiles: SegmentProfiles, names: Names, language: str) -> Table:
    """Each segment's share with its interval, and how surely it is there and its members belong to it."""
    columns = (
        Column(text("segments_board.head_segment", language), "words"),
        Column(text("segments_board.head_share", language), "share"),
        Column(_level(profiles, language), "share_interval"),
        Column(text("table.n", language), "count"),
        Column(text("report_segments.jaccard", language), "bounded"),
        Column(text("segments_board.head_sure", language), "share"),
    )
    rows = []
    for id, row in profiles.sizes.iterrows():
        again = found.stability["jaccard"][str(id)]
        values = (row["share"], (row["low"], row["high"]), row["n"], again, row["certainty"])
        rows.append(Row(names[str(id)], values))
    title, note = (text(f"report_segments.{key}", language) for key in ("sizes", "sizes_note"))
    return Table("segments", title, columns, tuple(rows), note)


def scores_table(survey: Survey, profiles: SegmentProfiles, names: Names, language: str) -> Table:
    """The means of each segment, dimension by dimension; a dash where too few answered."""
    asked = [name for name in ("E", "P", "gap") if name in profiles.profile]
    last = asked[-1]
    heads = {"E": "figure.e", "P": "figure.p", "gap": "figure.gap"}
    columns = (
        Column(text("report.dimension", language), "words"),
        Column(text("table.n", language), "count"),
        *(Column(text(heads[name], language), "gap" if name == "gap" else "score") for name in asked),
        Column(_level(profiles, language), "interval"),
    )
    rows = []
    for id, name in names.items():
        rows.append(Row(name))
        for score, row in profiles.profile.loc[id].iterrows():
            shown = text("report.overall", language) if score == "overall" else label(survey, score, language)
            rows.append(Row(shown, (row["n"], *(row[key] for key in asked), (row[f"{last}_low"], row[f"{last}_high"]))))
    return Table("segment_scores", text("report_segments.scores", language), columns, tuple(rows))


def outcomes_table(profiles: SegmentProfiles, names: Names, language: str) -> Table:
    """Outcomes by segment, adjusted for misplaced respondents, with the plain means beside them."""
    columns = (
        Column(text("segments_board.head_segment", language), "words"),
        Column(text("table.n", language), "count"),
        Column(text("segments_board.head_mean", language), "score"),
        Column(_level(profiles, language), "interval"),
        Column(text("segments_board.head_plain", language), "score"),
    )
    rows = []
    for outcome in dict.fromkeys(profiles.outcomes.index.get_level_values("outcome")):
        p = p_value(float(profiles.tests["p_holm"].loc[outcome]))
        said = p if p.startswith("<") else f"= {p}"
        rows.append(Row(text("segments_board.outcome_head", language, outcome=safe(outcome, NAME), p=said)))
        for id, row in profiles.outcomes.loc[outcome].iterrows():
            rows.append(Row(names[str(id)], (row["n"], row["mean"], (row["low"], row["high"]), row["plain"])))
    title, note = (text(f"report_segments.{key}", language) for key in ("outcomes", "outcomes_note"))
    return Table("segment_outcomes", title, columns, tuple(rows), note)


def people_table(profiles: SegmentProfiles, names: Names, language: str) -> Table:
    """Which columns of words tell the segments apart, and the shares of their values among the members."""
    tests, shares = profiles.demographic_tests, profiles.demographics["share"]
    columns = (
        Column(text("report_segments.value", language), "words"),
        *(Column(id, "share") for id in names),
    )
    rows = []
    for column, test in tests.iterrows():
        p = p_value(float(test["p_holm"]))
        said = {"column": safe(column, NAME), "v": f"{test['cramers_v']:.2f}", "p": p if p[0] == "<" else f"= {p}"}
        key = "column" if pd.notna(test["cramers_v"]) else "column_alone"
        rows.append(Row(text(f"report_segments.{key}", language, **said)))
        own = shares.xs(column, level="column").unstack("segment").reindex(columns=list(names))
        rows += [Row(safe(value, NAME), tuple(values)) for value, values in zip(own.index, own.to_numpy(), strict=True)]
    title = text("report_segments.people", language)
    return Table("segment_people", title, columns, tuple(rows), text("report_segments.people_note", language))


def _level(profiles: SegmentProfiles, language: str) -> str:
    """The head of a column of intervals."""
    return text("table.interval", language, level=f"{100 * profiles.confidence:g}")
