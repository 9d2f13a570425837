"""Exploratory factor analysis: correlations, extraction, rotation and fit in one call."""

from __future__ import annotations

from dataclasses import dataclass
from typing import get_args

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray

from gapkit.measure.extraction import LOWEST, Method
from gapkit.measure.extraction_starts import search
from gapkit.measure.factor_fit import degrees_of_freedom, fit_statistics, most_factors
from gapkit.measure.factor_input import FactorError, Kind, factor_input
from gapkit.measure.moments import Moments
from gapkit.measure.rotation import RotationName, factors_in_words, rotate
from gapkit.survey.phrase import phrase, sentences
from gapkit.survey.result import Result

Floats = NDArray[np.floating]

VARIANCE_ROWS = pd.Index(["ss_loadings", "proportion", "cumulative", "proportion_explained", "cumulative_explained"])


@dataclass(frozen=True, eq=False, repr=False, kw_only=True)
class Factors(Result):
    """A factor solution; `n` is the number of respondents, 0 if it was not told.

    Factors are named F1, F2, ... in falling order of variance and signed to have a positive sum of loadings (a target's
    factors keep its names, order and signs). The identity ``loadings @ phi @ loadings.T == unrotated @ unrotated.T``
    holds for every rotation.

    Parameters
    ----------
    loadings : DataFrame (p items x k factors)
        Pattern: weights of the factors in each item, other factors held.
    structure : DataFrame (p x k)
        Correlations of items with factors, ``loadings @ phi``.
    phi : DataFrame (k x k)
        Correlations of the factors.
    communalities, uniquenesses : Series (p,)
        Share of each item's variance that the factors take up, and the rest. Above 1 and below 0 in a Heywood case.
    variance : DataFrame (5 x k)
        Variance each factor takes up, with correlations of factors counted in (psych's table): ss_loadings, proportion
        and cumulative of all items' variance, and of the factors' own.
    fit : DataFrame, one row
        See `gapkit.measure.factor_fit.fit_statistics`.
    correlation : DataFrame (p x p)
        What was analysed.
    unrotated : DataFrame (p x k)
    rotation_matrix : DataFrame (k x k)
        ``loadings == unrotated @ rotation_matrix``.
    optima : DataFrame
        Local optima of the rotation: `objective`, `starts`.
    items : DataFrame (p x 2)
        Mean and sd of the items' answers, NaN when only correlations were given; factor scores need them.
    heywood : tuple of str
        Items whose uniqueness rests on its lower limit, .005.
    converged : bool
        Extraction and rotation both.
    smoothed : bool
        Whether the correlation matrix had to be made positive definite.
    notes : tuple of str
        Every unusual thing, a sentence each; also in `method`.
    """

    loadings: pd.DataFrame
    structure: pd.DataFrame
    phi: pd.DataFrame
    communalities: pd.Series
    uniquenesses: pd.Series
    variance: pd.DataFrame
    fit: pd.DataFrame
    correlation: pd.DataFrame
    unrotated: pd.DataFrame
    rotation_matrix: pd.DataFrame
    optima: pd.DataFrame
    items: pd.DataFrame
    heywood: tuple[str, ...]
    converged: bool
    smoothed: bool
    notes: tuple[str, ...]

    @property
    def headline(self) -> str:
        """Size, variance taken up and anything that asks for care."""
        p, k = self.loadings.shape
        share = self.communalities.mean()
        respondents = f", n = {self.n}" if self.n else ""
        care = "; ".join(
            text
            for text, here in (
                (f"Heywood: {', '.join(self.heywood)}", bool(self.heywood)),
                ("smoothed", self.smoothed),
                ("not converged", not self.converged),
            )
            if here
        )
        return f"{p} items on {factors_in_words(k)}, {share:.0%} of variance{respondents}" + (
            f"; {care}" if care else ""
        )

    @property
    def tables(self) -> dict[str, pd.DataFrame]:
        """What a reader of the solution looks at first; the other tables are fields."""
        loadings = self.sorted().assign(communality=self.communalities)
        return {"loadings": loadings, "phi": self.phi, "variance": self.variance, "fit": self.fit}

    def sorted(self, *, cutoff: float = 0.0) -> pd.DataFrame:
        """Loadings for printing: items grouped by the factor they load on most, strongest first.

        `loadings` itself has the items in the order they were asked.

        Parameters
        ----------
        cutoff : float
            Loadings smaller than this in size become NaN, for a table that shows the pattern.
        """
        size = self.loadings.abs().to_numpy()
        home = size.argmax(axis=1)
        table = self.loadings.iloc[np.lexsort((-size.max(axis=1), home))]
        return table.where(table.abs() >= cutoff)


