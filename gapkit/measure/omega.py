"""Omega: how much of a total score's variance is common, and how much of it is one general factor."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike

from gapkit.measure.alpha import alpha_of
from gapkit.measure.correlation import Kind
from gapkit.measure.draws import usable_correlations
from gapkit.measure.factor_fit import most_factors
from gapkit.measure.factor_input import FactorError
from gapkit.measure.hierarchy import SchmidLeiman, omegas, schmid_leiman
from gapkit.measure.matrix import correlation_matrix, is_correlation_matrix
from gapkit.measure.means import check_confidence
from gapkit.measure.moments import Moments
from gapkit.survey.phrase import phrase, sentences
from gapkit.survey.result import Result


@dataclass(frozen=True, eq=False, repr=False, kw_only=True)
class Omega(Result):
    """Omega of a set of items, with the Schmid-Leiman solution it comes from.

    Parameters
    ----------
    overall : DataFrame, rows `total`, `hierarchical`, `limit`, `standardised_alpha`, `common_variance`
        Column `value`, and with bootstrap draws `se`, `low`, `high`. `total`: share of the sum score's variance that
        all factors account for. `hierarchical`: that the general factor accounts for. `limit`: hierarchical through
        total, what hierarchical would be in an endless scale. `common_variance`: the general factor's share of the
        items' common variance (ECV).
    groups : DataFrame, one row per group factor
        `items` that load on it most, `total`, `general` and `group` omega of their sum score.
    items : DataFrame, one row per item
        Loadings on the `general` factor and on each group factor, `communality`, `general_share` of it.
    """

    overall: pd.DataFrame
    groups: pd.DataFrame
    items: pd.DataFrame

    @property
    def total(self) -> float:
        """Omega total."""
        return float(self.overall.loc["total", "value"])  # type: ignore[arg-type]

    @property
    def hierarchical(self) -> float:
        """Omega hierarchical."""
        return float(self.overall.loc["hierarchical", "value"])  # type: ignore[arg-type]

    @property
    def headline(self) -> str:
        """Both omegas in one line; one factor has no hierarchical omega."""
        hierarchical = f", hierarchical {self.hierarchical:.3f}" if np.isfinite(self.hierarchical) else ""
        return f"omega total {self.total:.3f}{hierarchical}; n = {self.n}"


def omega(
    answers: Any,
    *,
    n_factors: int,
    kind: Kind = "polychoric",
    n_respondents: float | None = None,
    weights: ArrayLike | None = None,
    draws: int = 0,
    seed: int = 0,
    confidence: float = 0.95,
) -> Omega:
    """Omega total and hierarchical by the Schmid-Leiman transformation.

    The items are factored (minres, oblimin), the factors' correlations once more by one general factor, and every
    item's loading is split into what it owes to the general factor and to its group factor.

    Parameters
    ----------
    answers : DataFrame (n x k), Moments (with ``kind="pearson"``), or a correlation matrix (k x k)
        Items that are worded the other way round must have been turned.
    n_factors : int
        Group factors. Three or more identify the general factor; with two, both load on it equally, and with one there
        is no general factor beside it: hierarchical is NaN then.
    kind : {"polychoric", "pearson"}
        Polychoric treats answers as steps of a continuous variable, so that omega is that of a total score without
        steps; on skewed answers to five points Pearson correlations give less (.90 for a true .93).
    n_respondents : float, optional
        Respondents behind a given correlation matrix.
    weights : array (n,), optional
        Respondent weights.
    draws : int
        Bootstrap draws for intervals; 0 for none. They need the answers.
    seed : int
    confidence : float
        Of the intervals.

    Returns
    -------
    Omega
        The intervals are basic bootstrap ones, twice the estimate less the draws' quantiles. Omega hierarchical comes
        out too small in small samples, and in bootstrap draws once more; these intervals take that off again. In 200
        simulated samples each of n = 100, 200 and 500 they held the true omega hierarchical in .91 to .96, percentile
        intervals in .84 to .86; the true omega total in .90 to .94 and .90 to .95. Ends beyond 0 or 1, where no omega
        lies, are cut off, and `method` names them.

    Raises
    ------
    FactorError
        More factors than this number of items identifies; draws without answers.
    AnswersError
        Fewer than two draws, or fewer in which every item varies.
    ValueError
        A confidence that is not between 0 and 1.

    References
    ----------
    .. [1] McDonald, R. P. (1999). Test theory: a unified treatment.
    .. [2] Zinbarg, R. E., Revelle, W., Yovel, I., & Li, W. (2005). Cronbach's alpha, Revelle's beta, and McDonald's
       omega_h. Psychometrika, 70, 123-133.
    .. [3] Schmid, J., & Leiman, J. M. (1957). The development of hierarchical factor solutions. Psychometrika, 22.

    Examples
    --------
    Nine items, three factors that correlate .49, every loading .8:

    >>> same = np.kron(np.eye(3), np.ones((3, 3)))
    >>> matrix = np.where(same, 0.64, 0.64 * 0.49) * (1 - np.eye(9)) + np.eye(9)
    >>> found = omega(matrix, n_factors=3, n_respondents=500)
    >>> round(found.total, 4), round(found.hierarchical, 4)
    (0.9135, 0.6782)
    """
    check_confidence(confidence)
    matrix = correlation_matrix(answers, kind=kind, n_respondents=n_respondents, weights=weights)
    r, items = matrix.to_numpy(), list(map(str, matrix.columns))
    if not 1 <= n_factors <= most_factors(len(items)):
        raise FactorError(
            f"{len(items)} items identify at most {most_factors(len(items))} factors, not {n_factors}. "
            "Ask for fewer factors."
        )
    found = schmid_leiman(r, n_factors)
    overall = pd.DataFrame({"value": _overall(r, found)}, index=pd.Index(_ROWS, name="omega"))
    drawn: list[str] = []
    if draws:
        if isinstance(answers, Moments) or is_correlation_matrix(answers):
            raise FactorError("Bootstrap intervals need the answers themselves. Give them, or ask for draws=0.")
        batches, lost = usable_correlations(answers, kind=kind, weights=weights, draws=draws, seed=seed)
        values = [_overall(batch, schmid_leiman(batch, n_factors, like=found)) for batch in batches]
        drawn = [*_intervals(overall, np.concatenate(values, axis=1), seed, confidence), lost]
    return Omega(
        n=round(matrix.attrs["n_respondents"]),
        source=matrix.attrs["source"],
        method=_method(matrix, found, n_factors, drawn),
        overall=overall,
        groups=_groups(r, found, items),
        items=_items(found, items),
    )


_ROWS = ("total", "hierarchical", "limit", "standardised_alpha", "common_variance")


def _overall(r: np.ndarray, found: SchmidLeiman) -> np.ndarray:
    """The rows of `overall`, (5, ...), for one correlation matrix or a batch."""
    total, hierarchical = omegas(r, found)
    general, groups = (found.general**2).sum(-1), (found.groups**2).sum((-1, -2))
    share = general / (general + groups) if found.loadings.shape[-1] > 1 else np.full_like(general, np.nan)
    return np.array([total, hierarchical, hierarchical / total, alpha_of(r), share])


def _intervals(overall: pd.DataFrame, values: np.ndarray, seed: int, confidence: float) -> list[str]:
    """Standard errors and basic bootstrap intervals into `overall` from the draws' values, and what is said of them."""
    tail = (1 - confidence) / 2
    overall["se"] = values.std(axis=1, ddof=1)
    upper, lower = np.quantile(values, [tail, 1 - tail], axis=1)
    low, high = 2 * overall["value"] - lower, 2 * overall["value"] - upper
    # alpha may be negative; the others are shares of a variance
    floor = np.where(overall.index == "standardised_alpha", -np.inf, np.minimum(overall["value"], 0))
    overall["low"], overall["high"] = np.maximum(low, floor), np.minimum(high, 1.0)
    about = {"confidence": confidence, "draws": values.shape[1], "seed": seed}
    said: list[str] = [phrase("Basic bootstrap intervals ({confidence:.0%}) of {draws} draws, seed {seed}.", **about)]
    cut = overall.index[(low < floor) | (high > 1)]
    if len(cut):
        said.append(phrase("Ends beyond 0 or 1 cut off: {rows}.", rows=", ".join(cut)))
    return said


