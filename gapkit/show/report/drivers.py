"""What goes with an outcome: how R squared is shared out among the dimensions, and how sure the order is."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from ...survey.outcomes import outcome_columns
from ...survey.survey import Survey
from ..plots.canvas import new_figure
from ..plots.driver_words import describe_drivers
from ..plots.drivers import driver_importance, drivers_height
from ..text import count, percent, text
from ..translation import message
from .numerals import bounded
from .parts import Column, Figure, Heading, Paragraph, Part, Row, Section, Table, reason, safe
from .provenance import source_line
from .scores import WIDTH, label

if TYPE_CHECKING:
    from ...explain.drivers import Drivers

SETTLED = 0.95
"""Share of the bootstrap samples in which a dimension must come first for the order to be called settled."""
NAME = 60


def drivers_section(survey: Survey, confidence: float, _source: str, language: str) -> Section:
    """Shares of R squared of the first outcome with figure and table, and who leads for each of the others."""
    asked = outcome_columns(survey)
    if not asked or "perceptions" not in survey.batteries:
        return Section()
    from ...explain.drivers import drivers

    heading = Heading(text("report_drivers.head", language, outcome=safe(asked[0], NAME)))
    found: dict[str, Drivers] = {}
    refused: list[Part] = []
    for outcome in asked:
        try:
            found[outcome] = drivers(survey, outcome=outcome, confidence=confidence)
        except (ValueError, np.linalg.LinAlgError) as error:
            about = {"outcome": safe(outcome, NAME), "why": reason(message(error), language)}
            refused.append(Paragraph(text("report_drivers.cannot", language, **about)))
    if not found:
        return Section((heading, *refused))
    first = next(iter(found.values()))
    heading = Heading(text("report_drivers.head", language, outcome=safe(first.outcome, NAME)))
    lead = text("report_drivers.lead", language, outcome=safe(first.outcome, NAME), n=count(first.n))
    parts: list[Part] = [heading, Paragraph(lead), Paragraph(_said(survey, first, language))]
    parts += [
        _figure(survey, first, source_line(survey, first.n, language), language),
        _shares(survey, first, language),
    ]
    if len(found) > 1:
        parts.append(_outcomes(survey, list(found.values()), language))
    return Section(
        parts=(*parts, *refused),
        short=(text("report_drivers.short", language, **_leader(survey, first, language)),),
        methods=(text("report_drivers.method", language, level=f"{100 * confidence:g}"),),
        limits=(text("report_drivers.limit", language),),
        results=(first,),
    )


def _said(survey: Survey, found: Drivers, language: str) -> str:
    """What the table says: how much there is to share out, what leads, and whether that is settled."""
    leader, regression = _leader(survey, found, language), found.regression
    sentences = [text("report_drivers.says", language, **leader)]
    if found.johnson["first"].loc[_first(found)] < SETTLED:
        sentences.append(text("report_drivers.open", language))
    if found.dominance is not None and (other := found.dominance["weight"].idxmax()) != _first(found):
        sentences.append(text("report_drivers.disagree", language, name=label(survey, other, language)))
    names = [label(survey, id, language) for id in regression.index[regression["turned"].to_numpy(bool)]]
    if names:
        sentences.append(text("report_drivers.turned", language, names=text("report.between", language).join(names)))
    return text("describe.between", language).join(sentences)


def _first(found: Drivers) -> str:
    """The dimension with the largest weight."""
    return str(found.johnson["weight"].idxmax())


def _leader(survey: Survey, found: Drivers, language: str) -> dict[str, str]:
    """How much there is to share out and which dimension has the largest share, in words."""
    row, fit = pd.Series(found.johnson.loc[_first(found)]), found.fit.iloc[0]
    said = {"outcome": safe(found.outcome, NAME), "name": label(survey, _first(found), language)}
    said |= {"r2": bounded(fit["r2"]), "low": bounded(fit["low"]), "high": bounded(fit["high"])}
    said |= {"share": percent(row["share"]), "share_low": percent(row["share_low"])}
    said |= {"share_high": percent(row["share_high"]), "first": percent(row["first"])}
    return said | {"level": f"{100 * found.confidence:g}"}


def _shares(survey: Survey, found: Drivers, language: str) -> Table:
    """Every dimension: its share with interval, how often it is first, and the plain regression beside it."""
    columns = [
        Column(text("report.dimension", language), "words"),
        Column(text("report_drivers.share", language), "share"),
        Column(text("table.interval", language, level=f"{100 * found.confidence:g}"), "share_interval"),
        Column(text("report_drivers.first", language), "share"),
        Column(text("report_drivers.dominance", language), "share"),
        Column("r", "bounded"),
        Column("β", "score"),
        Column("VIF", "score"),
    ]
    dominance = found.dominance
    if dominance is None:
        del columns[4]
    rows = []
    for place, (id, row) in enumerate(found.johnson.iterrows()):
        other = () if dominance is None else (dominance["share"].iloc[place],)
        beside = tuple(found.regression[["r", "beta", "vif"]].iloc[place])
        ends = (row["share_low"], row["share_high"])
        rows.append(Row(label(survey, id, language), (row["share"], ends, row["first"], *other, *beside)))
    title = text("report_drivers.table", language, outcome=safe(found.outcome, NAME))
    return Table("drivers", title, tuple(columns), tuple(rows), text("report_drivers.note", language))


def _outcomes(survey: Survey, every: list[Drivers], language: str) -> Table:
    """Every outcome: how much the dimensions account for, and which of them leads."""
    level = text("table.interval", language, level=f"{100 * every[0].confidence:g}")
    columns = (
        Column(text("report_drivers.outcome", language), "words"),
        Column(text("table.n", language), "count"),
        Column("R²", "bounded"),
        Column(level, "bounded_interval"),
        Column(text("report_drivers.leads", language), "name"),
        Column(text("report_drivers.share", language), "share"),
        Column(level, "share_interval"),
        Column(text("report_drivers.first", language), "share"),
    )
    rows = []
    for found in every:
        fit, row = found.fit.iloc[0], found.johnson.loc[_first(found)]
        values = (found.n, fit["r2"], (fit["low"], fit["high"]), label(survey, _first(found), language))
        own = (row["share"], (row["share_low"], row["share_high"]), row["first"])
        rows.append(Row(safe(found.outcome, NAME), (*values, *own)))
    return Table("outcomes", text("report_drivers.outcomes", language), columns, tuple(rows))


def _figure(survey: Survey, found: Drivers, source: str, language: str) -> Figure:
    """Stated beside derived importance."""

    def words(spoken: str) -> dict[str, Any]:
        labels = [label(survey, id, spoken) for id in found.johnson.index]
        return {"labels": labels, "language": spoken, "source": source}

    def draw(spoken: str) -> Any:
        drawing, axes = new_figure(WIDTH, drivers_height(len(found.johnson), WIDTH))
        driver_importance(axes, found, **words(spoken))
        return drawing

    key = "figure" if found.stated is None else "figure_stated"
    title = text(f"report_drivers.{key}", language, outcome=safe(found.outcome, NAME))
    return Figure("drivers", title, describe_drivers(found, **words(language)), draw, language)
