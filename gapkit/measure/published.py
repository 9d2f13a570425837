"""Do the numbers of a printed gap table fit each other, given that they were rounded?"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from scipy import special

from gapkit.measure.ranges import SLACK, Range, printed
from gapkit.survey.phrase import phrase, sentences
from gapkit.survey.result import Result

ALIKE = (("E", "P", "gap", "ci_low", "ci_high"), ("sd_E", "sd_P", "sd_gap"), ("t",), ("n",))
"""Columns that a table prints with one number of decimals."""
KNOWN = tuple(name for group in ALIKE for name in group)


@dataclass(frozen=True, eq=False, repr=False, kw_only=True)
class PublishedCheck(Result):
    """Which entries of a printed table contradict each other, and what the table does not print.

    Parameters
    ----------
    rows : DataFrame, one row per row of the table
        `consistent`; `sd_gap`, the standard deviation of the gap as the row implies it; `r_from_sd`, `r_from_ci`,
        `r_from_t`: the correlation of expectation and perception recovered through the printed sd of the gap, the
        interval, or t.
    contradictions : DataFrame, one row per contradiction
        `row`; `entries` that do not fit; `printed`; `possible`, what the other entries allow; `sentence`.
    """

    rows: pd.DataFrame
    contradictions: pd.DataFrame

    @property
    def headline(self) -> str:
        """How many rows contradict themselves, and which."""
        bad = self.rows.index[~self.rows["consistent"]].astype(str)
        if not len(bad):
            return f"all {len(self.rows)} rows agree with themselves within rounding"
        return f"{len(bad)} of {len(self.rows)} rows contradict themselves: {', '.join(bad)}"


def published_check(
    table: pd.DataFrame,
    *,
    n: float | None = None,
    decimals: int | Mapping[str, int] | None = None,
    confidence: float = 0.95,
    source: str = "printed table",
) -> PublishedCheck:
    """Check a printed table of gaps for entries that cannot belong together.

    Every printed number stands for the range that rounds to it. Entries contradict each other when no numbers in their
    ranges fit the formula that ties them: gap = P - E; the interval is centred on the gap; t is the gap through its
    standard error, which the interval's width or the sd of the gap gives; and the sd of the gap lies between the
    difference and the sum of the sds of E and P.

    Parameters
    ----------
    table : DataFrame, one row per item or dimension
        Any of the columns ``E``, ``P`` (means), ``sd_E``, ``sd_P``, ``sd_gap``, ``n``, ``gap``, ``ci_low``,
        ``ci_high``, ``t``. Empty cells are left out of the checks.
    n : float, optional
        Respondents, where the table has no such column.
    decimals : int or mapping of columns to int, optional
        Places printed. Where not given, those of the entry with the most places among all means, gaps and intervals,
        among all standard deviations, and among all t.
    confidence : float
        Of the printed intervals.
    source : str
        Where the table was printed.

    Returns
    -------
    PublishedCheck
        A contradiction says that something was misprinted or computed in another way, not which entry is wrong.
        Gaps taken before rounding differ from P - E by up to one and a half units of the last place and pass.

    Raises
    ------
    ValueError
        The table has none of the columns.

    Examples
    --------
    >>> row = {"E": 4.50, "P": 4.32, "gap": -0.18, "ci_low": -0.23, "ci_high": -0.13, "t": -4.87}
    >>> table = pd.DataFrame(row, index=["assurance"])
    >>> print(published_check(table, n=386).contradictions["sentence"].iloc[0])
    assurance: t is printed as -4.87, but gap and interval give 6.256 to 8.083 in size.
    """
    known = [name for name in KNOWN if name in table.columns]
    if not {"E", "P", "gap", "sd_E", "sd_P", "t"} & set(known):
        raise ValueError(
            f"There is nothing to check: the table has the columns {', '.join(map(str, table.columns))}, "
            f"and the names looked for are {', '.join(KNOWN)}. Rename them."
        )
    values = table[known].astype(float)
    places = _places(values, decimals)
    if n is not None:
        values["n"] = values["n"].fillna(n) if "n" in values else float(n)
    found: list[dict[str, Any]] = []
    rows = []
    for label, row in values.iterrows():
        entries = {name: printed(row[name], places[name]) for name in known if name != "n" and not np.isnan(row[name])}
        respondents = float(row.get("n", np.nan))
        before = len(found)
        found += _row_contradictions(label, row, entries, respondents, confidence)
        rows.append({"consistent": len(found) == before} | _recovered(row, respondents, confidence))
    _point_out_repeats(found, values)
    ignored = [str(name) for name in table.columns if name not in KNOWN]
    rounding = ", ".join(f"{name} {count}" for name, count in places.items() if name != "n")
    return PublishedCheck(
        n=int(values["n"].max()) if "n" in values and values["n"].notna().any() else 0,
        source=source,
        method=sentences(
            phrase(
                "Interval arithmetic on the printed entries, decimals: {decimals}; intervals at {confidence:.0%}.",
                decimals=rounding,
                confidence=confidence,
            ),
            phrase("Columns not used: {columns}.", columns=", ".join(ignored)) if ignored else "",
        ),
        rows=pd.DataFrame(rows, index=table.index),
        contradictions=pd.DataFrame(found, columns=["row", "entries", "printed", "possible", "sentence"]),
    )


def _places(values: pd.DataFrame, decimals: int | Mapping[str, int] | None) -> dict[str, int]:
    """Decimals every column was printed with."""
    places: dict[str, int] = {}
    for group in ALIKE:
        here = [name for name in group if name in values]
        entries = values[here].to_numpy().ravel()
        texts = [np.format_float_positional(entry, trim="-") for entry in entries[np.isfinite(entries)]]
        seen = max((len(text.partition(".")[2]) for text in texts), default=0)
        places |= {name: decimals if isinstance(decimals, int) else (decimals or {}).get(name, seen) for name in here}
    return places


def _quantile(n: float, confidence: float) -> float:
    """The factor between standard error and half width; the normal one where n is not known."""
    tail = (1 + confidence) / 2
    return float(special.ndtri(tail) if np.isnan(n) else special.stdtrit(n - 1, tail))


def _row_contradictions(
    label: Any, row: pd.Series, entries: dict[str, Range], n: float, confidence: float
) -> list[dict[str, Any]]:
    """Every contradiction of one row."""
    found = []

    def note(names: str, stated: float, possible: Range, why: str) -> None:
        """Keep one contradiction."""
        size = " in size" if names.startswith("t") else ""
        sentence = f"{label}: {names.split(',')[0]} is printed as {stated:g}, but {why} {possible}{size}."
        found.append(
            {"row": label, "entries": names, "printed": stated, "possible": str(possible), "sentence": sentence}
        )

    has = entries.keys()
    if {"E", "P", "gap"} <= has:
        difference = entries["P"].minus(entries["E"])
        if not difference.meets(entries["gap"]):
            note("gap, E, P", row["gap"], difference, "P - E gives")
    half = None
    if {"ci_low", "ci_high"} <= has:
        half = entries["ci_high"].minus(entries["ci_low"]).times(0.5)
        middle = entries["ci_low"].plus(entries["ci_high"]).times(0.5)
        if half.high < 0:
            note("ci_high, ci_low", row["ci_high"], entries["ci_low"], "the lower end is")
            half = None
        elif "gap" in has and not middle.meets(entries["gap"]):
            note("gap, ci_low, ci_high", row["gap"], middle, "the middle of its interval is")
    errors = _standard_errors(entries, half, n, confidence)
    if {"t", "gap"} <= has:
        size = entries["t"].size()
        for names, words, error in errors:
            possible = entries["gap"].size().over(error)
            if not possible.meets(size):
                note(f"t, gap, {names}", row["t"], possible, f"gap and {words} give")
        signs = Range(-np.inf, 0) if entries["gap"].high < -SLACK else Range(0, np.inf)
        if not entries["gap"].low <= 0 <= entries["gap"].high and not signs.meets(entries["t"]):
            note("t, gap", row["t"], entries["t"].size(), "its sign is not that of the gap; it should be")
    if len(errors) == 2 and not errors[0][2].meets(errors[1][2]):
        note("sd_gap, ci_low, ci_high", row["sd_gap"], errors[0][2].times(np.sqrt(n)), "the interval's width gives")
    found += _impossible_spread(label, row, entries, errors, n)
    return found


def _standard_errors(
    entries: dict[str, Range], half: Range | None, n: float, confidence: float
) -> list[tuple[str, str, Range]]:
    """The standard error of the gap by each way the row offers."""
    ways = []
    if half is not None:
        width = Range(max(half.low, 0.0), half.high).times(1 / _quantile(n, confidence))
        ways.append(("ci_low, ci_high", "interval", width))
    if "sd_gap" in entries and not np.isnan(n):
        ways.append(("sd_gap, n", "its sd and n", entries["sd_gap"].times(1 / np.sqrt(n))))
    return ways


def _impossible_spread(
    label: Any, row: pd.Series, entries: dict[str, Range], errors: list[tuple[str, str, Range]], n: float
) -> list[dict[str, Any]]:
    """The sd of a difference outside what two sds allow: a correlation beyond -1 or 1."""
    if not {"sd_E", "sd_P"} <= entries.keys():
        return []
    allowed = Range(entries["sd_P"].minus(entries["sd_E"]).size().low, entries["sd_P"].plus(entries["sd_E"]).high)
    spreads = [(names, error.times(np.sqrt(n))) for names, _, error in errors if not np.isnan(n)]
    if {"t", "gap"} <= entries.keys() and not np.isnan(n):
        spreads.append(("t, gap, n", entries["gap"].size().times(np.sqrt(n)).over(entries["t"].size())))
    return [
        {
            "row": label,
            "entries": f"sd_E, sd_P, {names}",
            "printed": row.get("sd_gap", np.nan),
            "possible": str(allowed),
            "sentence": f"{label}: {names} imply an sd of the gap of {spread}, but sd_E and sd_P allow {allowed}.",
        }
        for names, spread in spreads
        if not spread.meets(allowed)
    ]


def _point_out_repeats(found: list[dict[str, Any]], values: pd.DataFrame) -> None:
    """Add to a contradiction the rows that print the same number: a line copied twice is a common misprint."""
    for one in found:
        column = one["entries"].split(",")[0]
        if column in values:
            same = [str(label) for label in values.index[values[column] == one["printed"]] if label != one["row"]]
            if same and column != "n":
                one["sentence"] += f" The same {column} stands in: {', '.join(same)}."


def _recovered(row: pd.Series, n: float, confidence: float) -> dict[str, float]:
    """The sd of the gap and the correlation of E and P that the printed numbers stand for."""
    root = np.sqrt(n)
    width = (row.get("ci_high", np.nan) - row.get("ci_low", np.nan)) / 2
    with np.errstate(divide="ignore", invalid="ignore"):
        ways = {
            "r_from_sd": row.get("sd_gap", np.nan),
            "r_from_ci": width / _quantile(n, confidence) * root,
            "r_from_t": abs(row.get("gap", np.nan) / row.get("t", np.nan)) * root,
        }
        e, p = row.get("sd_E", np.nan), row.get("sd_P", np.nan)
        recovered = {name: (e**2 + p**2 - sd**2) / (2 * e * p) for name, sd in ways.items()}
    known = [sd for sd in ways.values() if np.isfinite(sd)]
    return {"sd_gap": known[0] if known else np.nan, **recovered}
