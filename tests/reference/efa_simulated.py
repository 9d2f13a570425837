"""Two simulated data sets for the factor-analysis tests: ``python tests/reference/efa_simulated.py FOLDER``.

skewed.csv  400 respondents, 12 items on three correlated factors, five points, strongly skewed, 3 % missing, weights.
mixed.csv   300 respondents, 10 items on two factors with 2 to 11 points; two items are yes-no with an empty cell.
"""

import sys
from pathlib import Path

import numpy as np
import pandas as pd


def latent(rng: np.random.Generator, n: int, loadings: np.ndarray, phi: np.ndarray) -> np.ndarray:
    """Normal variables that follow a factor model with unit variances."""
    factors = rng.standard_normal((n, len(phi))) @ np.linalg.cholesky(phi).T
    unique = np.sqrt(1 - np.einsum("ik,kl,il->i", loadings, phi, loadings))
    return factors @ loadings.T + rng.standard_normal((n, len(loadings))) * unique


def skewed() -> pd.DataFrame:
    """Answers piled up at the top of the scale, as satisfied customers give them."""
    rng = np.random.default_rng(20261)
    loadings = np.kron(np.eye(3), np.array([[0.85], [0.75], [0.65], [0.55]]))
    phi = np.array([[1, 0.5, 0.3], [0.5, 1, 0.4], [0.3, 0.4, 1]])
    points = np.digitize(latent(rng, 400, loadings, phi), [-2.0, -1.4, -0.8, 0.1]) + 1.0
    points[rng.random(points.shape) < 0.03] = np.nan
    frame = pd.DataFrame(points, columns=[f"q{item:02d}" for item in range(1, 13)])
    frame["weight"] = rng.integers(1, 4, len(frame)) / 2
    return frame


def mixed() -> pd.DataFrame:
    """Items with different numbers of points; no one says yes to the hard q01 and no to the easy q02."""
    rng = np.random.default_rng(20262)
    loadings = np.zeros((10, 2))
    loadings[[0, 1, 4, 6, 8], 0] = 0.8, 0.8, 0.7, 0.6, 0.6
    loadings[[2, 3, 5, 7, 9], 1] = 0.8, 0.7, 0.6, 0.7, 0.6
    loadings[5, 0] = 0.25
    z = latent(rng, 300, loadings, np.array([[1, 0.4], [0.4, 1]]))
    categories = [2, 2, 3, 4, 5, 6, 7, 9, 10, 11]
    cuts = [np.linspace(-1.6, 1.4, c + 1)[1:-1] for c in categories]
    cuts[:2] = np.array([1.2]), np.array([-1.0])
    points = np.column_stack([np.digitize(column, own) + 1.0 for column, own in zip(z.T, cuts, strict=True)])
    frame = pd.DataFrame(points, columns=[f"q{item:02d}" for item in range(1, 11)])
    if ((frame["q01"] == 2) & (frame["q02"] == 1)).any():
        raise ValueError("This seed leaves no empty cell.")
    return frame


if __name__ == "__main__":
    folder = Path(sys.argv[1])
    for make in (skewed, mixed):
        make().to_csv(folder / f"{make.__name__}.csv", index=False, float_format="%g")
