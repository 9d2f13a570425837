"""What goes with a scenario: the predicted change of an outcome, with an interval over sampling and model."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from ..measure.means import check_confidence
from ..measure.resampling import resampling_counts
from ..survey.phrase import phrase, sentences
from ..survey.result import Result
from ..survey.survey import Survey
from .outcome_models import MOST_CATEGORIES, Linear, Ordinal, linear, ordinal
from .outcome_rows import Floats, OutcomeRows, outcome_rows
from .outlook_method import beyond_words, outlook_method, too_large
from .scenario import Scenario, moved

MODELS = ("linear", "ordinal")
COLUMNS = pd.Index(["before", "after", "change", "low", "high"])
MOST = 3e8
"""Respondents times draws that are kept in memory (4 bytes each)."""
RARE = 0.01
"""Share of respondents moved beyond what was observed from which an outlook counts as an extrapolation."""


@dataclass(frozen=True, eq=False, repr=False, kw_only=True)
class Outlook(Result):
    """The predicted change of an outcome under a scenario; see `outlook`.

    Parameters
    ----------
    change : DataFrame
        Rows "mean", "top two" (share) and, for 0-10, "NPS" (-1 to 1); columns before (as observed), after, change, and
        low, high: the interval of the change.
    support : DataFrame
        One row a dimension: its mean score before and after, the lowest and highest score observed, and ``outside``,
        the share of respondents moved beyond them.
    beyond : float
        Share of respondents whose moved scores lie beyond what was observed, in one dimension or in their combination
        (farther from the centre, by Mahalanobis distance, than anybody).
    over : tuple of str
        Targets that the straight line takes beyond the end of their scale.
    scenario, outcome, model, confidence
        What was asked.
    scale : (low, high)
        The outcome's.
    draws : array, (draws x targets)
        The change in each bootstrap draw.
    """

    change: pd.DataFrame
    support: pd.DataFrame
    beyond: float
    over: tuple[str, ...]
    scenario: Scenario
    outcome: str
    model: str
    confidence: float
    scale: tuple[float, float]
    draws: Floats

    @property
    def extrapolates(self) -> bool:
        """Whether at least 1 % of the respondents are moved beyond what was observed."""
        return self.beyond >= RARE

    @property
    def headline(self) -> str:
        """The change of the mean with its interval, and a flag."""
        row = self.change.loc["mean"]
        interval = f"{100 * self.confidence:g} % CI {row['low']:+.2f} to {row['high']:+.2f}"
        flag = f"; extrapolates for {self.beyond:.0%} of respondents" if self.extrapolates else ""
        return f"{self.outcome} {row['change']:+.2f} ({interval}) goes with {self.scenario.title}, n = {self.n}{flag}"


@dataclass(frozen=True, eq=False, repr=False, kw_only=True)
class PreparedOutlook:
    """A fitted model with its bootstrap draws, ready for any number of scenarios; made by `prepare_outlook`."""

    survey: Survey
    rows: OutcomeRows
    fitted: Linear | Ordinal
    shares: np.ndarray
    outcome: str
    model: str
    confidence: float
    method: str

    def change(self, scenario: Scenario) -> Outlook:
        """The outlook of one scenario: what a slider asks for, a few milliseconds.

        Raises
        ------
        ScenarioError
            As for `apply`.
        ValueError
            The scenario moves a battery that the model's scores do not contain.
        """
        rows = self.rows
        moves = rows.moves(*moved(self.survey, scenario))
        found = self.fitted.change(rows.scores, moves, rows.weights, self.shares)
        tail = (1 - self.confidence) / 2
        low, high = np.quantile(found.draws, [tail, 1 - tail], axis=0)
        after = rows.observed + found.estimate
        change = pd.DataFrame(  # from one array and ready-made labels: a slider has no time for more
            np.column_stack([rows.observed, after, found.estimate, low, high]), index=rows.targets, columns=COLUMNS
        )
        over = tuple(rows.targets[(after < rows.ends[0]) | (after > rows.ends[1])])
        support, beyond = rows.support(moves)
        return Outlook(
            n=len(rows.scores),
            source=f"{self.survey.source}, what if: {scenario.title}, n = {len(rows.scores)}",
            method=sentences(self.method, beyond_words(over)),
            change=change,
            support=support,
            beyond=beyond,
            over=over,
            scenario=scenario,
            outcome=self.outcome,
            model=self.model,
            confidence=self.confidence,
            scale=rows.scale,
            draws=found.draws,
        )

    @property
    def slopes(self) -> tuple[Floats, Floats]:
        """What goes with one point of each dimension in the mean outcome: (D,) and in each draw (draws x D)."""
        if not isinstance(self.fitted, Linear):
            raise ValueError('only the linear model has one slope a dimension: prepare with model="linear".')
        return self.fitted.coefficients[0], self.fitted.drawn[:, 0, :]

    def __repr__(self) -> str:
        return f"<PreparedOutlook: {self.outcome}, {self.model}, n = {len(self.rows.scores)}, {len(self.shares)} draws>"


def prepare_outlook(
    survey: Survey,
    *,
    outcome: str = "recommend",
    model: str = "linear",
    on: str = "perceptions",
    adjust: Sequence[str] = (),
    scale: tuple[float, float] | None = None,
    draws: int = 500,
    seed: int = 0,
    confidence: float = 0.95,
) -> PreparedOutlook:
    """Fit the model of an outcome and its bootstrap draws once; its `change` then answers scenario after scenario.

    Parameters are those of `outlook`.

    Examples
    --------
    >>> import gapkit as gk
    >>> ready = gk.prepare_outlook(gk.datasets.load("hotel"), outcome="recommend")
    >>> ready
    <PreparedOutlook: recommend, linear, n = 1150, 500 draws>
    >>> small, large = (ready.change(gk.Scenario({"empathy": step})).change for step in (0.1, 0.2))
    >>> bool(abs(large.loc["mean", "change"] - 2 * small.loc["mean", "change"]) < 0.01)
    True
    """
    check_confidence(confidence)
    if model not in MODELS:
        raise ValueError(f'model is one of {", ".join(MODELS)}, not "{model}". For a third opinion: model_agreement.')
    if draws < 2:
        raise ValueError(f"draws must be at least 2, not {draws}; 500 is usual.")
    rows = outcome_rows(survey, outcome=outcome, on=on, adjust=adjust, scale=scale)
    n = len(rows.scores)
    if n * draws > MOST:
        raise too_large(n, draws, int(MOST / n))
    counts = resampling_counts(n, draws=draws, rng=np.random.default_rng(seed))
    X = np.hstack([rows.scores, rows.adjustments])
    D = rows.scores.shape[1]
    fitted: Linear | Ordinal
    if model == "linear":
        fitted, ok = linear(X, rows.Y, rows.weights * n, counts, scores=D)
    else:
        fitted, ok = ordinal(X, rows.Y[:, 0], rows.Y, rows.weights, counts, scores=D)
    if ok.sum() < 2:
        raise ValueError(
            phrase(
                "{outcome}: the {model} model could not be fitted in the draws; there are too few answers.",
                outcome=outcome,
                model=model,
            )
        )
    shares = counts[ok] * rows.weights.astype(np.float32)
    shares /= shares.sum(axis=1, keepdims=True)
    method = outlook_method(
        outcome, on, fitted.note, adjust, confidence=confidence, draws=draws, used=int(ok.sum()), seed=seed
    )
    return PreparedOutlook(
        survey=survey, rows=rows, fitted=fitted, shares=shares, outcome=outcome, model=model, confidence=confidence,
        method=sentences(method, rows.left_out),
    )  # fmt: skip


def outlook(survey: Survey, scenario: Scenario, *, outcome: str = "recommend", **options: Any) -> Outlook:
    """What goes with a scenario: the predicted change of an outcome, with an interval.

    The scenario moves the answers as `apply` does, ends of the scale included; the model says how the outcome goes
    with the moved dimension scores; respondents are drawn again and the model fitted again in each draw, so that the
    interval holds the uncertainty of sample and model, but not that of reading an association as a cause. Something
    that raises perceptions and the outcome alike makes the prediction too large (`adjust` for it where it was asked);
    noise in the scores makes it too small: scores of few or inconsistent items attenuate every coefficient.

    Parameters
    ----------
    survey : Survey
    scenario : Scenario
    outcome : str
        A numeric column of the respondents.
    model : {"linear", "ordinal"}
        "linear": least squares of the outcome (and of the shares, as 0 and 1) on the dimension scores. "ordinal":
        proportional odds on them, which keeps to the scale's ends.
    on : {"perceptions", "gaps"}
        Which dimension scores. Expectations only matter to gaps.
    adjust : sequence of str
        Respondents' columns to hold fixed; text columns as groups.
    scale : (low, high), optional
        The outcome's scale. By default 0-10 where the highest answer is 10, and the lowest to the highest answer given
        elsewhere; the method says so.
    draws : int
        Bootstrap draws of respondents.
    seed : int
    confidence : float

    Returns
    -------
    Outlook
        ``change`` has the rows mean, top two (share of the two highest points) and, for a 0-10 scale, NPS.

    Raises
    ------
    ScenarioError, ValueError
        The scenario does not fit the survey, the outcome is not there, does not vary, or has too few answers.

    References
    ----------
    .. [1] Efron, B., & Tibshirani, R. J. (1993). An introduction to the bootstrap. Chapman & Hall. (pairs bootstrap)

    Examples
    --------
    >>> import gapkit as gk
    >>> result = gk.outlook(gk.datasets.load("hotel"), gk.Scenario({"reliability": 0.4}), outcome="recommend", seed=0)
    >>> result.change.index.tolist()
    ['mean', 'top two', 'NPS']
    >>> bool(result.change.loc["mean", "low"] < result.change.loc["mean", "change"] < result.change.loc["mean", "high"])
    True
    """
    return prepare_outlook(survey, outcome=outcome, **options).change(scenario)


def model_agreement(
    survey: Survey, scenario: Scenario, *, outcome: str = "recommend", seed: int = 0, **options: Any
) -> pd.DataFrame:
    """The same outlook under three models, so that nothing rests on one of them alone.

    Parameters
    ----------
    survey, scenario, outcome, seed
        As for `outlook`; further options go to it.

    Returns
    -------
    DataFrame
        Rows (model, target): "linear" and "ordinal" with low and high, and "monotone", gradient-boosted trees that may
        bend freely but never turn down (scikit-learn), without an interval. No rows "ordinal" for an outcome of more
        than 11 different values, such as an amount of money: it is no rating scale.

    Examples
    --------
    >>> import gapkit as gk
    >>> table = model_agreement(gk.datasets.load("hotel"), gk.Scenario({"all": 0.3}), draws=100)
    >>> table.index.unique("model").tolist(), bool((table["change"] > 0).all())
    (['linear', 'ordinal', 'monotone'], True)
    """
    from ..explain.monotone import monotone_change

    tables = {}
    for model in MODELS:
        if model == "ordinal" and survey.respondents[outcome].nunique() > MOST_CATEGORIES:
            continue
        ready = prepare_outlook(survey, outcome=outcome, model=model, seed=seed, **options)
        tables[model] = ready.change(scenario).change[["change", "low", "high"]]
    rows = ready.rows
    moves = rows.moves(*moved(survey, scenario))
    bent = monotone_change(
        np.hstack([rows.scores, rows.adjustments]), rows.Y, moves=moves, weights=rows.weights, seed=seed
    )
    tables["monotone"] = pd.DataFrame({"change": bent, "low": np.nan, "high": np.nan}, index=tables["linear"].index)
    return pd.concat(tables, names=["model", "target"])
