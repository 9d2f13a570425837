"""What the figures of drivers show, in words computed from their numbers."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from ..text import number, percent, plain, text

if TYPE_CHECKING:
    from ...explain.drivers import Drivers
    from ...explain.kano import Kano
    from ...explain.penalty_reward import PenaltyReward


def as_points(stated: pd.DataFrame) -> bool:
    """Whether stated importance is a split of 100 points (ratings do not add up to 100)."""
    return bool(np.isclose(stated["mean"].sum(), 100))


def names_of(index: pd.Index, labels: Sequence[str] | None) -> list[str]:
    """The rows' names, made plain.

    Examples
    --------
    >>> names_of(pd.Index(["empathy"]), None)
    ['empathy']
    """
    names = list(index) if labels is None else list(labels)
    if len(names) != len(index):
        raise ValueError(f"{len(names)} labels for {len(index)} rows: give one for each.")
    return [plain(name) for name in names]


def describe_drivers(
    found: Drivers,
    *,
    labels: Sequence[str] | None = None,
    outcome: str | None = None,
    language: str = "en",
    source: str = "",
) -> str:
    """The text alternative of `driver_importance`: R squared, then every predictor, stated and derived.

    Parameters
    ----------
    found, labels, outcome, language, source
        As the figure was drawn with.

    Examples
    --------
    >>> import gapkit as gk
    >>> answers = pd.DataFrame({"a": [1, 2, 1, 2, 1], "b": [1, 1, 2, 2, 3], "y": [2, 3, 3, 5, 4]})
    >>> found = gk.drivers_from_moments(gk.moments(answers), outcome="y", predictors=["a", "b"], draws=50)
    >>> describe_drivers(found).split(":")[0]
    'Share of R² of y'
    """
    fit, level = found.fit.iloc[0], f"{100 * found.confidence:g}"
    ends = {"r2": number(fit["r2"]), "low": number(fit["low"]), "high": number(fit["high"]), "level": level}
    called = plain(found.outcome if outcome is None else outcome)
    sentences = [text("driver_figures.say_total", language, outcome=called, **ends)]
    names = names_of(found.johnson.index, labels)
    dominance = None if found.dominance is None else found.dominance["share"].to_numpy(float)
    stated = None if found.stated is None else found.stated["mean"].reindex(found.johnson.index).to_numpy(float)
    key = "say_points" if found.stated is not None and as_points(found.stated) else "say_rating"
    for place, (name, row) in enumerate(zip(names, found.johnson.to_dict("records"), strict=True)):
        share = {"share": percent(row["share"]), "low": percent(row["share_low"]), "high": percent(row["share_high"])}
        sentences.append(text("driver_figures.say_driver", language, name=name, level=level, **share))
        if dominance is not None:
            sentences.append(text("driver_figures.say_dominance", language, share=percent(dominance[place])))
        if stated is not None:
            sentences.append(text(f"driver_figures.{key}", language, value=number(stated[place], 1)))
    return _joined(sentences, source, language)


def describe_penalties(
    found: PenaltyReward,
    *,
    labels: Sequence[str] | None = None,
    outcome: str | None = None,
    language: str = "en",
    source: str = "",
) -> str:
    """The text alternative of `penalty_reward_bars`: every dimension with its penalty, reward, contrast and kind.

    Parameters
    ----------
    found, labels, outcome, language, source
        As the figure was drawn with.
    """
    level = f"{100 * found.confidence:g}"
    called = plain(found.outcome if outcome is None else outcome)
    sentences = [text("driver_figures.say_penalties", language, outcome=called)]
    names = names_of(found.dimensions.index, labels)
    for name, row in zip(names, found.dimensions.to_dict("records"), strict=True):
        values = {key: number(row[key]) for key in ("penalty", "reward")}
        values |= {"contrast": number(row["contrast"], signed=True), "level": level}
        values |= {"low": number(row["contrast_low"]), "high": number(row["contrast_high"])}
        kind = text(f"driver_figures.{row['kind']}", language)
        sentences.append(text("driver_figures.say_penalty", language, name=name, kind=kind, **values))
    return _joined(sentences, source, language)


def describe_kano(found: Kano, *, labels: Sequence[str] | None = None, language: str = "en", source: str = "") -> str:
    """The text alternative of `kano_map`: every attribute with its coefficients and category.

    Parameters
    ----------
    found, labels, language, source
        As the figure was drawn with.

    Examples
    --------
    >>> import gapkit as gk
    >>> counts = pd.DataFrame({"M": [95], "O": [123], "A": [45], "I": [33]}, index=["app"])
    >>> describe_kano(gk.kano_from_counts(counts), source="Some users")
    'app: satisfaction 0.57, dissatisfaction −0.74, one-dimensional. Some users.'
    """
    sentences = []
    names = names_of(found.coefficients.index, labels)
    sure = found.fong["significant"].to_numpy(bool)
    rows = found.coefficients.to_dict("records")
    for name, row, category, clear in zip(names, rows, found.categories["category"], sure, strict=True):
        kind = text(f"driver_figures.kano_{category}", language)
        values = {"plus": number(row["satisfaction"]), "minus": number(row["dissatisfaction"])}
        key = "say_kano" if clear else "say_kano_unsure"
        sentences.append(text(f"driver_figures.{key}", language, name=name, kind=kind, **values))
    return _joined(sentences, source, language)


def describe_coverage(intervals: pd.DataFrame, *, truth: float, language: str = "en", source: str = "") -> str:
    """The text alternative of `interval_coverage`: how many intervals hold the truth, and on which side the others lie.

    Parameters
    ----------
    intervals, truth, language, source
        As the figure was drawn with.

    Examples
    --------
    >>> describe_coverage(pd.DataFrame({"low": [0.0, 0.5], "high": [0.4, 0.9]}), truth=0.2, source="Two surveys")
    '1 of 2 intervals hold the true value 0.20; 0 lie below it, 1 above it. Two surveys.'
    """
    below, above = int((intervals["high"] < truth).sum()), int((intervals["low"] > truth).sum())
    numbers = {"n": str(len(intervals)), "held": str(len(intervals) - below - above), "truth": number(truth)}
    said = text("driver_figures.say_coverage", language, below=str(below), above=str(above), **numbers)
    return _joined([said], source, language)


def _joined(sentences: list[str], source: str, language: str) -> str:
    """Sentences with the source line last."""
    stop = text("describe.stop", language)
    parts = [*sentences, f"{plain(source, 300)}{stop}"] if source else sentences
    return text("describe.between", language).join(parts)
