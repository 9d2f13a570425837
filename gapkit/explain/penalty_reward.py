"""Penalty and reward: what a low and what a high score of a dimension go with, beside a middling one."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy import special

from ..measure.means import check_confidence
from ..survey.naming import battery_name
from ..survey.phrase import phrase, sentences
from ..survey.result import Result
from ..survey.survey import Survey
from .driver_inputs import Of, driver_table
from .weighted_quantiles import weighted_quantiles

RULES = {"quartiles": (0.25, 0.75), "thirds": (1 / 3, 2 / 3)}
CUT_NAMES = {"quartiles": phrase("quartiles"), "thirds": phrase("thirds")}
KINDS = ("basic", "performance", "excitement", "undecided")


@dataclass(frozen=True, eq=False, repr=False, kw_only=True)
class PenaltyReward(Result):
    """Penalties and rewards by dimension; see `penalty_reward`.

    Parameters
    ----------
    dimensions : DataFrame, one row per dimension
        `penalty`, how much lower the outcome is with a low score than with a middling one, and `reward`, how much
        higher with a high score, both with intervals; `contrast` = reward - penalty with its interval; `kind`.
    cuts : DataFrame
        `low_cut` and `high_cut`, and how many respondents are at or below (`low`), at or above (`high`), and between.
    outcome : str
    confidence : float
    """

    dimensions: pd.DataFrame
    cuts: pd.DataFrame
    outcome: str
    confidence: float = 0.95

    @property
    def headline(self) -> str:
        """The dimensions of every kind."""
        kinds = {kind: list(self.dimensions.index[self.dimensions["kind"] == kind]) for kind in KINDS}
        return "; ".join(f"{kind}: {', '.join(names)}" for kind, names in kinds.items() if names) + f"; n = {self.n}"


def penalty_reward(
    survey: Survey,
    *,
    outcome: str = "overall",
    of: Of = "perceptions",
    cut: str | tuple[float, float] = "quartiles",
    ratio: float = 2.0,
    confidence: float = 0.95,
) -> PenaltyReward:
    """Penalty-reward contrasts: the outcome on a low and a high dummy of every dimension at once.

    Parameters
    ----------
    survey : Survey
        Survey weights reach every number.
    outcome : str
        A numeric column of ``survey.respondents``.
    of : {"perceptions", "gaps"}
    cut : "quartiles", "thirds", "expectation", or (low, high)
        What is low (at or below) and high (at or above): quartiles or thirds of each dimension's scores; "expectation"
        for gaps, below and above 0 (0 itself between); or two numbers, the same for every dimension.
    ratio : float
        How many times the smaller of penalty and reward the larger one must be to "far exceed" it.
    confidence : float
        Of the t intervals, from robust (sandwich) variances.

    Returns
    -------
    PenaltyReward
        With m = (ratio - 1) / (ratio + 1) of penalty + reward, the contrast at which one side is `ratio` times the
        other, `kind` is

        - "undecided" where the interval of penalty + reward reaches 0: the dimension goes with nothing much;
        - "basic" where the contrast's interval lies below 0 and the contrast is at most -m;
        - "excitement" where it lies above 0 and the contrast is at least m;
        - "performance" where the whole interval lies between -m and m: both sides are shown to count about alike;
        - "undecided" otherwise: the data do not tell.

    Raises
    ------
    ValueError
        A dimension has nobody in one of its three groups, dummies are combinations of each other, or too few
        respondents answered.

    References
    ----------
    .. [1] Brandt, R. D. (1987). A procedure for identifying value-enhancing service components using customer
       satisfaction survey data. In C. F. Surprenant (Ed.), Add value to your service. American Marketing Association.
    .. [2] Matzler, K., & Sauerwein, E. (2002). The factor structure of customer satisfaction. International Journal of
       Service Industry Management, 13, 314-332.

    Examples
    --------
    >>> import gapkit as gk
    >>> found = penalty_reward(gk.datasets.load("hotel"), outcome="overall")
    >>> bool(np.allclose(found.dimensions["contrast"], found.dimensions["reward"] - found.dimensions["penalty"]))
    True
    """
    check_confidence(confidence)
    if not ratio > 1:
        raise ValueError(f"ratio must be above 1, not {ratio:g}: 2 says that twice as much is far more.")
    table = driver_table(survey, outcome=outcome, of=of, level="dimensions")
    names = list(table.columns.columns[:-1])
    scores, y = table.values[:, :-1], table.values[:, -1]
    w = np.ones(len(y)) if table.weights is None else table.weights
    low_cut, high_cut, rule = _cuts(scores, w, cut, of)
    if cut == "expectation":
        low, high = scores < low_cut, scores > high_cut
    else:
        low, high = scores <= low_cut, scores >= high_cut
    cuts = _counted(low, high, low_cut, high_cut, names)
    design = np.column_stack([np.ones(len(y)), low, high]).astype(float)
    coefficients, covariance = _regress(design, y, w)
    df, p = len(y) - design.shape[1], len(names)
    t = special.stdtrit(df, (1 + confidence) / 2)

    def row(of_low: float, of_high: float) -> tuple[np.ndarray, np.ndarray]:
        """A combination of the two dummies of each dimension, and half its interval."""
        which = np.hstack([np.zeros((p, 1)), of_low * np.eye(p), of_high * np.eye(p)])
        return which @ coefficients, t * np.sqrt(np.einsum("ij,jk,ik->i", which, covariance, which))

    penalty, reward, contrast, span = row(-1, 0), row(0, 1), row(1, 1), row(-1, 1)
    columns: dict[str, np.ndarray] = {}
    for name, (estimate, half) in {"penalty": penalty, "reward": reward, "contrast": contrast}.items():
        columns |= {name: estimate, f"{name}_low": estimate - half, f"{name}_high": estimate + half}
    margin = (ratio - 1) / (ratio + 1) * span[0]
    kinds = [
        _kind(c - h, c, c + h, m, clear)
        for c, h, m, clear in zip(*contrast, margin, span[0] - span[1] > 0, strict=True)
    ]
    return PenaltyReward(
        dimensions=pd.DataFrame(columns, index=pd.Index(names, name="dimension")).assign(kind=kinds),
        cuts=cuts,
        outcome=outcome,
        confidence=confidence,
        n=len(y),
        source=f"{survey.source}, n = {len(y)}",
        method=sentences(
            phrase(
                "Least squares of {outcome} on a low and a high dummy of each dimension ({battery}), middling ones as "
                "the reference. Cut: {rule}. Robust variances, t intervals at {level:g} %, df = {df}. One side far "
                "exceeds the other from {ratio:g} times on.",
                outcome=outcome,
                battery=battery_name(of),
                rule=rule,
                level=100 * confidence,
                df=df,
                ratio=ratio,
            ),
            table.rule,
            "" if table.weights is None else phrase("Survey weights reach every number."),
            phrase("Association, not effect."),
        ),
    )


def _cuts(scores: np.ndarray, w: np.ndarray, cut: str | tuple[float, float], of: str) -> tuple:
    """Where low ends and high begins in each dimension, and the rule in words."""
    p = scores.shape[1]
    if cut == "expectation":
        if of != "gaps":
            raise ValueError('cut="expectation" compares gaps with 0: use of="gaps", or another cut.')
        return np.zeros(p), np.zeros(p), phrase("low is a gap below 0, high a gap above 0")
    if isinstance(cut, str):
        if cut not in RULES:
            known = ", ".join(f'"{name}"' for name in (*RULES, "expectation"))
            raise ValueError(f'cut="{cut}" is not known; choose one of {known}, or give two numbers.')
        low, high = weighted_quantiles(scores, RULES[cut], w)
        rule = phrase(
            "{cut} of each dimension's scores, the cuts themselves counted as low and high", cut=CUT_NAMES[cut]
        )
        return low, high, rule
    if not cut[0] < cut[1]:
        raise ValueError(f"cut: the low one must lie below the high one, not {cut[0]:g} and {cut[1]:g}.")
    rule = phrase("low is at most {low:g}, high at least {high:g}", low=cut[0], high=cut[1])
    return np.full(p, cut[0]), np.full(p, cut[1]), rule


def _counted(low: np.ndarray, high: np.ndarray, low_cut: np.ndarray, high_cut: np.ndarray, names: list) -> pd.DataFrame:
    """How many are low, between and high; ValueError where a group is empty or somebody is both."""
    columns = {"low_cut": low_cut, "high_cut": high_cut, "low": low.sum(0)}
    columns |= {"between": (~low & ~high).sum(0), "high": high.sum(0)}
    table = pd.DataFrame(columns, index=pd.Index(names, name="dimension"))
    empty = table.index[(table[["low", "between", "high"]] == 0).any(axis=1) | (low & high).any(axis=0)]
    if len(empty):
        raise ValueError(
            f"{', '.join(empty)}: with this cut nobody is low, between or high. Give other cuts, such as cut=(3, 6)."
        )
    return table


def _regress(design: np.ndarray, y: np.ndarray, w: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Weighted least squares and its sandwich covariance times n / (n - k), robust to unequal spread."""
    n, k = design.shape
    if n <= k or np.linalg.matrix_rank(design) < k:
        raise ValueError(
            f"{n} respondents do not tell {k - 1} low and high dummies apart. Give cuts with larger groups, such as "
            'cut="thirds".'
        )
    inverse = np.linalg.inv((w[:, None] * design).T @ design)
    coefficients = inverse @ design.T @ (w * y)
    scores = design * (w * (y - design @ coefficients))[:, None]
    return coefficients, n / (n - k) * inverse @ (scores.T @ scores) @ inverse


def _kind(low: float, contrast: float, high: float, margin: float, clear: bool) -> str:
    """Basic, performance, excitement or undecided, from the contrast and its interval."""
    if not clear:
        return "undecided"
    if high < 0 and contrast <= -margin:
        return "basic"
    if low > 0 and contrast >= margin:
        return "excitement"
    return "performance" if -margin < low and high < margin else "undecided"
