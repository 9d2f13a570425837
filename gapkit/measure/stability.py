"""Would another sample give the same factors? The bootstrap of a factor solution."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray

from gapkit.measure.answers import checked_answers
from gapkit.measure.correlation import Kind
from gapkit.measure.extraction import Method
from gapkit.measure.factor_draws import Align, Drawn, drawn_solutions
from gapkit.measure.factor_input import FactorError
from gapkit.measure.factors import Factors, efa
from gapkit.measure.rotation import RotationName
from gapkit.survey.phrase import phrase, sentences
from gapkit.survey.result import Result

Floats = NDArray[np.floating]


@dataclass(frozen=True, eq=False, repr=False, kw_only=True)
class FactorStability(Result):
    """A factor solution with the spread of its numbers over resampled respondents.

    Parameters
    ----------
    loadings : DataFrame, index (item, factor)
        `loading` of the full sample, `se`, `low`, `high`.
    phi : DataFrame, index (factor, other)
        The same of each pair's `correlation`; empty for one factor or an orthogonal rotation.
    items : DataFrame, one row an item
        `factor` with its largest loading in the full sample, `loading`, `low`, `high`, and `kept`: the share of draws
        in which that factor still has the item's largest loading.
    factors : DataFrame, one row a factor
        Tucker's congruence with the full sample's factor over the draws: `congruence` (median) and `congruence_low`
        (its 5 % quantile). A factor that falls below about .85 is not found again.
    solution : Factors
        Of the full sample.
    draws : int
        Draws used.
    not_converged, heywood, smoothed : float
        Shares of the draws whose search did not reach its optimum, that had a uniqueness at its limit, whose
        correlations had to be smoothed. They are used all the same: leaving out what is odd makes intervals too narrow.
    confidence : float
    """

    loadings: pd.DataFrame
    phi: pd.DataFrame
    items: pd.DataFrame
    factors: pd.DataFrame
    solution: Factors
    draws: int
    not_converged: float
    heywood: float
    smoothed: float
    confidence: float

    @property
    def headline(self) -> str:
        """How sure items and factors are of each other."""
        weak, low = self.items["kept"].idxmin(), self.factors["congruence"].idxmin()
        return (
            f"{self.draws} draws: items stay on their factor in {self.items['kept'].min():.0%} of them ({weak}) or "
            f"more; lowest median congruence {self.factors['congruence'].min():.2f} ({low})"
        )

    @property
    def tables(self) -> dict[str, pd.DataFrame]:
        """What is read first; every loading's interval is in `loadings`."""
        return {"items": self.items, "phi": self.phi, "factors": self.factors}


def bootstrap_efa(
    answers: pd.DataFrame,
    *,
    n_factors: int,
    draws: int = 500,
    seed: int = 0,
    method: Method = "minres",
    rotation: RotationName = "oblimin",
    kind: Kind = "polychoric",
    weights: ArrayLike | None = None,
    target: pd.DataFrame | None = None,
    align: Align = "columns",
    confidence: float = 0.95,
    progress: bool = True,
) -> FactorStability:
    """Resample respondents, repeat the factor analysis, and see what stays.

    Parameters
    ----------
    answers : DataFrame (n respondents x p items)
    n_factors, method, rotation, kind, weights, target
        See `efa`.
    draws : int
    seed : int
    align : {"columns", "target"}
        How a draw's factors are brought to those of the full sample. "columns": rotated by the same rule, from the full
        sample's rotation on, then put in its order and signs; the spread includes what the rule itself does to another
        sample. "target": turned as close to the full sample's loadings as they will go; the spread of the factors'
        *space* alone, so narrower.
    confidence : float
        Of the intervals.
    progress : bool
        Whether a bar is shown where it takes longer than a second.

    Returns
    -------
    FactorStability

    Raises
    ------
    FactorError
        Too few draws, unknown `align`, or the full sample cannot be analysed, see `efa`.

    Notes
    -----
    Intervals of loadings are percentiles over the draws. Factor correlations are estimated too small, the more so the
    fewer the respondents: making cross-loadings small makes use of chance. Every draw repeats that bias on top of the
    sample's, so that percentiles would lie too low; their intervals are therefore reflected at the estimate,
    on Fisher's scale: tanh(2 atanh(r) - atanh(percentile)) [3]_. In simulations with skewed 5-point items and factors
    that correlate .3, 95 % intervals contained own loadings in 95 % and factor correlations in 86 to 92 % of the
    samples; with factors that correlate .6, in 82 and 81 %, as the estimates themselves are biased there. See
    benchmarks/RESULTS.md.

    References
    ----------
    .. [1] Lorenzo-Seva, U. & Ferrando, P. J. (2003). IMINCE: an unrestricted factor-analysis-based program for
       assessing measurement invariance. Behavior Research Methods, 35, 318-321.
    .. [2] Zhang, G., Preacher, K. J. & Luo, S. (2010). Bootstrap confidence intervals for ordinary least squares factor
       loadings and correlations in exploratory factor analysis. Multivariate Behavioral Research, 45, 104-134.
    .. [3] Davison, A. C. & Hinkley, D. V. (1997). Bootstrap methods and their application. Cambridge (section 5.2).

    Examples
    --------
    >>> import gapkit as gk
    >>> answers = gk.datasets.load("hotel").perceptions[["q01", "q02", "q03", "q05", "q06", "q07"]]
    >>> found = bootstrap_efa(answers, n_factors=2, draws=20, kind="pearson")
    >>> found.items["kept"].tolist()
    [1.0, 1.0, 1.0, 1.0, 1.0, 1.0]
    """
    if draws < 2:
        raise FactorError(f"draws={draws}: an interval needs at least 2 draws, and 500 to be steady.")
    if align not in ("columns", "target"):
        raise FactorError(f'align={align!r} is not known. Use "columns" or "target".')
    if not 0 < confidence < 1:
        raise FactorError(f"confidence={confidence:g}: a share between 0 and 1 is needed, such as 0.95.")
    full = efa(
        answers,
        n_factors=n_factors,
        method=method,
        rotation=rotation,
        kind=kind,
        weights=weights,
        target=target,
        seed=seed,
    )
    table = checked_answers(answers, weights=weights)
    drawn = drawn_solutions(table, full, draws, seed, kind, method, rotation, target, align, progress)
    used = len(drawn.loadings)
    if used < 2:
        raise FactorError("No draw could be analysed: some item hardly varies. Leave it out; see gk.correlation.")
    tail = (1 - confidence) / 2
    loadings, phi = _loading_table(full, drawn, tail), _phi_table(full, drawn, tail)
    return FactorStability(
        n=full.n,
        source=full.source,
        method=sentences(*_said(drawn, draws, seed, align, confidence), full.method),
        loadings=loadings,
        phi=phi,
        items=_item_table(full, drawn, loadings),
        factors=_factor_table(full, drawn),
        solution=full,
        draws=used,
        not_converged=float(1 - drawn.converged.mean()),
        heywood=float(drawn.heywood.mean()),
        smoothed=float(drawn.smoothed.mean()),
        confidence=confidence,
    )