def _groups(r: np.ndarray, found: SchmidLeiman, items: list[str]) -> pd.DataFrame:
    """Omega of the sum of the items that belong to each group factor."""
    home = np.abs(found.groups if found.loadings.shape[1] > 1 else found.loadings).argmax(axis=1)
    rows = {}
    for factor in range(found.loadings.shape[1]):
        own = np.flatnonzero(home == factor)
        variance = r[np.ix_(own, own)].sum()
        general, group = found.general[own].sum() ** 2, found.groups[own, factor].sum() ** 2
        rows[f"F{factor + 1}"] = {
            "items": ", ".join(items[item] for item in own),
            "total": (general + group) / variance if len(own) else np.nan,
            "general": general / variance if len(own) else np.nan,
            "group": group / variance if len(own) else np.nan,
        }
    return pd.DataFrame.from_dict(rows, orient="index").rename_axis("factor")


def _items(found: SchmidLeiman, items: list[str]) -> pd.DataFrame:
    """Loadings on the general and the group factors."""
    names = [f"F{factor + 1}" for factor in range(found.groups.shape[1])]
    table = pd.DataFrame(found.groups, index=pd.Index(items, name="item"), columns=names)
    table.insert(0, "general", found.general)
    table["communality"] = found.communalities
    table["general_share"] = found.general**2 / found.communalities
    return table


def _method(matrix: pd.DataFrame, found: SchmidLeiman, n_factors: int, drawn: list[str]) -> str:
    """What was computed, and everything unusual."""
    said: list[str] = [
        matrix.attrs["method"],
        phrase("Minres with {factors} factors, oblimin, Schmid-Leiman.", factors=n_factors),
    ]
    if n_factors == 1:
        said.append(phrase("One factor only: there is no general factor beside it, and no hierarchical omega."))
    if n_factors == 2:
        said.append(phrase("Two factors do not identify a general factor: both were given the same loading on it."))
    negative = [str(name) for name, loading in zip(matrix.columns, found.general, strict=True) if loading < 0]
    if n_factors > 1 and negative:
        said.append(
            phrase(
                "Items that load negatively on the general factor: {items}; is one not reversed?",
                items=", ".join(negative),
            )
        )
    if (found.communalities > 0.995 - 1e-9).any():
        high = [str(n) for n, h in zip(matrix.columns, found.communalities, strict=True) if h > 0.995 - 1e-9]
        said.append(phrase("Heywood cases (communality at its limit): {items}.", items=", ".join(high)))
    if not np.all(found.converged):
        said.append(phrase("The factor solution did not converge."))
    return sentences(*said, *drawn)
