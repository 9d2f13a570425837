"""Careless and incomplete answering: indices and flags for each respondent. It advises; nobody is left out by it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from .naming import battery_name
from .phrase import joined, phrase, sentences
from .responding import as_asked, copy_of, identical_share, longest_run, mahalanobis, response_variability
from .result import Result
from .survey import Survey

FILTERS = ("longest_run", "variability", "identical", "missing", "duplicate", "too_fast", "mahalanobis")


@dataclass(frozen=True, eq=False, repr=False, kw_only=True)
class Screening(Result):
    """What `screen` found.

    Parameters
    ----------
    filters : DataFrame, one row per filter
        `rule`; `respondents` flagged and their `share`; `alone`, those whom no other filter flags. The row "any" is
        all of them together.
    missing : DataFrame, items x batteries
        Share of respondents who left the item unanswered.
    patterns : DataFrame
        Which blocks (the items of a dimension in a battery) were answered at all: `answered` in words, how many
        `respondents` with what `share`, and `scattered`, the answers they left out inside those blocks.
    indices : DataFrame, n respondents x indices
        The numbers behind the flags.
    flags : DataFrame of bool, n respondents x filters
    """

    filters: pd.DataFrame
    missing: pd.DataFrame
    patterns: pd.DataFrame
    indices: pd.DataFrame
    flags: pd.DataFrame

    @property
    def headline(self) -> str:
        """How many are flagged, and by what."""
        each = self.filters["respondents"].drop("any")
        named = ", ".join(f"{name!s} {count}" for name, count in each[each > 0].to_dict().items())
        total = f"{int(self.filters['respondents']['any'])} of {self.n} respondents flagged"
        return f"{total} ({named})" if named else total

    @property
    def tables(self) -> dict[str, pd.DataFrame]:
        """The tables that are short enough to be shown; `indices` and `flags` have a row per respondent."""
        return {"filters": self.filters, "patterns": self.patterns}

    def flagged(self, *filters: str, at_least: int = 1) -> pd.Series:
        """Who is flagged by at least so many of some filters (of all where none is named): for `survey.without`.

        Raises
        ------
        ValueError
            A filter of that name was not applied.
        """
        unknown = [name for name in filters if name not in self.flags]
        if unknown:
            raise ValueError(f'no filter "{unknown[0]}" was applied; there are: {", ".join(map(str, self.flags))}.')
        return self.flags[list(filters) or list(self.flags.columns)].sum(axis=1) >= at_least


def screen(
    survey: Survey,
    *,
    duration: str | None = None,
    longest_run: float | None = 0.5,
    variability: float | None = 0.25,
    identical: float | None = 0.95,
    missing: float | None = 0.5,
    seconds: float | None = 2.0,
    mahalanobis: float | None = 0.001,
    duplicates: bool = True,
) -> Screening:
    """Signs of careless and incomplete answering, and who shows them.

    The cut-offs are advice, not verdicts: each catches some who answered with care and misses some who did not. Look at
    what a filter would do to the gaps (`screening_effects`), decide, and say so: ``survey.without(screening.flagged(
    "variability"), why="one answer throughout")`` is the only way anybody is left out.

    Parameters
    ----------
    survey : Survey
    duration : str, optional
        The respondents column with the seconds each one took.
    longest_run : float or None
        Flag a run of equal answers over at least this part of all items asked (0.5: half of them, as Curran advises
        for a first pass). Items count in the instrument's order, battery after battery, reversed items as asked.
    variability : float or None
        Flag a standard deviation of one's own answers below this many scale points (individual response variability):
        0 is one answer throughout, 0.5 two neighbouring points in equal parts.
    identical : float or None
        Flag perceptions equal to the expectations in at least this share of the pairs: a gap of zero is a finding, a
        zero everywhere is a copied column.
    missing : float or None
        Flag a share of unanswered items above this.
    seconds : float or None
        Flag fewer seconds per answer than this; two are the fewest that reading takes (Huang et al.).
    mahalanobis : float or None
        Flag patterns with a smaller p than this among the normally distributed. Answers on a scale are not normal, so
        more are flagged than that share; answers ticked at random stand out clearly.
    duplicates : bool
        Flag the second and later of rows with exactly the same answers.

        None (or False) leaves a filter out.

    Returns
    -------
    Screening

    Raises
    ------
    ValueError
        There is no column `duration`, or it holds no numbers.

    References
    ----------
    .. [1] Curran, P. G. (2016). Methods for the detection of carelessly invalid responses in survey data. Journal of
       Experimental Social Psychology, 66, 4-19.
    .. [2] Dunn, A. M., Heggestad, E. D., Shanock, L. R., & Theilgard, N. (2018). Intra-individual response variability
       as an indicator of insufficient effort responding. Journal of Business and Psychology, 33, 105-121.
    .. [3] Huang, J. L., Curran, P. G., Keeney, J., Poposki, E. M., & DeShon, R. P. (2012). Detecting and deterring
       insufficient effort responding to surveys. Journal of Business and Psychology, 27, 99-114.
    .. [4] Meade, A. W., & Craig, S. B. (2012). Identifying careless responses in survey data. Psychological Methods,
       17, 437-455.

    Examples
    --------
    >>> from gapkit.survey.simulate import simulate
    >>> from gapkit.survey.truth import Truth
    >>> survey = simulate(n=300, seed=1, truth=Truth(careless={"straightline": 0.02}))
    >>> screening = screen(survey)
    >>> int(screening.filters.loc["variability", "respondents"])
    6
    >>> survey.without(screening.flagged("variability"), why="one answer throughout").n
    294
    """
    asked = as_asked(survey)
    everything = pd.concat(asked, axis=1)
    indices = _indices(asked, everything)
    distance, how = _distances(everything)
    indices = indices.assign(**distance)
    rules: dict[str, tuple[pd.Series, str]] = {}
    if longest_run is not None:
        least = int(np.ceil(longest_run * everything.shape[1]))
        rules["longest_run"] = indices["longest_run"] >= least, f"{least} or more equal answers in a row"
    if variability is not None:
        rules["variability"] = indices["variability"] < variability, f"own answers vary by less than {variability:g}"
    if identical is not None and "identical" in indices:
        rules["identical"] = indices["identical"] >= identical, f"P = E in at least {identical:.0%} of the pairs"
    if missing is not None:
        rules["missing"] = indices["missing"] > missing, f"more than {missing:.0%} unanswered"
    if duplicates:
        rules["duplicate"] = indices["copy_of"].notna(), "exactly the answers of an earlier row"
    if duration is not None:
        indices["seconds_per_answer"] = _pace(survey, duration, everything)
        if seconds is not None:
            rules["too_fast"] = indices["seconds_per_answer"] < seconds, f"less than {seconds:g} seconds per answer"
    if mahalanobis is not None:
        rules["mahalanobis"] = indices["mahalanobis_p"] < mahalanobis, f"an unusual pattern, p < {mahalanobis:g}"
    flags = pd.DataFrame({name: flag for name, (flag, _) in rules.items()}, index=everything.index).astype(bool)
    patterns = _patterns(survey)
    return Screening(
        n=survey.n,
        source=str(survey.source),
        method=_method(survey, everything, patterns, how),
        filters=_counted(flags, {name: rule for name, (_, rule) in rules.items()}),
        missing=pd.DataFrame({name: answers.isna().mean() for name, answers in survey.batteries.items()}),
        patterns=patterns,
        indices=indices,
        flags=flags,
    )


def _indices(asked: Mapping[str, pd.DataFrame], everything: pd.DataFrame) -> pd.DataFrame:
    """One row per respondent: the indices that need no cut-off."""
    columns = {"longest_run": longest_run(everything)}
    if len(asked) > 1:
        columns |= {f"longest_run_{name}": longest_run(answers) for name, answers in asked.items()}
    columns["variability"] = response_variability(everything)
    if {"expectations", "perceptions"} <= asked.keys():
        columns["identical"] = identical_share(asked["expectations"], asked["perceptions"])
    columns["missing"] = everything.isna().mean(axis=1)
    columns["copy_of"] = copy_of(everything)
    return pd.DataFrame(columns)


def _distances(everything: pd.DataFrame) -> tuple[dict[str, pd.Series], str]:
    """Mahalanobis distance and its p, and how they were computed."""
    table, how = mahalanobis(everything)
    return {"mahalanobis": table["distance"], "mahalanobis_p": table["p"]}, how


def _pace(survey: Survey, duration: str, everything: pd.DataFrame) -> pd.Series:
    """Seconds per answer given; NaN where nothing was answered or no time is known."""
    if duration not in survey.respondents:
        there = ", ".join(map(str, survey.respondents.columns)) or "none"
        raise ValueError(f'no column "{duration}" among the respondents for the completion time; there are: {there}.')
    time = pd.to_numeric(survey.respondents[duration], errors="coerce")
    if time.isna().all():
        raise ValueError(f'the column "{duration}" holds no numbers: give the completion time in seconds.')
    answered = everything.notna().sum(axis=1)
    return time / answered.where(answered > 0)


def _patterns(survey: Survey) -> pd.DataFrame:
    """Which blocks of items were answered at all, with how many respondents; most frequent first."""
    blocks = {}
    for name, answers in survey.batteries.items():
        for dimension in survey.instrument.dimensions:
            blocks[name, dimension.id] = answers[list(dimension.items)].notna().any(axis=1)
    answered = pd.DataFrame(blocks)
    kinds, kind = np.unique(answered.to_numpy(), axis=0, return_inverse=True)
    named = np.array([_in_words(row, list(blocks)) for row in kinds], dtype=object)
    words = pd.Series(named[kind.ravel()], index=answered.index)
    items = {key: len(survey.instrument.dimension(key[1]).items) for key in blocks}
    given = sum(
        survey.batteries[name][list(survey.instrument.dimension(d).items)].notna().sum(axis=1) for name, d in blocks
    )
    scattered = (answered * pd.Series(items)).sum(axis=1) - given
    counts = words.value_counts()
    return pd.DataFrame(
        {
            "answered": counts.index,
            "respondents": counts.to_numpy(),
            "share": counts.to_numpy() / max(len(words), 1),
            "scattered": scattered.groupby(words).sum().reindex(counts.index).to_numpy(int),
        }
    )


def _in_words(answered: np.ndarray, blocks: list[tuple[str, str]]) -> str:
    """The blocks with answers: "everything", "nothing", or battery by battery."""
    if answered.all() or not answered.any():
        return "everything" if answered.all() else "nothing"
    parts = []
    for battery in dict.fromkeys(name for name, _ in blocks):
        own = [d for (name, d), yes in zip(blocks, answered, strict=True) if name == battery and yes]
        every = len(own) == sum(name == battery for name, _ in blocks)
        if own:
            parts.append(f"{battery}: {'all' if every else ', '.join(own)}")
    return "; ".join(parts)


def _counted(flags: pd.DataFrame, rules: Mapping[str, str]) -> pd.DataFrame:
    """How many each filter flags, and how many it alone."""
    single = flags[flags.sum(axis=1) == 1]
    rows = {name: (rule, int(flags[name].sum()), int(single[name].sum())) for name, rule in rules.items()}
    rows["any"] = ("at least one of them", int(flags.any(axis=1).sum()), len(single))
    table = pd.DataFrame.from_dict(rows, orient="index", columns=["rule", "respondents", "alone"])
    table.insert(2, "share", table["respondents"] / max(len(flags), 1))
    return table.rename_axis(index="filter")


def _method(survey: Survey, everything: pd.DataFrame, patterns: pd.DataFrame, how: str) -> str:
    """What was computed, on what."""
    absent, scattered = int(everything.isna().to_numpy().sum()), int(patterns["scattered"].sum())
    about = {"items": everything.shape[1], "batteries": joined(map(battery_name, survey.batteries))}
    if survey.source.reversed:
        indices = phrase(
            "Indices over {items} items of {batteries} in the instrument's order, reversed items as they were asked; "
            "survey weights play no part.",
            **about,
        )
    else:
        indices = phrase(
            "Indices over {items} items of {batteries} in the instrument's order; survey weights play no part.", **about
        )
    missing = phrase(
        "{missing} answers are missing: {blocks} in blocks that a respondent left out whole, {scattered} scattered.",
        missing=absent,
        blocks=absent - scattered,
        scattered=scattered,
    )
    return sentences(indices, missing, how, phrase("Nobody was left out."))