def efa(
    answers: pd.DataFrame | Moments,
    *,
    n_factors: int,
    method: Method = "minres",
    rotation: RotationName = "oblimin",
    kind: Kind | None = None,
    n_respondents: float | None = None,
    weights: ArrayLike | None = None,
    gamma: float = 0.0,
    power: float = 4.0,
    epsilon: float = 0.01,
    target: pd.DataFrame | None = None,
    kaiser: bool | None = None,
    starts: int | None = None,
    seed: int = 0,
) -> Factors:
    """Exploratory factor analysis.

    Parameters
    ----------
    answers : DataFrame (n respondents x p items), Moments, or correlation matrix
        A DataFrame whose index equals its columns is a correlation matrix.
    n_factors : int
        At most as many as leave no negative degrees of freedom.
    method : {"minres", "ml"}
        Least squares of the residual correlations, or maximum likelihood under normality; the lowest optimum from
        squared multiple correlations and from each item in turn as the one fully explained (the 30 best explained).
    rotation : {"oblimin", "geomin", "promax", "target", "varimax", "quartimax", "none"}
    kind : {"polychoric", "pearson"}
        Correlations to analyse, see `correlation`: polychoric unless Moments are given, which can only give Pearson's.
    n_respondents : float, optional
        For a correlation matrix: respondents behind it. Without it, fit has no chi2 and what rests on it.
    weights : array-like (n,), optional
        Respondent weights.
    gamma, power, epsilon, target, kaiser, starts, seed
        Settings of the rotation, see `rotate`.

    Returns
    -------
    Factors

    Raises
    ------
    FactorError
        Not a factor analysis that can be done: negative degrees of freedom, factors without variance, an unusable
        correlation matrix.
    AnswersError, RotationError
        See `correlation` and `rotate`.

    Notes
    -----
    Flagged, not refused: singular or indefinite correlations (smoothed), no more respondents than items, Heywood cases,
    searches that did not converge. Under polychoric correlations chi2, rmsea, tli and bic describe the fit, but are not
    tests, as the correlations are not those of a normal sample.

    References
    ----------
    .. [1] Harman, H. H. & Jones, W. H. (1966). Factor analysis by minimizing residuals (minres). Psychometrika, 31.
    .. [2] Jöreskog, K. G. (1967). Some contributions to maximum likelihood factor analysis. Psychometrika, 32.

    Examples
    --------
    >>> R = pd.DataFrame([[1, 0.72, 0.63], [0.72, 1, 0.56], [0.63, 0.56, 1]], index=list("abc"), columns=list("abc"))
    >>> efa(R, n_factors=1).communalities.round(4).to_dict()
    {'a': 0.81, 'b': 0.64, 'c': 0.49}
    """
    if method not in get_args(Method):
        raise FactorError(f"method={method!r} is not known. Use one of {', '.join(get_args(Method))}.")
    given = factor_input(answers, kind=kind, n_respondents=n_respondents, weights=weights)
    R = given.correlation.to_numpy()
    p = len(R)
    _check_identified(p, n_factors)
    found, begun, reached = search(R, n_factors, method=method)
    supported = int((np.abs(found.loadings).max(axis=0) > 1e-6).sum())
    if supported < n_factors:
        raise FactorError(
            sentences(
                phrase(
                    "These correlations support {factors}, not {asked}: the others would have no variance.",
                    factors=factors_in_words(supported),
                    asked=n_factors,
                ),
                phrase("Ask for n_factors={supported} or fewer.", supported=supported)
                if supported
                else phrase("The items are as good as uncorrelated."),
            )
        )
    items = given.correlation.index
    before = pd.Index([f"unrotated {number}" for number in range(1, n_factors + 1)])
    unrotated = pd.DataFrame(found.loadings, index=items, columns=before)
    turned = rotate(
        unrotated,
        rotation=rotation,
        gamma=gamma,
        power=power,
        epsilon=epsilon,
        target=target,
        kaiser=kaiser,
        starts=starts,
        seed=seed,
    )
    model = found.loadings @ found.loadings.T
    communalities = np.diag(model).copy()
    pattern = turned.loadings.to_numpy()
    structure = pattern @ turned.phi.to_numpy()
    heywood = tuple(items[found.uniquenesses <= LOWEST])
    notes = [*given.notes]
    if heywood:
        named = ", ".join(heywood)
        notes.append(phrase("Heywood case, uniqueness at its limit of {limit}: {items}.", limit=LOWEST, items=named))
    if not found.converged:
        notes.append(phrase("The extraction did not converge."))
    if not turned.converged:
        notes.append(phrase("The rotation did not converge."))
    number = factors_in_words(n_factors)
    if method == "minres":
        extracted = phrase("{factors} by minres.", factors=number)
    else:
        extracted = phrase("{factors} by maximum likelihood.", factors=number)
    lowest = phrase("The lowest optimum from {starts} starts, reached by {reached}.", starts=begun, reached=reached)
    return Factors(
        n=given.n,
        source=given.source,
        method=sentences(extracted, lowest, given.method, turned.method, *notes),
        loadings=turned.loadings,
        structure=pd.DataFrame(structure, index=items, columns=turned.loadings.columns),
        phi=turned.phi,
        communalities=pd.Series(communalities, index=items, name="communality"),
        uniquenesses=pd.Series(1 - communalities, index=items, name="uniqueness"),
        variance=_variance_table((structure * pattern).sum(axis=0), p, turned.loadings.columns),
        fit=fit_statistics(R, model, n_factors=n_factors, n=given.n_effective),
        correlation=given.correlation,
        unrotated=unrotated,
        rotation_matrix=turned.matrix,
        optima=turned.optima,
        items=given.items,
        heywood=heywood,
        converged=bool(found.converged) and turned.converged,
        smoothed=given.smoothed,
        notes=tuple(notes),
    )


def _check_identified(p: int, n_factors: int) -> None:
    """Whether the correlations outnumber the parameters."""
    if isinstance(n_factors, bool) or not isinstance(n_factors, int | np.integer) or n_factors < 1:
        raise FactorError(f"n_factors={n_factors!r}: a whole number of factors, 1 or more, is needed.")
    if p < 3:
        raise FactorError(
            phrase(
                "A factor analysis needs at least 3 items; there are {items}. One correlation has no structure.",
                items=p,
            )
        )
    if degrees_of_freedom(p, n_factors) < 0:
        raise FactorError(
            phrase(
                "{factors} factors of {items} items have {df} degrees of freedom: more unknowns than correlations. Ask "
                "for n_factors={most} or fewer.",
                factors=n_factors,
                items=p,
                df=degrees_of_freedom(p, n_factors),
                most=most_factors(p),
            )
        )


def _variance_table(taken: Floats, p: int, names: pd.Index) -> pd.DataFrame:
    """What each factor takes up, of all items' variance and of the factors' own."""
    of_all, of_own = taken / p, taken / taken.sum()
    rows = np.array([taken, of_all, of_all.cumsum(), of_own, of_own.cumsum()])
    return pd.DataFrame(rows, index=VARIANCE_ROWS, columns=names)
