"""Whether there are groups of customers: how many, how sure, who they are, and the answer that there are none."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from ...survey.survey import Survey
from ..plots.canvas import new_figure
from ..plots.segment_profiles import segment_lines, segment_lines_height
from ..plots.segment_words import describe_profiles, segment_name
from ..text import count, number, percent, text
from ..translation import foreign, message, translated
from .parts import Figure, Heading, Paragraph, Part, Section, reason, safe
from .scores import WIDTH
from .segment_tables import choices_table, outcomes_table, people_table, scores_table, sizes_table

if TYPE_CHECKING:
    from ...explain.segment_profiles import SegmentProfiles
    from ...explain.segments import Segments

SETTINGS: dict[str, Any] = {"centre": "person", "max_segments": 6, "draws": 99, "resamples": 50, "seed": 0}
"""Those with which the board of segments opens, so that the report says what the board says."""
GRID_ABOVE = 10_000
"""More respondents than this are clustered by cells of a grid, as the method then says, and take no longer."""
BASES = ("gaps", "perceptions", "expectations")
MINIMUM_N = 5
"""Smaller segments, and cells of fewer respondents, are not shown."""
READINGS = ((0.85, "highly_stable"), (0.75, "stable"), (0.6, "pattern"), (0.0, "untrusted"))
"""Hennig's reading of a mean Jaccard similarity."""


def segments_section(survey: Survey, confidence: float, source: str, language: str) -> Section:
    """The number of segments and why; where there are some, their sizes, profiles, outcomes and members."""
    asked = set(survey.batteries)
    on = "gaps" if {"expectations", "perceptions"} <= asked else next((name for name in BASES if name in asked), "")
    if not on:
        return Section()
    from ...explain.segment_profiles import segment_profiles
    from ...explain.segment_tests import LEVEL
    from ...explain.segments import segment

    heading = Heading(text("report_segments.head", language))
    try:
        if _flat(survey, on):
            cannot = text("report_segments.flat", language)
            return Section((heading, Paragraph(cannot)))
        found = segment(survey, on=on, progress=False, grid_above=GRID_ABOVE, **SETTINGS)  # type: ignore[arg-type]
    except (ValueError, np.linalg.LinAlgError) as error:
        cannot = text("report_segments.cannot", language, why=reason(message(error), language))
        return Section((heading, Paragraph(cannot)))
    profiles = None
    if found.recommended > 1:
        profiles = segment_profiles(found, survey, confidence=confidence, minimum_n=MINIMUM_N)
    names = {} if profiles is None else _names(survey, profiles, language)
    what = text(f"report_segments.on_{on}", language)
    lead = text("report_segments.lead", language, what=what, level=f"{100 * LEVEL:g}")
    said = [text("report_segments.one", language)] if profiles is None else _said(found, profiles, names, language)
    parts: list[Part] = [
        heading,
        Paragraph(lead),
        Paragraph(text("describe.between", language).join(said)),
        Paragraph(translated(found.reason, language), foreign(found.reason, language)),
    ]
    if profiles is not None:
        parts += [sizes_table(found, profiles, names, language), _figure(survey, profiles, source, language)]
        parts += [scores_table(survey, profiles, names, language)]
        if len(profiles.outcomes):
            parts.append(outcomes_table(profiles, names, language))
        if len(profiles.demographics):
            parts.append(people_table(profiles, names, language))
    parts.append(choices_table(found, language))
    return Section(
        parts=tuple(parts),
        short=tuple(said[:2]),
        methods=(text("report_segments.method", language, draws=SETTINGS["draws"], resamples=SETTINGS["resamples"]),),
        limits=() if profiles is None else (text("report_segments.limit", language),),
        results=(found,) if profiles is None else (found, profiles),
    )


def _flat(survey: Survey, on: str) -> bool:
    """Whether the scores are combinations of each other, so that no cloud of them has a volume."""
    from ...explain.segment_search import respondents_of

    people, basis = respondents_of(survey, on=on, level="dimensions", centre=SETTINGS["centre"])
    scores = people.features @ basis.axes
    return bool(np.linalg.matrix_rank(scores - scores.mean(axis=0)) < scores.shape[1])


def _names(survey: Survey, profiles: SegmentProfiles, language: str) -> dict[str, str]:
    """What the segments that are shown are called."""
    instrument = survey.instrument
    return {str(id): safe(segment_name(profiles.names, str(id), instrument, language)) for id in profiles.sizes.index}


def _said(found: Segments, profiles: SegmentProfiles, names: Mapping[str, str], language: str) -> list[str]:
    """How many segments, how large, how stable and how certain, and whether some are too small to be shown."""
    between = text("report.semicolon", language)
    named = between.join(
        text("report_segments.sized", language, name=names[str(id)], share=percent(row["share"]))
        for id, row in profiles.sizes.iterrows()
    )
    said = [text("report_segments.some", language, count=count(found.recommended), names=named)]
    stability = found.stability["jaccard"].dropna()
    if len(stability):
        lowest = float(stability.min())
        verdict = text(f"report_segments.{reading_of(lowest)}", language)
        values = {"segment": str(stability.idxmin()), "jaccard": number(lowest)}
        said.append(text("report_segments.stability", language, reading=verdict, **values))
    right = float(np.mean(found.posterior.to_numpy(float).max(axis=1)))
    said.append(text("report_segments.certainty", language, share=percent(right)))
    whole = profiles.suppressed[profiles.suppressed["what"] == "all"]  # cells that are not shown are dashes
    if len(whole):
        hidden = text("report.between", language).join(map(str, whole["group"]))
        said.append(text("report_segments.hidden", language, names=hidden, minimum=MINIMUM_N))
    return said


def reading_of(jaccard: float) -> str:
    """Hennig's reading of a mean Jaccard similarity, as a key.

    Examples
    --------
    >>> reading_of(0.9), reading_of(0.7), reading_of(0.1)
    ('highly_stable', 'pattern', 'untrusted')
    """
    return next(key for least, key in READINGS if jaccard >= least)


def _figure(survey: Survey, profiles: SegmentProfiles, source: str, language: str) -> Figure:
    """Profile lines of the segments, everybody's beside them."""
    what = next(name for name in ("gap", "P", "E") if name in profiles.everyone)

    def words(spoken: str) -> dict[str, Any]:
        labels = {part.id: safe(part.label(spoken), 160) for part in survey.instrument.dimensions}
        told = {"names": _names(survey, profiles, spoken), "labels": labels, "what": what}
        return told | {"language": spoken, "source": source}

    def draw(spoken: str) -> Any:
        drawing, axes = new_figure(WIDTH, segment_lines_height(len(survey.instrument.dimensions), len(profiles.sizes)))
        beside: dict[str, Any] = {"shares": profiles.sizes["share"], "confidence": profiles.confidence}
        everyone: pd.DataFrame | None = profiles.everyone if len(profiles.sizes) > 1 else None
        segment_lines(axes, profiles.profile, everyone=everyone, **beside, **words(spoken))
        return drawing

    title = text("report_segments.figure", language)
    return Figure("segments", title, describe_profiles(profiles.profile, **words(language)), draw, language)
