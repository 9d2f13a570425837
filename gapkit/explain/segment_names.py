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
    "was expected), and the one furthest above.",
    telling=TELLING,
)


def proposed_names(profile: pd.DataFrame, everyone: pd.DataFrame) -> pd.DataFrame:
    """The parts of each segment's name, by rule.

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
        ``best``, a dimension or ""; ``given``, "" until somebody names it.

    Examples
    --------
    >>> scores = pd.Index(["empathy", "overall"], name="score")
    >>> all_of_them = pd.DataFrame({"P": [5.0, 5.0], "P_sd": [1.0, 1.0]}, index=scores)
    >>> one = pd.DataFrame({"P": [4.0, 4.5], "P_low": [3.8, 4.2], "P_high": [4.2, 4.8]}, index=scores)
    >>> proposed_names(pd.concat({"S1": one}, names=["segment"]), all_of_them).loc["S1"].to_dict()
    {'expectations': '', 'worst': 'empathy', 'best': '', 'given': ''}
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
        rows[segment] = (
            level,
            str(below.idxmin()) if len(below) else "",
            str(above.idxmax()) if len(above) else "",
            "",
        )
    return pd.DataFrame.from_dict(rows, orient="index", columns=["expectations", "worst", "best", "given"]).rename_axis(
        index="segment"
    )


def _apart(own: pd.DataFrame, everyone: pd.DataFrame, what: str) -> pd.Series:
    """Each score's distance from everybody's mean in standard deviations; 0 where the interval holds that mean."""
    mean, sd = everyone[what], everyone[f"{what}_sd"]
    clear = (own[f"{what}_low"] > mean) | (own[f"{what}_high"] < mean)
    return ((own[what] - mean) / sd.where(sd > 0)).where(clear, 0.0).fillna(0.0)


def _side(apart: float) -> int:
    """Above, below, or neither."""
    return int(np.sign(apart)) if abs(apart) >= TELLING else 0
