"""Confirmatory factor analysis of dimensions as they are defined, and of rival structures."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike

from gapkit.measure.confirmatory import Confirmed, fit_structure
from gapkit.measure.confirmatory_fit import factor_table, fit_table, too_few
from gapkit.measure.factor_input import FactorError
from gapkit.measure.matrix import correlation_matrix, is_correlation_matrix, refuse_singular
from gapkit.measure.moments import Moments
from gapkit.survey.phrase import joined, phrase, sentences
from gapkit.survey.result import Result
from gapkit.survey.survey import Survey

Structure = Mapping[str, Sequence[str]]
NOT_TOLD_APART = 0.85
"""Factors that correlate beyond this are merged in the rival that is suggested by the data."""


@dataclass(frozen=True, eq=False, repr=False, kw_only=True)
class Confirmation(Result):
    """Fit of a structure and its rivals, and the solution of the first of them.

    Parameters
    ----------
    fit : DataFrame, one row per structure
        `factors`, `chi2`, `df`, `p`, `cfi`, `tli`, `rmsea` with its 90 % interval `rmsea_low`, `rmsea_high`, `srmr`;
        `more_chi2`, `more_df`, `more_p`: how much worse than the first structure a simpler one fits, tested.
    loadings : DataFrame, one row per item: `factor`, `loading` (standardised), `uniqueness`
    phi : DataFrame (factors x factors)
        Correlations of the factors, free of measurement error.
    factors : DataFrame, one row per factor: `items`, `composite_reliability`, `ave`
    residuals : DataFrame (items x items)
        Correlations that the first structure leaves unexplained.
    warning : str
        What forbids to read the first structure's figures as they stand, in a few words; `method` has the sentences.
    """

    fit: pd.DataFrame
    loadings: pd.DataFrame
    phi: pd.DataFrame
    factors: pd.DataFrame
    residuals: pd.DataFrame
    warning: str = ""

    @property
    def headline(self) -> str:
        """The first structure's fit in one line."""
        row = self.fit.iloc[0]
        known = "no fit by chi²" if np.isnan(row["chi2"]) else f"chi² {row['chi2']:.1f}"
        known += f", df {row['df']:g}"
        for name in ("cfi", "rmsea", "srmr"):
            known += f", {name.upper()} {row[name]:.3f}" if np.isfinite(row[name]) else ""
        return f"{self.fit.index[0]}: {known}; n = {self.n}{self.warning and f'; {self.warning}'}"

    @property
    def tables(self) -> dict[str, pd.DataFrame]:
        """All but the residuals, which are a large matrix."""
        return {name: table for name, table in super().tables.items() if name != "residuals"}


