"""What members of segments look like: scores by dimension with intervals, who they are, small numbers hidden."""

from __future__ import annotations

from collections.abc import Hashable, Sequence

import numpy as np
import pandas as pd
from scipy import special

from ..measure.levels import levels_of, respondent_scores
from ..measure.means import column_means, holm, t_interval
from ..survey.survey import Survey
from .hidden_cells import shown_cells

MOST_VALUES = 24
"""Different words in a column beyond which it does not group respondents."""
GIVES_AWAY = "would give away a smaller number"
SHORT = {"expectations": "E", "perceptions": "P"}


def score_columns(survey: Survey) -> dict[str, pd.DataFrame]:
    """Each respondent's scores by dimension and, last, overall: "E", "P" and "gap" on pairs, or what was asked."""
    levels = levels_of(survey)
    names = [*levels.dimensions, "overall"]
    part = slice(levels.columns("dimensions").start, levels.columns("overall").stop)
    asked = {short: survey.battery(name) for name, short in SHORT.items() if name in survey.batteries}
    if len(asked) == len(SHORT):
        paired = survey.gaps.notna()
        asked = {short: answers.where(paired) for short, answers in asked.items()}
    scores = {
        short: pd.DataFrame(respondent_scores(survey, answers)[:, part], index=answers.index, columns=names)
        for short, answers in asked.items()
    }
    return scores | ({"gap": scores["P"] - scores["E"]} if len(asked) == len(SHORT) else {})


def score_rows(
    scores: dict[str, pd.DataFrame], rows: np.ndarray, weights: np.ndarray | None, confidence: float
) -> pd.DataFrame:
    """Means of some respondents' scores with t intervals: score x (n, E, E_low, E_high, P, ..., gap, gap_low, ...)."""
    columns: dict[str, np.ndarray] = {}
    for name, values in scores.items():
        means = column_means(values.to_numpy()[rows], None if weights is None else weights[rows])
        low, high = t_interval(means.mean, means.se, np.maximum(means.n - 1, 0), confidence)
        columns |= {"n": means.n, name: means.mean, f"{name}_low": low, f"{name}_high": high, f"{name}_sd": means.sd}
    return pd.DataFrame(columns, index=pd.Index(next(iter(scores.values())).columns, name="score"))


def hide_small(table: pd.DataFrame, minimum_n: int) -> pd.DataFrame:
    """The table with every number of a row but its labels taken out where n is below the minimum; n too."""
    numbers = table.astype(float)
    return numbers.where(numbers["n"] >= minimum_n)


def shown_scores(scores: dict[str, pd.DataFrame], membership: pd.Series, hidden: pd.Series) -> dict[str, pd.DataFrame]:
    """Scores without those of members of hidden cells; `hidden`: True for some of (segment, score)."""
    out = pd.DataFrame(False, index=membership.index, columns=next(iter(scores.values())).columns)
    for segment, score in hidden.index[hidden]:
        out.loc[membership == segment, score] = True
    return {name: values.mask(out) for name, values in scores.items()}


def grouping_columns(survey: Survey) -> list[str]:
    """Respondents' columns that hold words: two to 24 different ones, and nothing of a simulation's hidden truth."""
    found = []
    for name in survey.respondents.columns:
        values = survey.respondents[name]
        numeric = pd.api.types.is_numeric_dtype(values) and not pd.api.types.is_bool_dtype(values)
        if name != "weight" and not str(name).startswith("truth_") and not numeric:
            found += [str(name)] if 2 <= values.nunique() <= MOST_VALUES else []
    return found


