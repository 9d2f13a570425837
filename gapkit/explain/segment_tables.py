"""What a search found, as tables."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from .segment_basis import Basis
from .segment_fits import Rows, Solution
from .segment_found import Searched
from .segment_stability import reading
from .segment_tests import OneMore
from .silhouettes import silhouettes

Floats = NDArray[np.floating]

MOSTLY_LEVEL = 0.8
"""Share of level from which segments are called slices of one scale."""


def table_of(
    rows: Rows,
    basis: Basis,
    solutions: list[Solution],
    jaccard: list[Floats],
    tests: list[OneMore],
) -> pd.DataFrame:
    """One row per number of segments."""
    lines = []
    total = rows.weights.sum()
    for solution in solutions:
        k, chances = solution.k, solution.chances
        line: dict[str, Any] = {}
        if solution.structure is not None:
            doubt = -(rows.weights * np.log(np.maximum(chances, 1e-300)).max(axis=1)).sum()
            entropy = -(rows.weights[:, None] * chances * np.log(np.maximum(chances, 1e-300))).sum()
            bic = -2 * solution.fit + solution.parameters * np.log(total)
            line |= {
                "log_likelihood": solution.fit,
                "parameters": solution.parameters,
                "bic": bic,
                "icl": bic + 2 * doubt,
                "entropy": 1 - entropy / (total * np.log(k)) if k > 1 else 1.0,
            }
        else:
            line |= {"within": -solution.fit, "explained": 1 - solution.fit / solutions[0].fit}
        modal = chances.argmax(axis=1)
        several = len(np.unique(modal)) > 1
        line |= {
            "silhouette_sqeuclidean": (
                float(np.average(silhouettes(rows.x, modal, weights=rows.members), weights=rows.weights))
                if several
                else np.nan
            ),
            "smallest": float(solution.mixture.shares[0].min()),
            "level_share": level_share(solution, basis),
            "stability": float(jaccard[k - 1].min()),
            "starts": solution.starts,
            "followed": solution.followed,
            "converged": solution.kept,
            "optima": solution.optima,
        }
        test = tests[k - 2] if 2 <= k <= len(tests) + 1 else None
        line |= {
            "gain": test.gain[0] if test else np.nan,
            "gain_null": test.null[:, 0].mean() if test else np.nan,
            "draws": len(test.null) if test else 0,
            "p": test.p if test else np.nan,
        }
        lines.append(line)
    return pd.DataFrame(lines, index=pd.RangeIndex(1, len(solutions) + 1, name="segments"))


def level_share(solution: Solution, basis: Basis) -> float:
    """Part of what lies between the segments that lies in the mean of all features; NaN for one segment."""
    if solution.k == 1:
        return float("nan")
    shares, means = solution.mixture.shares[0], solution.mixture.means[0] @ basis.axes.T
    apart = means - shares @ means
    between = float(shares @ (apart**2).sum(axis=1))
    level = float(shares @ apart.mean(axis=1) ** 2 * apart.shape[1])
    return level / between if between > 0 else float("nan")


def chances_of(features: Floats, found: Searched, basis: Basis, k: int) -> Floats:
    """Chances of rows of features to belong to each of k segments."""
    return found.solutions[k - 1].placed(features @ basis.axes - found.people.middle)


def shown(found: Searched, basis: Basis, k: int) -> dict[str, Any]:
    """The fields of `Segments` that belong to one number of segments."""
    solution, names = found.solutions[k - 1], pd.Index([f"S{s}" for s in range(1, k + 1)], name="segment")
    chances = chances_of(found.features, found, basis, k)
    modal = chances.argmax(axis=1)
    mixture, axes = solution.mixture, basis.axes
    fixed = 100 / len(basis.kept) if basis.split and basis.centre is None else 0.0
    means = (mixture.means[0] + found.people.middle) @ axes.T + fixed
    inside = axes @ mixture.covariances[0] @ axes.T
    jaccard = found.jaccard[k - 1]
    kind = pd.CategoricalDtype(names)
    rows = pd.MultiIndex.from_product([names, basis.features], names=["segment", "feature"])
    return {
        "n_segments": k,
        "posterior": pd.DataFrame(chances, index=found.people.index, columns=names),
        "membership": pd.Series(names[modal], index=found.people.index, name="segment").astype(kind),
        "centres": pd.DataFrame(means, index=names, columns=basis.features),
        "stability": pd.DataFrame(
            {
                "share": mixture.shares[0],
                "n": np.bincount(modal, minlength=k),
                "jaccard": jaccard,
                "reading": [reading(value) for value in jaccard],
            },
            index=names,
        ),
        "within": pd.DataFrame(inside.reshape(-1, len(axes)), index=rows, columns=basis.features),
        "level_share": level_share(found.solutions[max(k, 2) - 1], basis) if len(found.solutions) > 1 else float("nan"),
    }
