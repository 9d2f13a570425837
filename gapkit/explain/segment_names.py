"""What a segment could be called: a stated rule on its profile, in parts that any language can put into words."""

from __future__ import annotations

import numpy as np
import pandas as pd

from ..survey.phrase import phrase

TELLING = 0.3
"""Standard deviations (of all respondents) from everybody's mean below which a difference names nobody."""
RULE = phrase(
    "A name says what sets a segment apart by at least {telling:g} standard deviations, with an interval that leaves "
    "everybody's mean out: the level of its expectations, the dimension furthest below everybody's (and short of what "
    "was expected), and the one furthest above; with each of them every other one that cannot be told apart from it, "
    "as the interval of their difference within persons holds zero.",
    telling=TELLING,
)

COLUMNS = ["expectations", "worst", "best", "given", "worst_too", "best_too"]


def proposed_names(profile: pd.DataFrame, everyone: pd.DataFrame) -> pd.DataFrame:
    r"""The parts of each segment's name, by rule.

    Parameters
    ----------
    profile : DataFrame
        Index (segment, score), scores being dimensions and "overall"; columns as in ``SegmentProfiles.profile``.
    everyone : DataFrame
        The same columns for all respondents, with their standard deviations "E_sd", "P_sd", "gap_sd".

    Returns
    -------
    DataFrame
        One row a segment: ``expectations`` "high", "typical" or "low" ("" where nobody was asked); ``worst`` and
        ``best``, a dimension or ""; ``given``, "" until somebody names it; ``worst_too`` and ``best_too``, tuples of
        the dimensions that cannot be told apart from those.

    Notes
    -----
    Distances from everybody's mean are compared in standard deviations. Scores of one person go together, so two means
    differ more surely than their own intervals say. How far they go together on average follows from the interval of
    the overall score, the mean of the D dimensions, whose variance holds all their covariances:

    .. math:: r = \frac{D^2 h_o^2 - \sum h_d^2}{(\sum h_d)^2 - \sum h_d^2}, \qquad
       h_{d-e}^2 = h_d^2 + h_e^2 - 2 r h_d h_e

    with h the half widths of intervals. For two dimensions this is the paired interval; for more it takes every two of
    them to go together as far as they do on average.

    Examples
    --------
    >>> scores = pd.Index(["empathy", "overall"], name="score")
    >>> all_of_them = pd.DataFrame({"P": [5.0, 5.0], "P_sd": [1.0, 1.0]}, index=scores)
    >>> one = pd.DataFrame({"P": [4.0, 4.5], "P_low": [3.8, 4.2], "P_high": [4.2, 4.8]}, index=scores)
    >>> proposed_names(pd.concat({"S1": one}, names=["segment"]), all_of_them).loc["S1"].to_dict()
    {'expectations': '', 'worst': 'empathy', 'best': '', 'given': '', 'worst_too': (), 'best_too': ()}
    """
    what = "gap" if "gap" in everyone else "P" if "P" in everyone else "E"
    rows = {}
    for segment in profile.index.get_level_values("segment").unique():
        own = profile.loc[segment]
        apart = _apart(own, everyone, what).drop("overall")
        short = own[f"{what}_high"].drop("overall") < (0 if what == "gap" else np.inf)
        below, above = apart[(apart <= -TELLING) & short], apart[apart >= TELLING]
        level = ""
        if "E" in everyone:
            level = {-1: "low", 0: "typical", 1: "high"}[_side(_apart(own, everyone, "E")["overall"])]
        worst = str(below.idxmin()) if len(below) else ""
        best = str(above.idxmax()) if len(above) else ""
        alike = [_alike(found, chosen, own, everyone, what) for found, chosen in ((below, worst), (above, best))]
        rows[segment] = (level, worst, best, "", *alike)
    return pd.DataFrame.from_dict(rows, orient="index", columns=COLUMNS).rename_axis(index="segment")


def _alike(found: pd.Series, chosen: str, own: pd.DataFrame, everyone: pd.DataFrame, what: str) -> tuple[str, ...]:
    """The other dimensions found whose distance does not differ from the chosen one's for sure."""
    if not chosen:
        return ()
    half = (own[f"{what}_high"] - own[f"{what}_low"]) / 2
    each, size = half.drop("overall"), len(half) - 1
    crossed = each.sum() ** 2 - (each**2).sum()
    together = (size**2 * half["overall"] ** 2 - (each**2).sum()) / crossed if crossed > 0 else 0.0
    together = float(np.clip(together, -1, 1))
    h = each / everyone[f"{what}_sd"].drop("overall")
    others = found.drop(chosen)
    between = h[others.index] ** 2 + h[chosen] ** 2 - 2 * together * h[others.index] * h[chosen]
    return tuple(str(name) for name in others.index[(others - found[chosen]).abs() <= np.sqrt(between)])


def _apart(own: pd.DataFrame, everyone: pd.DataFrame, what: str) -> pd.Series:
    """Each score's distance from everybody's mean in standard deviations; 0 where the interval holds that mean."""
    mean, sd = everyone[what], everyone[f"{what}_sd"]
    clear = (own[f"{what}_low"] > mean) | (own[f"{what}_high"] < mean)
    return ((own[what] - mean) / sd.where(sd > 0)).where(clear, 0.0).fillna(0.0)


def _side(apart: float) -> int:
    """Above, below, or neither."""
    return int(np.sign(apart)) if abs(apart) >= TELLING else 0