def cross_table(
    membership: pd.Series, values: pd.Series, weights: np.ndarray | None, minimum_n: int
) -> tuple[pd.DataFrame, dict[str, float]]:
    r"""Segments against the values of one column: shares within segments, and Pearson's test of independence.

    .. math:: \chi^2 = n \sum (p_{rc} - p_{r.} p_{.c})^2 / (p_{r.} p_{.c}), \qquad
       V = \sqrt{\chi^2 / (n (\min(R, C) - 1))}

    With survey weights p are weighted shares and n is Kish's effective n, a first-order correction.

    Parameters
    ----------
    membership, values : Series
        Same index; respondents without either are not counted.
    weights : array or None
    minimum_n : int
        A cell of fewer respondents is NaN, and so are neighbours from which it could be worked out, as the shares of a
        segment add up to 1 and the whole of a column may be known (see `shown_cells`). Values with a hidden cell are
        one value in the test, which thus says nothing about them that the shown cells do not.

    Returns
    -------
    table : DataFrame
        Index (value, segment), columns n and share.
    test : dict
        values, n, chi2, df, p, cramers_v, smallest_expected.

    Examples
    --------
    >>> segment, stay = pd.Series(list("AAAAABBBBB")), pd.Series(list("xxxxyyyyyx"))
    >>> table, test = cross_table(segment, stay, None, 1)
    >>> table["share"].unstack().loc["x"].tolist(), round(test["chi2"], 2), round(test["cramers_v"], 2)
    ([0.8, 0.2], 3.6, 0.6)
    """
    w = np.ones(len(values)) if weights is None else weights
    there = membership.notna().to_numpy() & values.notna().to_numpy() & (w > 0)
    rows, segments = pd.factorize(membership[there], sort=True)
    columns, labels = pd.factorize(values[there], sort=True)
    shape = (len(segments), len(labels))
    flat = rows * shape[1] + columns
    counts = np.bincount(flat, minlength=shape[0] * shape[1]).reshape(shape)
    mass = np.bincount(flat, weights=w[there], minlength=shape[0] * shape[1]).reshape(shape)
    inside = mass / mass.sum(axis=1, keepdims=True)
    shown = shown_cells(counts, minimum_n)
    index = pd.MultiIndex.from_product([labels, segments], names=["value", "segment"])
    cells = {"n": np.where(shown, counts, np.nan).T.ravel(), "share": np.where(shown, inside, np.nan).T.ravel()}
    part = ~shown.all(axis=0)
    tested = np.column_stack([mass[:, ~part], mass[:, part].sum(axis=1)]) if part.any() else mass
    return pd.DataFrame(cells, index=index), _independence(tested, float(w[there].sum() ** 2 / (w[there] ** 2).sum()))


def _independence(mass: np.ndarray, n: float) -> dict[str, float]:
    """Pearson's chi-squared of a table of weighted counts, Cramér's V and the smallest expected count."""
    p = mass / mass.sum()
    expected = np.outer(p.sum(axis=1), p.sum(axis=0))
    smaller = min(mass.shape) - 1
    if smaller < 1:
        nothing = dict.fromkeys(("chi2", "df", "p", "cramers_v", "smallest_expected"), np.nan)
        return {"values": mass.shape[1], "n": n, **nothing}
    chi2 = n * float(((p - expected) ** 2 / expected).sum())
    df = (mass.shape[0] - 1) * (mass.shape[1] - 1)
    tested = {
        "chi2": chi2,
        "df": df,
        "p": float(special.chdtrc(df, chi2)),
        "cramers_v": float(np.sqrt(chi2 / n / smaller)),
    }
    return {"values": mass.shape[1], "n": n, **tested, "smallest_expected": float(n * expected.min())}


def demographic_tables(
    survey: Survey, membership: pd.Series, columns: Sequence[str], weights: np.ndarray | None, minimum_n: int
) -> tuple[pd.DataFrame, pd.DataFrame, list[tuple[Hashable, str, str]]]:
    """Every column against the segments: shares (column, value, segment), tests with Holm's p over the columns, and
    the cells that are not shown: segment, value and why.
    """
    tables, tests = {}, {}
    hidden: list[tuple[Hashable, str, str]] = []
    for name in columns:
        if name not in survey.respondents:
            there = ", ".join(map(str, survey.respondents.columns)) or "none"
            raise ValueError(f'no column "{name}" among the respondents; there are: {there}.')
        values = survey.respondents[name]
        tables[name], tests[name] = cross_table(membership, values, weights, minimum_n)
        for value, segment in tables[name].index[tables[name]["n"].isna()]:
            inside = ((membership == segment) & (values == value)).to_numpy(bool, na_value=False)
            n = int((inside & (True if weights is None else weights > 0)).sum())
            hidden.append((segment, f"{name}: {value}", f"fewer than {minimum_n}" if n < minimum_n else GIVES_AWAY))
    heads = ["values", "n", "chi2", "df", "p", "cramers_v", "smallest_expected"]
    tested = pd.DataFrame.from_dict(tests, orient="index", columns=heads).rename_axis(index="column")
    tested.insert(5, "p_holm", holm(tested["p"].to_numpy(float)))
    if not tables:
        nobody = pd.MultiIndex.from_arrays([[]] * 3, names=["column", "value", "segment"])
        return pd.DataFrame(index=nobody, columns=["n", "share"], dtype=float), tested, hidden
    return pd.concat(tables, names=["column"]), tested, hidden
