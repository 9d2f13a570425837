"""Which of the segments found ask for caution: too few people in them, or not found again in resampled surveys."""

from __future__ import annotations

import numpy as np
import pandas as pd
from scipy import special

from .segment_names import TELLING
from .segment_stability import READINGS

STABLE = next(least for least, words in READINGS if words == "stable")
"""Mean Jaccard from which a segment counts as found again, by the rule of fpc's clusterboot."""
CONFIDENCE = 0.95


def cautions(stability: pd.DataFrame) -> pd.DataFrame:
    r"""How coarsely each segment is known, and whether it comes back.

    A segment is small where the mean of so many respondents is known less finely than the difference that names a
    segment, :math:`z / \sqrt{n} >` `TELLING` standard deviations: what is read off its profile may then be chance.

    Parameters
    ----------
    stability : DataFrame
        ``Segments.stability``: one row a segment, columns n and jaccard.

    Returns
    -------
    DataFrame
        One row a segment: ``n``, ``share`` of those placed, ``half`` (the half width of a mean's 95 % interval in
        standard deviations), ``small``, ``jaccard``, ``unstable`` (below .75; False where nothing was resampled).

    Examples
    --------
    >>> found = pd.DataFrame({"n": [93, 7], "jaccard": [0.9, 0.6]}, index=["S1", "S2"])
    >>> cautions(found)[["share", "small", "unstable"]].to_numpy().tolist()
    [[0.93, False, False], [0.07, True, True]]
    """
    n = stability["n"].to_numpy(float)
    with np.errstate(divide="ignore"):
        half = special.ndtri((1 + CONFIDENCE) / 2) / np.sqrt(n)
    jaccard = stability["jaccard"].to_numpy(float)
    return pd.DataFrame(
        {
            "n": stability["n"],
            "share": n / n.sum(),
            "half": half,
            "small": half > TELLING,
            "jaccard": jaccard,
            "unstable": jaccard < STABLE,
        },
        index=stability.index,
    )
