"""Gap scores (SERVQUAL): perception minus expectation with intervals, for items, dimensions and overall."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from ..survey.phrase import phrase, sentences
from ..survey.survey import Survey
from .groups import Numbers, grouped
from .level_scores import LevelScores, left_out, level_fields, ratio, share
from .levels import LEVELS, Levels, answer_counts, levels_of, respondent_scores
from .means import check_confidence, checked_weights, column_means, holm, t_interval, t_test


class GapScores(LevelScores):
    """Gaps with their intervals; see `gap_scores`."""

    @property
    def headline(self) -> str:
        """The overall gap with its interval."""
        return self._headline("gap", phrase("gap"))


def gap_scores(
    survey: Survey,
    *,
    by: str | None = None,
    confidence: float = 0.95,
    minimum_n: int = 5,
    alongside: Sequence[str] | None = None,
) -> GapScores:
    r"""Gaps between perception and expectation: items, dimensions, overall, and weighted by importance.

    Everything rests on pairs: an item answer counts when the respondent answered both the expectation and the
    perception, so that ``gap == P - E`` in every row. A respondent's dimension score is the mean over the pairs of
    that dimension, the overall score the mean of the dimension scores (not of the items), and the weighted score
    ``sum(w * gap) / sum(w)`` over the dimensions, w being the respondent's own split of 100 points.

    Parameters
    ----------
    survey : Survey
        With expectations and perceptions. Survey weights in ``respondents["weight"]`` reach every number.
    by : str, optional
        A respondents column: one set of rows per group, and a test between groups.
    confidence : float
        Of the intervals.
    minimum_n : int
        With ``by=``, groups and cells of fewer respondents are not shown.
    alongside : sequence of str, optional
        Give it where the numbers of the whole survey are published too: the columns by which groups are published
        beside these (an empty list where there are none). Then whatever would give away fewer than `minimum_n`
        respondents by subtraction is withheld as well, groups and single rows of the others, see `withheld_groups` and
        `withheld_entries`.

    Returns
    -------
    GapScores
        ``items``, ``dimensions``, ``overall``, ``weighted``: DataFrames with one row per item or dimension (per group
        and item with ``by=``) and the columns

        ========= =======================================================================================
        n         respondents with the pair (item) or with at least one pair (dimension, overall)
        E, P      mean expectation and perception over those pairs, scale points
        gap       P - E; negative = falls short
        sd, se    standard deviation of the gap and standard error of its mean
        low, high t interval of the gap
        t, df, p  test of gap = 0 (paired t), two-sided; df = n - 1
        p_holm    Holm's p; family: the items, or the dimensions, within one group
        d_z       effect size gap / sd
        d_av      effect size gap / mean(sd of E, sd of P): the one to compare between studies
        ceiling_E share of E answers at the scale's top; where it is high the gap is mostly P upside down
        r_EP      correlation of E and P over respondents
        n_eff     Kish's effective n; only when the survey has weights
        ========= =======================================================================================

        ``tests`` (with ``by=``): Welch's test between groups. ``suppressed``: what is not shown, and why.
        A row is NaN where nothing can be computed (no pair, no allocation; t, p and d where nothing varies).

    Raises
    ------
    ValueError
        A battery or the ``by`` column is not in the survey, or a survey weight is not a number of at least 0.

    References
    ----------
    .. [1] Parasuraman, A., Zeithaml, V. A., & Berry, L. L. (1988). SERVQUAL: A multiple-item scale for measuring
       consumer perceptions of service quality. Journal of Retailing, 64(1), 12-40.
    .. [2] Lakens, D. (2013). Calculating and reporting effect sizes. Frontiers in Psychology, 4, 863. (d_z, d_av)

    Examples
    --------
    >>> import pandas as pd
    >>> from gapkit import Survey, load_instrument
    >>> servqual = load_instrument("servqual")
    >>> E = pd.DataFrame([[7] * 22, [6] * 22, [7] * 22], columns=servqual.item_ids)
    >>> P = pd.DataFrame([[6] * 22, [6] * 22, [4] * 22], columns=servqual.item_ids)
    >>> gaps = gap_scores(Survey(servqual, expectations=E, perceptions=P))
    >>> gaps
    <GapScores: overall gap -1.33 (95 % CI -5.13 to 2.46), n = 3>
    >>> gaps.dimensions.loc["empathy", ["E", "P", "gap"]].round(2).tolist()
    [6.67, 5.33, -1.33]
    """
    check_confidence(confidence)
    levels, weights = levels_of(survey), checked_weights(survey.weights)
    paired = survey.gaps.notna()
    expected = survey.battery("expectations").where(paired)
    perceived = survey.battery("perceptions").where(paired)
    E, P = respondent_scores(survey, expected), respondent_scores(survey, perceived)
    at_top, answered = (
        answer_counts(survey, flags.to_numpy()) * np.isfinite(E)
        for flags in (expected == survey.instrument.scale.high, paired)
    )
    floor = minimum_n if by else 0

    def numbers(rows: np.ndarray) -> Numbers:
        w = None if weights is None else weights[rows]
        of_E, of_P, of_gap = column_means(E[rows], w), column_means(P[rows], w), column_means(P[rows] - E[rows], w)
        gap, df = of_P.mean - of_E.mean, np.maximum(of_gap.n - 1, 0)
        low, high = t_interval(gap, of_gap.se, df, confidence)
        t, p = t_test(gap, of_gap.se, df)
        out = {"n": of_gap.n, "E": of_E.mean, "P": of_P.mean, "gap": gap, "sd": of_gap.sd, "se": of_gap.se}
        out |= {"low": low, "high": high, "t": t, "df": df, "p": p}
        out["p_holm"] = _holm_by_level(np.where(of_gap.n >= floor, p, np.nan), levels)
        out["d_z"] = ratio(gap, of_gap.sd)
        out["d_av"] = ratio(gap, (of_E.sd + of_P.sd) / 2)
        out["ceiling_E"] = share(at_top[rows], answered[rows], w)
        shared = of_E.sd**2 + of_P.sd**2 - of_gap.sd**2  # twice the covariance: var(P - E) = var E + var P - 2 cov
        out["r_EP"] = np.clip(ratio(shared, 2 * of_E.sd * of_P.sd), -1, 1)
        return out if w is None else out | {"n_eff": of_gap.n_eff}

    counted = paired.any(axis=1).to_numpy() & (True if weights is None else weights > 0)
    groups = grouped(
        survey, numbers, levels, by=by, minimum_n=minimum_n, counted=counted, scores=E, alongside=alongside
    )
    holm_p = (
        phrase("Holm's p: the items are one family and the dimensions another, within each group.")
        if by
        else phrase("Holm's p: the items are one family and the dimensions another.")
    )
    method = sentences(
        phrase(
            "gap = perception - expectation per respondent, on pairs (an item counts where both were answered; "
            "{share:.1%} of the pairs are incomplete).",
            share=1 - paired.to_numpy().mean(),
        ),
        left_out(counted, phrase("any pair")),
        holm_p,
    )
    return GapScores(**level_fields(survey, groups, levels, of="gap", confidence=confidence, method=method))


def _holm_by_level(p: np.ndarray, levels: Levels) -> np.ndarray:
    """Holm's p with each level as its own family."""
    return np.concatenate([holm(p[levels.columns(level)]) for level in LEVELS])
