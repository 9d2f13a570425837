"""Whether factors are the dimensions a theory names: Tucker's congruence, the key as a target, items in their place."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from gapkit.measure.factor_input import FactorError
from gapkit.measure.factors import Factors
from gapkit.measure.matching import best_match, tucker
from gapkit.measure.rotation import RotationError, factors_in_words, rotate
from gapkit.survey.instrument import Instrument
from gapkit.survey.phrase import phrase, plural, sentences
from gapkit.survey.result import Result


@dataclass(frozen=True, eq=False, repr=False, kw_only=True)
class Congruence(Result):
    """A factor solution beside an a-priori key; `n` is the number of respondents, 0 if it was not told.

    Parameters
    ----------
    items : DataFrame, one row an item of the key
        `dimension`, where the theory puts it; `factor` with its largest loading in size, and that `loading`;
        `cross_factor` and `cross_loading`, the second largest; `as_theory`, whether the factor is the one matched with
        the dimension and the loading reaches `salient`; `aligned_loading` on its own dimension and
        `aligned_as_theory` after the turn to the key.
    dimensions : DataFrame, one row a dimension
        `items`; the matched `factor` (empty without one); Tucker's `congruence` with it; items `as_theory`; and after
        the turn to the key `aligned_congruence` and `aligned_as_theory`.
    coefficients : DataFrame (k factors x d dimensions)
        Tucker's coefficient of every factor with every dimension.
    aligned_loadings : DataFrame (p x d) or None
        The solution turned as close to the key as it will go; None where there are not as many factors as dimensions.
    aligned_phi : DataFrame (d x d) or None
        Factor correlations after that turn: near 1, two dimensions cannot be told apart.
    salient : float
    """

    items: pd.DataFrame
    dimensions: pd.DataFrame
    coefficients: pd.DataFrame
    aligned_loadings: pd.DataFrame | None
    aligned_phi: pd.DataFrame | None
    salient: float

    @property
    def placed(self) -> int:
        """Items that load where the theory says."""
        return int(self.items["as_theory"].sum())

    @property
    def expected(self) -> pd.DataFrame:
        """True where the theory puts an item, (items x factors): what `loading_heat` outlines."""
        wanted = self.items["dimension"].map(self.dimensions["factor"])
        places = {factor: (wanted == factor).to_numpy() for factor in self.coefficients.index}
        return pd.DataFrame(places, index=self.items.index)

    @property
    def headline(self) -> str:
        """How many items are in their place, and the range of congruence."""
        own = self.dimensions["congruence"].dropna()
        ends = f"{own.min():.2f} ({own.idxmin()}) to {own.max():.2f} ({own.idxmax()})"
        return f"{self.placed} of {len(self.items)} items load where the key says; congruence {ends}"


def congruence(
    factors: Factors | pd.DataFrame, instrument: Instrument | Mapping[str, Sequence[str]], *, salient: float = 0.3
) -> Congruence:
    """Hold a factor solution against the dimensions that a theory names.

    Parameters
    ----------
    factors : Factors, or DataFrame (p items x k factors) of loadings
        Its items are those of the instrument, by name.
    instrument : Instrument, or mapping of dimension to items
        The key. Its items that the solution lacks, and items of the solution without a dimension, are left out and
        named in `method`.
    salient : float
        The size a loading must reach to count.

    Returns
    -------
    Congruence
        Of Tucker's coefficient, .95 and above is usually read as equal and .85 to .94 as similar [1]_; that advice was
        found for two loading matrices. A key of zeros and ones is cruder: equal loadings of any size give 1, uneven
        ones of .5 to .9 about .97.

    Raises
    ------
    FactorError
        No dimension with items in the solution.

    Notes
    -----
    coefficient(factor, dimension) = sum of l k / sqrt(sum of l^2 sum of k^2), with loadings l and a key k of ones for
    the dimension's items and zeros elsewhere. Factors are matched with dimensions one to one so that the sum of
    coefficients in size is largest.

    The *aligned* columns answer another question: how close can these factors be turned to the key at all? Loadings on
    other dimensions are pulled towards zero, own loadings and factor correlations are free (an oblique Procrustes
    rotation to a partly specified target [2]_). It favours the theory: read it with `aligned_phi` at hand, and never as
    a test.

    References
    ----------
    .. [1] Lorenzo-Seva, U. & ten Berge, J. M. F. (2006). Tucker's congruence coefficient as a meaningful index of
       factor similarity. Methodology, 2, 57-64.
    .. [2] Browne, M. W. (1972). Oblique rotation to a partially specified target. British Journal of Mathematical and
       Statistical Psychology, 25, 207-212.

    Examples
    --------
    >>> loadings = pd.DataFrame({"F1": [0.8, 0.8, 0, 0.6], "F2": [0, 0, 0.7, 0.5]}, index=list("abcd"))
    >>> found = congruence(loadings, {"left": ["a", "b"], "right": ["c", "d"]})
    >>> found.dimensions[["factor", "congruence", "as_theory"]].round(3)
              factor  congruence  as_theory
    dimension
    left          F1       0.883          2
    right         F2       0.986          1
    """
    loadings = factors.loadings if isinstance(factors, Factors) else factors
    scales, left_out = _key(loadings, instrument)
    own = pd.Series({item: name for name, members in scales.items() for item in members})
    home = own.loc[[item for item in loadings.index if item in own.index]]
    pattern = loadings.loc[home.index]
    names = pd.Index(scales, name="dimension")
    key = pd.DataFrame(home.to_numpy()[:, None] == names.to_numpy(), index=home.index, columns=names).astype(float)
    matrix = tucker(pattern.to_numpy(), key.to_numpy())
    coefficients = pd.DataFrame(matrix, index=pattern.columns, columns=names)
    rows, columns = best_match(np.abs(matrix))
    factor_of = {names[d]: pattern.columns[f] for f, d in zip(rows, columns, strict=True)}
    items = _item_table(pattern, home, factor_of, salient)
    dimensions = pd.DataFrame(
        {
            "items": [len(scales[name]) for name in names],
            "factor": [factor_of.get(name, "") for name in names],
            "congruence": [
                abs(coefficients.loc[factor_of[name], name]) if name in factor_of else np.nan for name in names
            ],
            "as_theory": items.groupby("dimension")["as_theory"].sum().reindex(names).to_numpy(),
        },
        index=names,
    )
    aligned, phi, how = _aligned(factors, key)
    if aligned is not None:
        size = aligned.loc[home.index].abs()
        items["aligned_loading"] = aligned.to_numpy()[
            aligned.index.get_indexer(home.index), names.get_indexer(pd.Index(home))
        ]
        items["aligned_as_theory"] = (size.idxmax(axis=1) == home) & (size.max(axis=1) >= salient)
        dimensions["aligned_congruence"] = np.diag(tucker(aligned.loc[home.index].to_numpy(), key.to_numpy()))
        dimensions["aligned_as_theory"] = items.groupby("dimension")["aligned_as_theory"].sum().reindex(names)
    said = phrase(
        "Tucker's congruence of {factors} with a key of {dimensions} dimensions; an item loads where the key says if "
        "its largest loading does and reaches {salient:g}.",
        factors=factors_in_words(loadings.shape[1]),
        dimensions=len(names),
        salient=salient,
    )
    about = [said, how, *left_out]
    if isinstance(factors, Factors):
        about.append(factors.method)
    return Congruence(
        n=factors.n if isinstance(factors, Factors) else 0,
        source=factors.source
        if isinstance(factors, Factors)
        else str(loadings.attrs.get("source", "source not stated")),
        method=sentences(*about),
        items=items,
        dimensions=dimensions,
        coefficients=coefficients,
        aligned_loadings=aligned,
        aligned_phi=phi,
        salient=salient,
    )


def _key(
    loadings: pd.DataFrame, instrument: Instrument | Mapping[str, Sequence[str]]
) -> tuple[dict[str, list[str]], list[str]]:
    """Dimensions with those of their items that were analysed, and what was left out."""
    if isinstance(instrument, Instrument):
        scales = {part.id: list(part.items) for part in instrument.dimensions}
    else:
        scales = {name: list(members) for name, members in instrument.items()}
    here = {name: [item for item in members if item in loadings.index] for name, members in scales.items()}
    known = [item for members in scales.values() for item in members]
    said: list[str] = []
    absent = [item for name, members in scales.items() for item in members if item not in here[name]]
    if absent:
        said.append(phrase("Items of the key that were not analysed: {items}.", items=", ".join(absent)))
    strange = [str(item) for item in loadings.index if item not in known]
    if strange:
        said.append(phrase("Items that the key gives no dimension: {items}.", items=", ".join(strange)))
    here = {name: members for name, members in here.items() if members}
    if not here:
        raise FactorError(
            f"The solution's items ({', '.join(map(str, loadings.index[:3]))}, ...) are none of the key's "
            f"({', '.join(known[:3])}, ...). Rename the columns of the answers before the analysis."
        )
    return here, said


def _item_table(pattern: pd.DataFrame, home: pd.Series, factor_of: dict[str, str], salient: float) -> pd.DataFrame:
    """Where each item loads, and where it should."""
    values = pattern.to_numpy()
    place = np.arange(len(values))
    order = np.argsort(-np.abs(values), axis=1, kind="stable")
    first, second = order[:, 0], order[:, min(1, values.shape[1] - 1)]
    factor = pattern.columns[first]
    wanted = home.map(factor_of)
    table = pd.DataFrame(
        {
            "dimension": home,
            "factor": factor,
            "loading": values[place, first],
            "as_theory": (wanted.to_numpy() == factor.to_numpy()) & (np.abs(values[place, first]) >= salient),
        },
        index=pattern.index,
    )
    if values.shape[1] > 1:
        table.insert(3, "cross_factor", pattern.columns[second])
        table.insert(4, "cross_loading", values[place, second])
    return table


def _aligned(
    factors: Factors | pd.DataFrame, key: pd.DataFrame
) -> tuple[pd.DataFrame | None, pd.DataFrame | None, str]:
    """The solution turned to the key, its factor correlations, and a sentence."""
    k, d = key.shape[1], (factors.loadings if isinstance(factors, Factors) else factors).shape[1]
    if not isinstance(factors, Factors):
        return None, None, phrase("Loadings alone were given, so they were not turned to the key.")
    if k != d or k == 1:
        dimensions = plural(k, "{count} dimension", "{count} dimensions")
        reason = phrase("{factors} for {dimensions}", factors=factors_in_words(d), dimensions=dimensions)
        return None, None, phrase("Not turned to the key: {reason}.", reason=reason)
    wanted = key.where(key == 0).reindex(factors.loadings.index)
    try:
        turned = rotate(factors.unrotated, rotation="target", target=wanted, starts=1)
    except RotationError as error:
        return None, None, phrase("Not turned to the key: {error}", error=error)
    sums = (turned.loadings.loc[key.index] * key).sum()
    signs = np.where(sums < 0, -1.0, 1.0)
    stuck = "" if turned.converged else phrase("The turn did not converge.")
    loadings, phi = turned.loadings * signs, turned.phi * np.outer(signs, signs)
    how = phrase("Turned to the key's zeros by an oblique target rotation.")
    return loadings, phi, sentences(how, stuck)