def confirm(
    answers: Any,
    structure: Structure | None = None,
    *,
    of: str = "perceptions",
    merge: Structure | None = None,
    n_respondents: float | None = None,
    weights: ArrayLike | None = None,
) -> Confirmation:
    """Does the structure hold? Maximum likelihood, one factor per dimension, factors correlated, no cross-loadings.

    Parameters
    ----------
    answers : Survey, DataFrame (n x k), Moments, or a correlation matrix (k x k) with `n_respondents`
    structure : mapping of factors to their items, optional
        For a Survey, its instrument's dimensions. Items in no factor are left out.
    of : str
        The battery of a Survey, or "gaps".
    merge : mapping of new factors to the factors they join, optional
        A rival with fewer factors, such as ``{"contact": ["responsiveness", "assurance", "empathy"]}``. Not given, the
        factors that turn out to correlate beyond .85 are joined, and `method` says that these data suggested it: test
        such a rival on other data.
    n_respondents : float, optional
        Respondents behind a given correlation matrix.
    weights : array (n,), optional
        Respondent weights; a Survey brings its own.

    Returns
    -------
    Confirmation
        The structure itself, the merged rival, and one factor for everything. Usual advice for a good fit: CFI and TLI
        from .95, RMSEA to .06, SRMR to .08. Chi-square and what follows from it suppose continuous normal answers.

    Raises
    ------
    FactorError
        No structure, unknown items, an item in two factors, or too few correlations for the loadings asked for.
    SingularError
        Items that are exact combinations of each other.

    Notes
    -----
    Pairwise-complete Pearson correlations of the structure's items (the model has no scale of its own, so covariances
    give the same fit). The factors have variance 1, so no item is singled out to give them a scale, and the order of
    the items plays no part; Fisher scoring runs from several starts, and the lowest minimum is kept. Figures are in
    lavaan's conventions: chi-square is n times the minimum, SRMR averages squared residual correlations over the lower
    triangle with its diagonal, and error variances may fall below 0 (a Heywood case), as a chi-square with these
    degrees of freedom supposes. Where the likelihood then has no maximum (mostly in factors of two items, where lavaan
    does not converge or stops at a variance far below 0), they are held at 0 or above, and `warning` and `method` say
    so. With no more respondents than items there is no chi-square, and what rests on it is NaN.

    References
    ----------
    .. [1] Hu, L., & Bentler, P. M. (1999). Cutoff criteria for fit indexes in covariance structure analysis. Structural
       Equation Modeling, 6, 1-55.
    .. [2] Rosseel, Y. (2012). lavaan: An R package for structural equation modeling. Journal of Statistical Software,
       48(2), 1-36.

    Examples
    --------
    >>> same = np.kron(np.eye(2), np.ones((3, 3)))
    >>> matrix = pd.DataFrame(np.where(same, 0.49, 0.2) * (1 - np.eye(6)) + np.eye(6), list("abcdef"), list("abcdef"))
    >>> found = confirm(matrix, {"first": ["a", "b", "c"], "second": ["d", "e", "f"]}, n_respondents=300)
    >>> found.fit.loc["as defined", "df"].__int__(), found.loadings.loc["a", "loading"].round(3)
    (8, np.float64(0.7))
    """
    source = None
    if isinstance(answers, Survey):
        source = str(answers.source)
        weights = answers.weights if weights is None else weights
        if structure is None:
            structure = {dimension.id: dimension.items for dimension in answers.instrument.dimensions}
        answers = answers.gaps if of == "gaps" else answers.battery(of)
    if not isinstance(answers, pd.DataFrame | Moments):
        answers = correlation_matrix(answers, n_respondents=n_respondents, weights=weights)
    factors = _checked(structure, list(map(str, answers.columns)))
    items = [item for members in factors.values() for item in members]
    matrix = correlation_matrix(_only(answers, items), n_respondents=n_respondents, weights=weights)
    about, names = matrix.attrs, list(map(str, matrix.columns))
    matrix = matrix.set_axis(names).set_axis(names, axis=1).loc[items, items]
    matrix.attrs = about
    refuse_singular(matrix, "A maximum likelihood solution")
    n = about["n_usable"]
    first = fit_structure(matrix, factors, n=n)
    solved = {"as defined": first}
    suggested = merge is None
    merged = _suggested_merge(first.phi) if merge is None else merge
    rival = _joined(factors, merged)
    if 1 < len(rival) < len(factors):
        solved[f"merged into {len(rival)}"] = fit_structure(matrix, rival, n=n)
    if len(factors) > 1 and len(items) > 2:
        solved["one factor"] = fit_structure(matrix, {"all": items}, n=n)
    few, short = too_few(n, first, len(items))
    return Confirmation(
        n=round(about["n_respondents"]),
        source=source or about["source"],
        method=_method(about["method"], solved, n, merged if len(rival) < len(factors) else {}, suggested, few),
        fit=fit_table(matrix, solved, n),
        loadings=first.loadings,
        phi=first.phi,
        factors=factor_table(first),
        residuals=matrix - first.implied,
        warning="; ".join(filter(None, (short, first.warning))),
    )


