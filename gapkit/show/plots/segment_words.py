"""Segments in words: their names, and the text alternatives of their figures."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from ..text import number, percent, plain, text
from .canvas import BLUE, GREEN, INK, MUTED, ORANGE, SKY, VERMILLION

if TYPE_CHECKING:
    from ...survey.instrument import Instrument

PURPLE = "#cc79a7"
COLOURS = (BLUE, VERMILLION, GREEN, ORANGE, PURPLE, SKY, INK, MUTED)
MARKERS = "osD^vPX*"
"""A segment has a colour and a mark of its own, so that nobody has to tell colours apart."""


def segment_name(names: pd.DataFrame, segment: str, instrument: Instrument, language: str = "en") -> str:
    """What a segment is called: the name it was given, or the one proposed by rule put into words.

    Parameters
    ----------
    names : DataFrame
        ``segment_profiles(...).names``.
    segment : str
        Its id, which always stands first.
    instrument : Instrument
        Knows the dimensions' names.
    language : str

    Examples
    --------
    >>> import gapkit as gk
    >>> parts = {"expectations": ["high"], "worst": ["reliability"], "best": ["tangibles"], "given": [""]}
    >>> names = pd.DataFrame(parts, index=["S1"])
    >>> segment_name(names, "S1", gk.load_instrument("servqual"))
    'S1: demanding, let down on reliability'
    >>> segment_name(names.assign(worst_too=[("empathy",)]), "S1", gk.load_instrument("servqual"))
    'S1: demanding, let down on reliability and empathy'
    """
    row = names.loc[segment].to_dict()
    if row["given"]:
        return text("segments.named", language, segment=segment, name=plain(row["given"]))
    parts = [text(f"segments.{row['expectations']}", language)] if row["expectations"] in ("high", "low") else []
    key = "worst" if row["worst"] else "best" if row["best"] else ""
    if key:
        named = {row[key], *row.get(f"{key}_too", ())}
        if named == set(instrument.dimension_ids) and len(named) > 1:
            parts.append(text(f"segments.{key}_all", language))
        else:
            labels = [plain(part.label(language)) for part in instrument.dimensions if part.id in named]
            said = _listed([_inside_a_sentence(label, language) for label in labels], language)
            parts.append(text(f"segments.{key}", language, dimension=said))
    words = text("segments.between", language).join(parts) or text("segments.like_everybody", language)
    return text("segments.named", language, segment=segment, name=words)


def describe_profiles(
    profile: pd.DataFrame,
    *,
    names: Mapping[str, str],
    labels: Mapping[str, str],
    what: str = "gap",
    language: str = "en",
    source: str = "",
) -> str:
    """The text alternative of `segment_lines`: every segment's lowest, highest and other scores.

    Parameters
    ----------
    profile, names, labels, what, language, source
        As the figure was drawn with.

    Examples
    --------
    >>> index = pd.MultiIndex.from_product([["S1"], ["empathy", "assurance"]], names=["segment", "score"])
    >>> profile = pd.DataFrame({"gap": [-1.0, 0.5]}, index=index)
    >>> describe_profiles(profile, names={"S1": "S1"}, labels={"empathy": "Empathy", "assurance": "Assurance"})
    'S1: Empathy −1.00, Assurance +0.50.'
    """
    sentences = []
    for segment, name in names.items():
        own = profile.loc[segment][what]
        rows = [f"{labels[score]} {number(own[score], signed=what == 'gap')}" for score in labels]
        sentences.append(_sentence(name, rows, language))
    return _joined(sentences, source, language)


def describe_parallel(
    scores: pd.DataFrame,
    membership: pd.Series,
    *,
    names: Mapping[str, str],
    labels: Mapping[str, str],
    signed: bool = False,
    language: str = "en",
    source: str = "",
) -> str:
    """The text alternative of `parallel_lines`: each segment's middle on every score, and where half its members lie.

    Parameters
    ----------
    scores, membership, names, labels, language, source
        As the figure was drawn with; give the members that the figure leaves out, too.
    signed : bool
        Whether scores have a sign of their own, as gaps do.

    Examples
    --------
    >>> scores = pd.DataFrame({"empathy": [-2.0, -1.0, 0.0]})
    >>> describe_parallel(scores, pd.Series(["S1"] * 3), names={"S1": "S1"}, labels={"empathy": "Empathy"}, signed=True)
    'S1: Empathy −1.00 (half of them between −1.50 and −0.50).'
    """
    sentences = []
    for segment, name in names.items():
        own = scores[(membership == segment).to_numpy()]
        rows = []
        for score, label in labels.items():
            middle = own[score].quantile([0.25, 0.5, 0.75]).to_numpy(float)
            low, median, high = (number(float(value), signed=signed) for value in middle)
            told = {"label": label, "median": median, "low": low, "high": high}
            rows.append(text("segments.describe_half", language, **told))
        sentences.append(_sentence(name, rows, language))
    return _joined(sentences, source, language)


def describe_silhouettes(
    widths: pd.Series, membership: pd.Series, *, names: Mapping[str, str], language: str = "en", source: str = ""
) -> str:
    """The text alternative of `silhouette_bars`: each segment's mean, and the share of its members nearer another one.

    Examples
    --------
    >>> widths, membership = pd.Series([0.5, -0.1, 0.4]), pd.Series(["S1", "S1", "S2"])
    >>> describe_silhouettes(widths, membership, names={"S1": "S1", "S2": "S2"})
    'S1: mean 0.20, 50% nearer another segment. S2: mean 0.40, 0% nearer another segment.'
    """
    sentences = []
    for segment, name in names.items():
        own = widths[(membership == segment).to_numpy()].to_numpy(float)
        values = {"mean": number(own.mean()) if len(own) else number(np.nan), "share": percent(float((own < 0).mean()))}
        sentences.append(text("segments.describe_silhouette", language, name=name, **values))
    return _joined(sentences, source, language)


def describe_stability(stability: pd.DataFrame, *, language: str = "en", source: str = "") -> str:
    """The text alternative of `stability_dots`: for each number of segments how often each is found again.

    Parameters
    ----------
    stability : DataFrame
        Index (n_segments, segment), column "jaccard".

    Examples
    --------
    >>> index = pd.MultiIndex.from_tuples([(2, "S1"), (2, "S2")])
    >>> describe_stability(pd.DataFrame({"jaccard": [0.91, 0.55]}, index=index))
    '2 segments: S1 0.91, S2 0.55.'
    """
    sentences = []
    for count in stability.index.get_level_values(0).unique():
        own = stability.loc[count, "jaccard"]
        rows = [f"{segment} {number(value)}" for segment, value in own.items()]
        sentences.append(_sentence(text("segments.count", language, count=count), rows, language))
    return _joined(sentences, source, language)


def describe_shares(table: pd.DataFrame, *, names: Mapping[str, str], language: str = "en", source: str = "") -> str:
    """The text alternative of `share_heat`: the shares of every segment, largest first.

    Examples
    --------
    >>> table = pd.DataFrame({"S1": [0.25, 0.75]}, index=["business", "family"])
    >>> describe_shares(table, names={"S1": "S1"})
    'S1: family 75%, business 25%.'
    """
    sentences = []
    for segment, name in names.items():
        own = table[segment].dropna().sort_values(ascending=False, kind="stable")
        rows = [
            f"{plain(value[-1] if isinstance(value, tuple) else value)} {percent(share)}"
            for value, share in own.items()
        ]
        sentences.append(_sentence(name, rows, language))
    return _joined(sentences, source, language)


def _sentence(name: str, rows: Sequence[str], language: str) -> str:
    """A name and what belongs to it."""
    return text("segments.describe_row", language, name=name, values=text("segments.between", language).join(rows))


def _joined(sentences: Sequence[str], source: str, language: str) -> str:
    """Sentences and the source line as one text."""
    parts = [*sentences, f"{plain(source, 300)}{text('describe.stop', language)}"] if source else sentences
    return text("describe.between", language).join(parts)


def _listed(names: Sequence[str], language: str) -> str:
    """Names in a row, the last after "and"."""
    if len(names) < 2:
        return "".join(names)
    most = text("segments.list", language).join(names[:-1])
    return text("segments.list_last", language, most=most, last=names[-1])


def _inside_a_sentence(label: str, language: str) -> str:
    """A dimension's name as it stands inside a sentence: no capital, unless it is an abbreviation."""
    if language.startswith("en") and label[1:2].islower():
        return label[:1].lower() + label[1:]
    return label
