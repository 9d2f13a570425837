"""Who is in which segment: sizes, gaps, what matters, outcomes adjusted for misplaced people, demographics, names."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import pandas as pd

from ..measure.means import check_confidence, checked_weights
from ..survey.outcomes import NAMES, outcome_columns
from ..survey.phrase import phrase
from ..survey.result import Result
from ..survey.survey import Survey
from .bch import adjusted_table, out_of_range, placed, sizes
from .driver_inputs import outcome_of
from .member_tables import demographic_tables, grouping_columns, hide_small, score_columns, score_rows, shown_scores
from .profile_method import hidden_notes, profile_method, range_notes
from .segment_members import posterior_of
from .segment_names import proposed_names
from .stated import stated_answers

if TYPE_CHECKING:
    from .segments import Segments


@dataclass(frozen=True, eq=False, repr=False, kw_only=True)
class SegmentProfiles(Result):
    """Profiles of segments; see `segment_profiles`.

    Parameters
    ----------
    sizes : DataFrame, one row a segment
        ``n`` placed in it; ``share`` of everybody with ``se``, ``low``, ``high``; ``certainty``, the mean probability
        with which its members belong to it.
    profile : DataFrame, index (segment, score), scores being dimensions and "overall"
        ``n`` and the mean ``E``, ``P`` and ``gap`` of those placed in it, each with ``_low``, ``_high`` and ``_sd``.
    everyone : DataFrame, index score
        The same for all who are in a segment that is shown, less those of cells that are not: subtraction from the
        others would give them away.
    importance : DataFrame or None, index (dimension, segment)
        Stated importance; columns as in `outcomes`.
    outcomes : DataFrame, index (outcome, segment)
        ``n`` placed and answering; ``mean`` adjusted for classification error with ``se``, ``low``, ``high``; and
        ``plain``, the mean of those placed in it, for comparison. An adjusted mean or an end of its interval can lie
        outside the range of the answers, which `method` then says.
    tests : DataFrame, one row an outcome
        Wald's test that the adjusted means are equal: ``segments``, ``chi2``, ``df``, ``p``, ``p_holm``.
    demographics : DataFrame, index (column, value, segment)
        ``n`` and ``share`` of the value among those placed in the segment.
    demographic_tests : DataFrame, one row a column
        Pearson's ``chi2``, ``df``, ``p``, ``p_holm``, ``cramers_v``, ``smallest_expected``; ``values`` in the test,
        those with a cell that is not shown being one.
    placement : DataFrame, segments x segments
        Of those who belong to the row's segment, the share placed in the column's.
    names : DataFrame, one row a segment
        Parts of a name proposed by rule, and ``given``; see `renamed`.
    suppressed : DataFrame
        What is not shown, and why: the segment, "all" or the score, outcome or value, the reason.
    confidence : float
    minimum_n : int
    """

    sizes: pd.DataFrame
    profile: pd.DataFrame
    everyone: pd.DataFrame
    importance: pd.DataFrame | None
    outcomes: pd.DataFrame
    tests: pd.DataFrame
    demographics: pd.DataFrame
    demographic_tests: pd.DataFrame
    placement: pd.DataFrame
    names: pd.DataFrame
    suppressed: pd.DataFrame
    confidence: float
    minimum_n: int

    @property
    def headline(self) -> str:
        """Every segment that is shown, with its share."""
        parts = [
            f"{segment} {row['share']:.0%} ({row['low']:.0%} to {row['high']:.0%})"
            for segment, row in self.sizes.iterrows()
        ]
        hidden = f"; {len(self.not_shown)} not shown" if self.not_shown else ""
        return f"{len(parts)} segment{'s' if len(parts) != 1 else ''}: {', '.join(parts)}{hidden}; n = {self.n}"

    @property
    def not_shown(self) -> list[str]:
        """The segments of which nothing is shown."""
        return [str(name) for name in self.suppressed.loc[self.suppressed["what"] == "all", "group"]]

    def renamed(self, names: Mapping[str, str]) -> SegmentProfiles:
        """The same profiles under names of one's own; an empty name goes back to the one proposed.

        Examples
        --------
        ``profiles.renamed({"S1": "Business guests in a hurry"}).names["given"]``
        """
        unknown = [segment for segment in names if segment not in self.names.index]
        if unknown:
            raise ValueError(f'there is no segment "{unknown[0]}"; there are: {", ".join(self.names.index)}.')
        given = self.names["given"].copy()
        for segment, name in names.items():
            given[segment] = " ".join(str(name).split())
        twice = given[given.ne("") & given.duplicated()]
        if len(twice):
            raise ValueError(f'two segments would be called "{twice.iloc[0]}"; give each a name of its own.')
        return replace(self, names=self.names.assign(given=given))


def segment_profiles(
    segments: Segments,
    survey: Survey,
    *,
    outcomes: Sequence[str] | None = None,
    demographics: Sequence[str] | None = None,
    confidence: float = 0.95,
    minimum_n: int = 5,
) -> SegmentProfiles:
    """What sets segments apart, with the uncertainty of who belongs to which.

    Everybody is placed in the most probable segment, and some are placed wrongly. Shares, outcomes and importance undo
    these errors (BCH): with W the placements as zeros and ones and D the shares of each segment's members placed in
    each, people count by ``W @ inv(D)``; see `gapkit.explain.bch`. Gap profiles and demographics are those of the
    people placed. Segments were found because they differ, so their gaps are described, not tested.

    Parameters
    ----------
    segments : Segments
        From `segment`, of the same respondents.
    survey : Survey
        Survey weights reach every number.
    outcomes : sequence of str, optional
        Respondents' columns of numbers; by default those of overall, satisfaction, recommend and intention there are.
    demographics : sequence of str, optional
        Respondents' columns; by default all that hold words, two to 24 different ones.
    confidence : float
        Of the intervals.
    minimum_n : int
        Segments and cells of fewer respondents are not shown. They can still be worked out by subtraction where means
        of the whole survey are published too.

    Returns
    -------
    SegmentProfiles

    Raises
    ------
    ValueError
        Other respondents than the segments were found in, no such column, or a segment smaller than `minimum_n` alone.

    References
    ----------
    .. [1] Bolck, A., Croon, M., & Hagenaars, J. (2004). Estimating latent structure models with categorical variables:
       One-step versus three-step estimators. Political Analysis, 12(1), 3-27.
    .. [2] Vermunt, J. K. (2010). Latent class modeling with covariates: Two improved three-step approaches. Political
       Analysis, 18(4), 450-469.
    .. [3] Bakk, Z., Tekle, F. B., & Vermunt, J. K. (2013). Estimating the association between latent class membership
       and external variables using bias-adjusted three-step approaches. Sociological Methodology, 43(1), 272-311.

    Examples
    --------
    >>> import gapkit as gk
    >>> survey = gk.datasets.load("hotel")
    >>> quick = {"max_segments": 3, "draws": 19, "resamples": 0, "progress": False}
    >>> found = gk.segment(survey, on="gaps", centre="person", method="kmeans", n_segments=3, **quick)
    >>> profiles = gk.segment_profiles(found, survey, outcomes=["recommend"])
    >>> profiles.outcomes.columns.tolist()
    ['n', 'mean', 'se', 'low', 'high', 'plain']
    """
    check_confidence(confidence)
    if minimum_n < 1:
        raise ValueError(f"minimum_n must be at least 1, not {minimum_n}.")
    posterior = posterior_of(segments, survey)
    weights = checked_weights(survey.weights)
    counted = posterior.notna().all(axis=1).to_numpy() & (True if weights is None else weights > 0)
    everybody, posterior = survey, posterior[counted]
    survey, weights = survey.only(counted, why=phrase("in no segment")), None if weights is None else weights[counted]
    who = placed(posterior.to_numpy(float), weights)
    labels = pd.Index(posterior.columns, name="segment")
    membership = pd.Series(labels.to_numpy()[who.where], index=posterior.index, dtype=object)
    size = sizes(who, confidence).set_axis(labels)
    shown = labels[size["n"] >= minimum_n]
    if not len(shown):
        few = {"source": survey.source, "fewest": minimum_n}
        raise ValueError(phrase("{source}: no segment has {fewest} respondents, so nothing can be shown.", **few))
    of_shown = membership.where(membership.isin(shown))
    scores = score_columns(survey)
    rows = {name: score_rows(scores, (membership == name).to_numpy(), weights, confidence) for name in shown}
    profile = hide_small(pd.concat(rows, names=["segment"]), minimum_n)
    blank = profile["n"].isna()
    known = shown_scores(scores, membership, blank)
    everyone = score_rows(known, of_shown.notna().to_numpy(), weights, confidence)
    usual = [name for name in NAMES if name in survey.respondents]
    asked = list(dict.fromkeys(usual + outcome_columns(survey))) if outcomes is None else list(outcomes)
    answers = pd.DataFrame({name: outcome_of(survey, name) for name in asked}, index=survey.respondents.index)
    rules: dict[str, Any] = {"shown": shown, "confidence": confidence, "minimum_n": minimum_n}
    outcome_table, tests = adjusted_table(answers.rename_axis(columns="outcome"), who, labels, **rules)
    stated, sentence = stated_answers(survey, level="dimensions")
    importance, outside = None, [out_of_range(outcome_table, answers)]
    if stated is not None:
        importance = adjusted_table(stated.rename_axis(columns="dimension"), who, labels, **rules)[0]
        outside.append(out_of_range(importance, stated))
    columns = grouping_columns(everybody) if demographics is None else demographics
    shares, share_tests, hidden = demographic_tables(survey, of_shown, columns, weights, minimum_n)
    reason = f"fewer than {minimum_n}"
    small = [(name, "all", reason) for name in labels.difference(shown, sort=False)]
    small += [(name, score, reason) for name, score in profile.index[blank]]
    for kind, table in (("outcome", outcome_table), ("importance", importance)):
        if table is not None:
            small += [(name, f"{kind}: {what}", reason) for what, name in table.index[table["n"].isna()]]
    notes = hidden_notes(bool(blank.any()), bool(hidden))
    notes += range_notes(*([name for names in kind for name in names] for kind in zip(*outside, strict=True)))
    n = len(membership)
    return SegmentProfiles(
        sizes=size.assign(certainty=who.certainty).loc[shown],
        profile=profile,
        everyone=everyone,
        importance=importance,
        outcomes=outcome_table,
        tests=tests,
        demographics=shares,
        demographic_tests=share_tests,
        placement=pd.DataFrame(who.errors, index=labels, columns=labels).loc[shown, shown],
        names=proposed_names(profile, everyone),
        suppressed=pd.DataFrame([*small, *hidden], columns=["group", "what", "reason"]),
        confidence=confidence,
        minimum_n=minimum_n,
        n=n,
        source=f"{survey.source}, n = {n}",
        method=profile_method(
            who,
            segments,
            out=everybody.n - n,
            confidence=confidence,
            minimum_n=minimum_n,
            weighted=weights is not None,
            stated=sentence,
            notes=notes,
        ),
    )
