"""How far the answers can be trusted: internal consistency, and signs of careless answering."""

from __future__ import annotations

from typing import Literal

import numpy as np
import pandas as pd

from ...measure.answers import AnswersError
from ...measure.consistency import Consistency, internal_consistency
from ...measure.factor_input import FactorError
from ...measure.omega import Omega, omega
from ...survey.screening import Screening, screen
from ...survey.survey import Survey
from ..text import count, number, percent, text
from .numerals import bounded
from .parts import Column, Heading, Paragraph, Part, Row, Table
from .scores import label

FEWEST_ITEMS = 3
"""Items of a dimension for which one factor has an omega."""
CUTS = {"longest_run": 0.5, "variability": 0.25, "identical": 0.95, "missing": 0.5, "mahalanobis": 0.001}
"""From which value on an answer sheet is flagged; `screen` tells where these come from."""

HALVES: tuple[Literal["perceptions", "expectations"], ...] = ("perceptions", "expectations")


class Quality:
    """What is computed for these sections, once."""

    def __init__(self, survey: Survey, confidence: float) -> None:
        self.survey, self.confidence = survey, confidence
        asked = [half for half in HALVES if half in survey.batteries]
        self.halves: dict[str, Consistency] = {
            half: internal_consistency(survey, of=half, confidence=confidence) for half in asked
        }
        self.gaps = internal_consistency(survey, of="gaps", confidence=confidence) if len(asked) == 2 else None
        self.omegas = self._omegas() if "perceptions" in asked else {}
        self.screening: Screening = screen(survey, **CUTS)  # type: ignore[arg-type]

    def _omegas(self) -> dict[str, Omega]:
        """Omega of the perceptions of each dimension with one factor, of all with a factor for each; if it exists."""
        dimensions = self.survey.instrument.dimensions
        found = {}
        scales = {dimension.id: (list(dimension.items), 1) for dimension in dimensions}
        scales["total"] = ([id for dimension in dimensions for id in dimension.items], len(dimensions))
        weights = None if self.survey.weights is None else self.survey.weights.to_numpy(float)
        for id, (items, factors) in scales.items():
            answers = self.survey.battery("perceptions")[items]
            if len(items) < FEWEST_ITEMS or not _vary(answers):
                continue
            try:
                found[id] = omega(answers, n_factors=factors, weights=weights)
            except (FactorError, AnswersError, np.linalg.LinAlgError):
                continue  # a dash in the table, which says what a dash means
        return found


def consistency(found: Quality, language: str) -> list[Part]:
    """Alpha of each half and of the gaps, omega, and what is left of two scores in their difference."""
    if not found.halves:
        return []
    level = f"{100 * found.confidence:g}"
    columns = [
        Column(text("report.dimension", language), "words"),
        Column(text("report.item_count", language), "count"),
    ]
    for half in found.halves:
        columns += [
            Column(text(f"report.alpha_{half}", language), "bounded"),
            Column(text("table.interval", language, level=level), "bounded_interval"),
        ]
    if found.omegas:
        columns.append(Column(text("report.omega", language), "bounded"))
    if found.gaps is not None:
        columns += [
            Column(text("report.alpha_gaps", language), "bounded"),
            Column(text("report.r_d", language), "bounded"),
        ]
    first = next(iter(found.halves.values())).dimensions
    rows = []
    for id in first.index:
        values: list[object] = [first.loc[id, "items"]]
        for own in found.halves.values():
            row = own.dimensions.loc[id]
            values += [row["alpha"], (row["alpha_low"], row["alpha_high"])]
        if found.omegas:
            values.append(found.omegas[str(id)].total if id in found.omegas else float("nan"))
        if found.gaps is not None:
            gap = found.gaps.dimensions.loc[id]
            values += [gap["alpha"], gap["difference_reliability"]]
        name = text("report.all_items", language) if id == "total" else label(found.survey, id, language)
        rows.append(Row(name, tuple(values)))
    parts: list[Part] = [Heading(text("report.consistency", language))]
    whole = found.omegas.get("total")
    if whole is not None and np.isfinite(whole.hierarchical):
        said = {"total": bounded(whole.total), "hierarchical": bounded(whole.hierarchical)}
        parts.append(Paragraph(text("report.omega_says", language, **said)))
    key = "report.consistency_note" if found.gaps is not None else "report.consistency_note_half"
    title = text("report.consistency_table", language)
    return [*parts, Table("consistency", title, tuple(columns), tuple(rows), text(key, language))]


def screening(found: Quality, language: str) -> list[Part]:
    """Which signs of careless answering there are, in how many sheets; nobody is left out by it."""
    filters = found.screening.filters
    asked = sum(answers.shape[1] for answers in found.survey.batteries.values())
    rules = {
        "longest_run": text("report.rule_longest_run", language, count=count(np.ceil(CUTS["longest_run"] * asked))),
        "variability": text("report.rule_variability", language, cut=number(CUTS["variability"])),
        "identical": text("report.rule_identical", language, share=percent(CUTS["identical"])),
        "missing": text("report.rule_missing", language, share=percent(CUTS["missing"])),
        "duplicate": text("report.rule_duplicate", language),
        "mahalanobis": text("report.rule_mahalanobis", language, p=bounded(CUTS["mahalanobis"], 3)),
        "any": text("report.rule_any", language),
    }
    columns = (
        Column(text("report.sign", language), "words"),
        Column(text("report.sheets", language), "count"),
        Column(text("report.share", language), "share"),
        Column(text("report.alone", language), "count"),
    )
    rows = tuple(
        Row(rules[str(name)], (row["respondents"], row["share"], row["alone"])) for name, row in filters.iterrows()
    )
    return [
        Heading(text("report.screening", language)),
        Paragraph(text("report.screening_says", language)),
        Table("screening", text("report.screening_table", language), columns, rows),
    ]


def _vary(answers: pd.DataFrame) -> bool:
    """Whether every item has two different answers."""
    return bool((answers.max() > answers.min()).all())