def _only(answers: pd.DataFrame | Moments, items: list[str]) -> pd.DataFrame | Moments:
    """The answers to some items: the others have no say in who counts as a respondent, nor in what is refused."""
    if isinstance(answers, Moments):
        return answers.select(items)
    if is_correlation_matrix(answers):
        return answers
    return answers.loc[:, [str(name) in items for name in answers.columns]]


def _checked(structure: Structure | None, items: list[str]) -> dict[str, list[str]]:
    """The structure with its faults refused."""
    if not structure:
        raise FactorError('Say which items make which factor: structure={"staff": ["q01", "q02", ...], ...}.')
    factors = {str(name): list(map(str, members)) for name, members in structure.items()}
    named = [item for members in factors.values() for item in members]
    absent = [item for item in dict.fromkeys(named) if item not in items]
    if absent:
        raise FactorError(f"The answers have no {', '.join(absent)}. They have: {', '.join(items)}.")
    twice = [item for item in dict.fromkeys(named) if named.count(item) > 1]
    if twice:
        raise FactorError(f"{', '.join(twice)}: in two factors. Every item belongs to one factor here.")
    empty = [name for name, members in factors.items() if not members]
    if empty:
        raise FactorError(f"{', '.join(empty)}: a factor without items. Leave it out.")
    if len(factors) == 1 and len(named) < 3:
        raise FactorError(f"One factor needs at least three items, not {len(named)}: its loadings are not identified.")
    return factors


def _suggested_merge(phi: pd.DataFrame) -> dict[str, list[str]]:
    """Chains of factors that correlate beyond `NOT_TOLD_APART`."""
    names = list(phi.index)
    group = dict(zip(names, names, strict=True))  # every factor's group, by the name of its first factor
    for a, b in combinations(names, 2):
        if abs(phi.loc[a, b]) > NOT_TOLD_APART and group[a] != group[b]:
            other = group[b]
            group = {name: group[a] if own == other else own for name, own in group.items()}
    chains = {first: [name for name in names if group[name] == first] for first in dict.fromkeys(group.values())}
    return {" + ".join(chain): chain for chain in chains.values() if len(chain) > 1}


def _joined(factors: dict[str, list[str]], merge: Structure) -> dict[str, list[str]]:
    """The structure with some factors joined."""
    inside = [name for group in merge.values() for name in group]
    unknown = [str(name) for name in inside if name not in factors]
    if unknown:
        raise FactorError(f"There is no factor {', '.join(unknown)} to merge. There are: {', '.join(factors)}.")
    kept = {name: members for name, members in factors.items() if name not in inside}
    return kept | {str(new): [item for name in group for item in factors[name]] for new, group in merge.items()}


def _method(about: str, solved: dict[str, Confirmed], n: float, merged: Structure, suggested: bool, few: str) -> str:
    """What was computed, and everything unusual."""
    said = [
        about,
        phrase("Confirmatory factor analysis by maximum likelihood, n = {n:g}.", n=n),
        few,
    ]
    if merged:
        words = joined(
            (phrase("{factor} from {group}", factor=name, group=", ".join(group)) for name, group in merged.items()),
            between="; ",
        )
        said.append(phrase("Merged: {factors}.", factors=words))
        if suggested:
            said.append(
                phrase(
                    "These data suggested the merger (factors that correlate beyond {limit}): test it on other "
                    "respondents.",
                    limit=NOT_TOLD_APART,
                )
            )
    for name, found in solved.items():
        said += [phrase("{model}: {note}", model=name, note=note) for note in found.notes]
    loadings = next(iter(solved.values())).loadings["loading"]
    against = ", ".join(map(str, loadings.index[loadings < 0]))
    if against:
        said.append(
            phrase(
                "Negative loadings: {items}; is one not reversed? Composite reliability is that of the sum in which "
                "they pull against the others.",
                items=against,
            )
        )
    return sentences(*said)
