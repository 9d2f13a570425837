"""Agreement inside the firm: do managers differ among themselves more than they differ from customers?"""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from ..survey.phrase import joined, phrase, sentences
from ..survey.result import Result
from ..survey.survey import Survey
from .links import between
from .means import check_confidence, column_means
from .positions import Mapped, Position, Standing, positions
from .within_groups import icc_1, mean_variance, null_variance


@dataclass(frozen=True, eq=False, repr=False, kw_only=True)
class Agreement(Result):
    """How far the members of one group agree; see `agreement`."""

    groups: pd.DataFrame
    icc: pd.DataFrame | None = None
    suppressed: pd.DataFrame | None = None
    by: str | None = None
    confidence: float = 0.95

    @property
    def headline(self) -> str:
        """The dimension they agree on least."""
        table = self.groups["r_wg"].dropna()
        if table.empty and self.by is None:
            return f"agreement: no dimension was answered by two managers; n = {self.n}"
        if table.empty:
            return f"agreement: no group is large enough to be shown; n = {self.n}"
        where = table.idxmin()
        name = ", ".join(map(str, where)) if isinstance(where, tuple) else str(where)
        return f"least agreement on {name}: r_wg {table.min():.2f}; n = {self.n}"


def agreement(
    managers: Survey,
    *,
    customers: Survey,
    by: str | None = None,
    null: str | Sequence[float] = "uniform",
    confidence: float = 0.95,
    minimum_n: int = 5,
    mapping: Mapped | None = None,
) -> Agreement:
    r"""Agreement among managers about what customers expect, beside their distance from the customers.

    Parameters
    ----------
    managers : Survey
        What each manager believes customers expect (their expectations, as in `five_gaps`).
    customers : Survey
        With expectations and perceptions.
    by : str, optional
        A column of the managers' respondents, such as "level" or "hotel": one set of rows per group, and ICC(1).
    null : "uniform" or sequence of float
        What answers would look like without any agreement: every scale point alike, or a share for each point from
        lowest to highest. Expectations crowd at the top of the scale: against a uniform null they look agreed on even
        where people answer high out of habit. Give a skewed null beside it and read both.
    confidence : float
        Of the intervals.
    minimum_n : int
        With ``by=``, groups of fewer managers, and dimensions that fewer of a group answered, are not shown, nor do
        they count in ICC(1). They can still be worked out by subtraction where all groups together are published too.
    mapping : ((low, high), (low, high)), optional
        From the managers' scale to the customers', where they differ.

    Returns
    -------
    Agreement
        ``groups`` (index dimension, with ``by=`` group and dimension): n; mean; sd of the managers' scores;
        ``r_wg`` = 1 - mean item variance / variance under the null (1 = all alike, 0 = as under the null, negative =
        more divided than that) with ``low`` and ``high``; ``gap_1`` = M - E with ``gap_low``, ``gap_high`` (Welch);
        and ``shared``, the part of the managers' mean squared error about the customers' mean that they have in common:
        gap_1^2 / (gap_1^2 + sd^2). Above one half they differ from customers more than among themselves.
        ``icc`` (with ``by=``): ICC(1), how far belonging to a group makes managers alike, with its interval; groups,
        n, k (adjusted group size), F, df1, df2, p. Where all of a group say the same and the groups differ, F is
        infinite and ICC(1) is 1, the value it tends to. ``suppressed`` (with ``by=``): what is not shown, and why.
        Survey weights are not used: agreement is about these people.

    Raises
    ------
    ChainError
        Other items, or another scale without a mapping.
    ValueError
        The null does not fit the scale, or there is no such column.

    References
    ----------
    .. [1] James, L. R., Demaree, R. G., & Wolf, G. (1984). Estimating within-group interrater reliability with and
       without response bias. Journal of Applied Psychology, 69, 85-98.
    .. [2] Lindell, M. K., Brandt, C. J., & Whitney, D. J. (1999). A revised index of interrater agreement for
       multi-item ratings of a single target. Applied Psychological Measurement, 23, 127-135.
    .. [3] Shrout, P. E., & Fleiss, J. L. (1979). Intraclass correlations. Psychological Bulletin, 86, 420-428.

    Examples
    --------
    >>> import gapkit as gk
    >>> servqual = gk.load_instrument("servqual")
    >>> def answers(*rows):
    ...     return pd.DataFrame([[row] * 22 for row in rows], columns=servqual.item_ids)
    >>> guests = gk.Survey(servqual, expectations=answers(7, 6, 7), perceptions=answers(4, 5, 5))
    >>> heads = gk.Survey(servqual, expectations=answers(5, 5, 4, 5, 6))
    >>> agreement(heads, customers=guests).groups.loc["empathy", ["r_wg", "gap_1", "shared"]].round(3).tolist()
    [0.875, -1.667, 0.847]
    """
    check_confidence(confidence)
    given = {"customers": customers, "managers": managers}
    made, said = positions(given, by=None, mapping=None if mapping is None else {"managers": mapping})
    believed, expected = made["M"], made["E"].standing(None, 1)
    spread = null_variance(null, customers.instrument.scale)
    members, hidden = _members(managers, believed, by, minimum_n)
    dimensions = pd.Index(customers.instrument.dimension_ids, name="dimension")
    scores, shown = believed.scores.copy(), {}
    for group, rows in members.items():
        answered = np.isfinite(scores[rows, :-1]).sum(axis=0)
        few = (answered > 0) & (answered < (minimum_n if by is not None else 1))
        hidden += [(group, dimension, f"fewer than {minimum_n}") for dimension in dimensions[few]]
        scores[np.ix_(rows, np.flatnonzero(few))] = np.nan
        own = [believed.answers.loc[rows, list(d.items)].to_numpy(float) for d in customers.instrument.dimensions]
        apart = [mean_variance(answers, confidence) for answers in own]
        standing = {"E": expected, "M": _standing(scores[rows])}
        shown[group] = pd.DataFrame(_row(apart, spread, standing, confidence), index=dimensions)[~few]
    iccs = None if by is None else _iccs(scores, members, dimensions, confidence)
    return Agreement(
        groups=shown[None] if by is None else pd.concat(shown, names=[by]) if shown else pd.DataFrame(),
        icc=iccs,
        suppressed=None if by is None else pd.DataFrame(hidden, columns=["group", "what", "reason"]),
        by=by,
        confidence=confidence,
        n=int(believed.counted.sum()),
        source=f"{managers.source}, n = {int(believed.counted.sum())}",
        method=_method(null, spread, [*said, *_limits(iccs)], by, confidence, minimum_n),
    )