def _spread(values: Floats, tail: float) -> dict[str, Floats]:
    """Standard error and percentile limits over the draws."""
    low, high = np.quantile(values, [tail, 1 - tail], axis=0)
    return {"se": values.std(axis=0, ddof=1), "low": low, "high": high}


def _loading_table(full: Factors, drawn: Drawn, tail: float) -> pd.DataFrame:
    """Every loading with its spread."""
    names = pd.MultiIndex.from_product([full.loadings.index, full.loadings.columns], names=["item", "factor"])
    p, k = full.loadings.shape
    spread = _spread(drawn.loadings.reshape(-1, p * k), tail)
    return pd.DataFrame({"loading": full.loadings.to_numpy().ravel(), **spread}, index=names)


def _phi_table(full: Factors, drawn: Drawn, tail: float) -> pd.DataFrame:
    """Every pair's correlation with its spread."""
    names, values = full.phi.columns, full.phi.to_numpy()
    i, j = np.triu_indices(len(names), 1)
    if not np.abs(values[i, j]).any():
        i, j = i[:0], j[:0]
    index = pd.MultiIndex.from_arrays([names[i], names[j]], names=["factor", "other"])
    spread = _spread(drawn.phi[:, i, j], tail)
    low, high = spread["low"], spread["high"]
    spread["low"], spread["high"] = (_reflected(values[i, j], end) for end in (high, low))
    return pd.DataFrame({"correlation": values[i, j], **spread}, index=index)


def _reflected(estimate: Floats, end: Floats) -> Floats:
    """A percentile turned to the other side of the estimate, on Fisher's scale."""
    most = 1 - 1e-12
    return np.tanh(2 * np.arctanh(np.clip(estimate, -most, most)) - np.arctanh(np.clip(end, -most, most)))


def _item_table(full: Factors, drawn: Drawn, loadings: pd.DataFrame) -> pd.DataFrame:
    """Each item's own factor, its loading there, and how often it stays there."""
    home = np.abs(full.loadings.to_numpy()).argmax(axis=1)
    kept = (np.abs(drawn.loadings).argmax(axis=2) == home).mean(axis=0)
    factor = full.loadings.columns[home]
    own = loadings.loc[list(zip(full.loadings.index, factor, strict=True))].droplevel("factor")
    table = own[["loading", "low", "high"]].assign(kept=kept)
    table.insert(0, "factor", factor)
    return table


def _factor_table(full: Factors, drawn: Drawn) -> pd.DataFrame:
    """How alike the draws' factors are to the full sample's."""
    table = {
        "congruence": np.median(drawn.congruence, axis=0),
        "congruence_low": np.quantile(drawn.congruence, 0.05, axis=0),
    }
    return pd.DataFrame(table, index=pd.Index(full.loadings.columns, name="factor"))


def _said(drawn: Drawn, draws: int, seed: int, align: Align, confidence: float) -> list[str]:
    """What was drawn, and everything unusual."""
    used = len(drawn.loadings)
    about = {"draws": used, "seed": seed, "confidence": confidence}
    if align == "columns":
        first = phrase(
            "{draws} bootstrap draws of respondents, seed {seed}, factors put in the full sample's order and signs; "
            "{confidence:.0%} percentile intervals.",
            **about,
        )
    else:
        first = phrase(
            "{draws} bootstrap draws of respondents, seed {seed}, factors turned to the full sample's loadings; "
            "{confidence:.0%} percentile intervals.",
            **about,
        )
    said: list[str] = [first]
    if used < draws:
        lost = draws - used
        said.append(phrase("{lost} draws without all correlations (an item that did not vary) left out.", lost=lost))
    for share, what in (
        (1 - drawn.converged.mean(), phrase("did not converge")),
        (drawn.heywood.mean(), phrase("had a Heywood case")),
        (drawn.smoothed.mean(), phrase("had correlations that had to be smoothed")),
    ):
        if share:
            said.append(phrase("{share:.1%} of the draws {what}; used all the same.", share=share, what=what))
    return said