def _members(
    managers: Survey, believed: Position, by: str | None, minimum_n: int
) -> tuple[dict[Hashable, np.ndarray], list[tuple[Hashable, str, str]]]:
    """Who is in each group that may be shown, and which groups may not."""
    counted = np.isfinite(believed.scores).any(axis=1)
    if by is None:
        return {None: counted}, []
    if by not in managers.respondents:
        there = ", ".join(map(str, managers.respondents.columns)) or "none"
        raise ValueError(f'no column "{by}" among the managers to group by; there are: {there}.')
    codes, labels = pd.factorize(managers.respondents[by], sort=True)
    groups = {label: counted & (codes == code) for code, label in enumerate(labels)}
    small = [(label, "all", f"fewer than {minimum_n}") for label, rows in groups.items() if rows.sum() < minimum_n]
    return {label: rows for label, rows in groups.items() if rows.sum() >= minimum_n}, small


def _standing(scores: np.ndarray) -> Standing:
    """The managers' means as a position."""
    means = column_means(scores)
    return Standing(means.n, means.mean, means.sd, means.se, np.where(means.n > 0, "measured", "not measured"))


def _row(
    apart: list[tuple[float, float, float]], spread: float, standing: dict[str, Standing], confidence: float
) -> dict[str, np.ndarray]:
    """The columns of one group."""
    variance, least, most = np.array(apart).T
    gap = {name: numbers[:-1] for name, numbers in between("E", "M", standing, confidence).items()}
    n, mean, sd = (numbers[:-1] for numbers in standing["M"][:3])
    with np.errstate(invalid="ignore", divide="ignore"):
        shared = gap["value"] ** 2 / (gap["value"] ** 2 + sd**2)
    columns = {"n": n, "mean": mean, "sd": sd}
    columns |= {"r_wg": 1 - variance / spread, "low": 1 - most / spread, "high": 1 - least / spread}
    return columns | {"gap_1": gap["value"], "gap_low": gap["low"], "gap_high": gap["high"], "shared": shared}


def _iccs(
    scores: np.ndarray, members: dict[Hashable, np.ndarray], dimensions: pd.Index, confidence: float
) -> pd.DataFrame:
    """ICC(1) of every dimension over the shown groups."""
    group = np.full(len(scores), -1)
    for code, rows in enumerate(members.values()):
        group[rows] = code
    used = group >= 0
    each = [icc_1(scores[used, d], group[used], confidence) for d in range(len(dimensions))]
    return pd.DataFrame(each, index=dimensions)


def _limits(iccs: pd.DataFrame | None) -> list[str]:
    """Where ICC(1) stands at its limit, or has no value because everybody says the same."""
    if iccs is None:
        return []
    several = iccs["groups"] > 1
    at_limit, alike = iccs.index[np.isinf(iccs["F"])], iccs.index[several & iccs["F"].isna()]
    said: list[str] = []
    if len(at_limit):
        names = joined(at_limit)
        said.append(
            phrase(
                "{dimensions}: no two of a group differ, though the groups do; ICC(1) is 1, its limit.",
                dimensions=names,
            )
        )
    if len(alike):
        said.append(phrase("{dimensions}: all say the same, so ICC(1) is not defined.", dimensions=joined(alike)))
    return said


def _method(
    null: str | Sequence[float], spread: float, said: list[str], by: str | None, confidence: float, minimum_n: int
) -> str:
    """What was computed."""
    alike = phrase("every scale point alike")
    parts = [
        phrase(
            "r_wg = 1 - mean item variance / {spread:.4g}, the variance under {shares}; interval at {confidence:.4g} "
            "by the jackknife on the logarithm of the variance. gap_1 = M - E with Welch's interval; shared = "
            "gap_1^2 / (gap_1^2 + sd^2). Managers are not weighted.",
            spread=spread,
            shares=alike if isinstance(null, str) else phrase("the given shares of the scale points"),
            confidence=confidence,
        ),
        *said,
    ]
    if by is not None:
        parts.append(
            phrase(
                "Groups by {by}; groups and dimensions of fewer than {fewest} managers are not shown (listed in "
                "suppressed). ICC(1) over what is shown.",
                by=by,
                fewest=minimum_n,
            )
        )
    return sentences(*parts)
