"""Groups of respondents: who is in which, and which groups are too small to be shown."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import pandas as pd

from ..survey.phrase import phrase, sentences
from ..survey.survey import Survey
from .disclosure import withheld_entries, withheld_groups
from .levels import INDEX_NAMES, Levels
from .means import holm, welch_anova

Numbers = dict[str, np.ndarray]
GIVES_AWAY = "would give away a smaller group"


class Group(NamedTuple):
    """A group's numbers, one entry per column of `Levels`, and which of them rest on too few respondents."""

    numbers: Numbers
    hidden: np.ndarray


@dataclass(frozen=True)
class Grouped:
    """Numbers per shown group (one entry, None, for the whole survey), and what is not shown or belongs to no group."""

    by: str | None
    minimum_n: int
    groups: Mapping[Hashable, Group]
    n: int
    suppressed: pd.DataFrame
    ungrouped: int
    columns: list[str]
    alongside: Sequence[str] | None = None

    @property
    def sentence(self) -> str:
        """What `by` did, for a method sentence; nothing without groups."""
        if self.by is None:
            return ""
        shown = phrase(
            "Groups by {by}; anything that rests on fewer than {fewest} respondents is not shown (listed in "
            "suppressed).",
            by=self.by,
            fewest=self.minimum_n,
        )
        nowhere = phrase("Respondents without a {by}, in no group: {count}.", by=self.by, count=self.ungrouped)
        return sentences(shown, nowhere if self.ungrouped else "", self._beside)

    @property
    def _beside(self) -> str:
        """What else was taken to be published."""
        if self.alongside is None:
            return ""
        others = [column for column in self.alongside if column != self.by]
        if not others:
            return phrase("Nor is what would give away fewer by subtraction, the whole survey being known.")
        return phrase(
            "Nor is what would give away fewer by subtraction, the whole survey and groups by {columns} being known.",
            columns=", ".join(others),
        )


def grouped(
    survey: Survey,
    numbers: Callable[[np.ndarray], Numbers],
    levels: Levels,
    *,
    by: str | None,
    minimum_n: int,
    counted: np.ndarray,
    scores: np.ndarray,
    alongside: Sequence[str] | None = None,
) -> Grouped:
    """Numbers for the whole survey, or for each value of a respondents column.

    Parameters
    ----------
    numbers : function
        From a boolean array of respondents to arrays with one entry per column of `levels`, among them "n".
    counted : boolean array
        Respondents with anything to count; only they make a group large enough.
    scores : array, respondents x columns of `levels`
        What is averaged; NaN = this respondent does not count there.
    alongside : sequence of str or None
        None: these groups alone are shown. Otherwise the whole survey is shown too, and the groups by these columns, so
        that what would give away a smaller group by subtraction is withheld, whole groups (see `withheld_groups`) and
        single entries of the others (see `withheld_entries`).
    """
    if minimum_n < 1:
        raise ValueError(f"minimum_n must be at least 1, not {minimum_n}.")
    if by is None:
        all_shown = np.zeros(levels.width, dtype=bool)
        whole = Group(numbers(counted), all_shown)
        return Grouped(None, minimum_n, {None: whole}, int(counted.sum()), _suppressed([]), 0, list(whole.numbers))
    if by not in survey.respondents:
        there = ", ".join(map(str, survey.respondents.columns)) or "none"
        raise ValueError(
            phrase('no column "{by}" among the respondents to group by; there are: {columns}.', by=by, columns=there)
        )
    codes, labels = pd.factorize(survey.respondents[by], sort=True)
    reason = f"fewer than {minimum_n}"
    withheld: list[Hashable] = []
    entries: dict[Hashable, np.ndarray] = {}
    if alongside is not None:
        columns = list(dict.fromkeys([by, *alongside]))
        withheld = withheld_groups(survey.respondents, columns, minimum_n=minimum_n, counted=counted)[by]
        answered = np.isfinite(scores) & counted[:, None]
        entries = withheld_entries(survey.respondents, columns, answered, of=by, minimum_n=minimum_n)
    shown: dict[Hashable, Group] = {}
    hidden: list[tuple[Hashable, str, str]] = []
    partners: list[tuple[int, Hashable]] = []
    n = 0
    names = [id for ids in levels.ids.values() for id in ids]
    for code, label in enumerate(labels):
        rows = counted & (codes == code)
        if rows.sum() < minimum_n:
            hidden.append((label, "all", reason))
            continue
        if label in withheld:
            hidden.append((label, "all", GIVES_AWAY))
            continue
        own = numbers(rows)
        small = own["n"] < minimum_n
        if survey.allocations is None:
            small[levels.columns("weighted")] = False  # nobody was asked: an empty row, nothing to protect
        hidden += [(label, names[j], reason) for j in np.flatnonzero(small)]
        more = entries[label] & (own["n"] >= minimum_n) if entries else np.zeros_like(small)
        partners += [(int(j), label) for j in np.flatnonzero(more)]
        shown[label] = Group(own, small | more)
        n += int(rows.sum())
    hidden += [(label, names[j], GIVES_AWAY) for j, label in sorted(partners, key=lambda entry: entry[0])]
    ungrouped = int((counted & (codes < 0)).sum())
    own_columns = list(next(iter(shown.values())).numbers if shown else numbers(np.zeros_like(counted)))
    return Grouped(by, minimum_n, shown, n, _suppressed(hidden), ungrouped, own_columns, alongside)


def level_tables(grouped: Grouped, levels: Levels) -> dict[str, pd.DataFrame]:
    """Each level's table: a row per id, or per group and id without the cells that are hidden."""
    every = [id for ids in levels.ids.values() for id in ids]
    whole = {label: pd.DataFrame(group.numbers, index=every) for label, group in grouped.groups.items()}
    tables = {}
    for level, name in INDEX_NAMES.items():
        part = levels.columns(level)
        if grouped.by is None:
            tables[level] = whole[None].iloc[part].rename_axis(index=name)
        elif not whole:
            nobody = pd.MultiIndex.from_arrays([[], []], names=[grouped.by, name])
            tables[level] = pd.DataFrame(index=nobody, columns=grouped.columns, dtype=float)
        else:
            shown = {label: whole[label].iloc[part][~group.hidden[part]] for label, group in grouped.groups.items()}
            tables[level] = pd.concat(shown, names=[grouped.by, name])
    return tables


def group_tests(grouped: Grouped, levels: Levels, *, of: str) -> pd.DataFrame:
    """Welch's test between the shown groups, for each dimension and the overall scores.

    Parameters
    ----------
    of : str
        The mean that is compared; its standard error stands in "se".

    Returns
    -------
    DataFrame
        groups, F, df1, df2, p, p_holm. The Holm family is the dimensions; an overall score is a family of its own.
    """
    rows = {}
    for level in ("dimensions", "overall", "weighted"):
        for j, id in zip(range(*levels.columns(level).indices(levels.width)), levels.ids[level], strict=True):
            shown = [group.numbers for group in grouped.groups.values() if not group.hidden[j]]
            cells = [numbers for numbers in shown if numbers["n"][j] > 0]
            mean, se, n = (np.array([own[name][j] for own in cells]) for name in (of, "se", "n"))
            rows[id] = (len(cells), *welch_anova(mean, se, n))
    tests = pd.DataFrame.from_dict(rows, orient="index", columns=["groups", "F", "df1", "df2", "p"])
    tests["p_holm"] = tests["p"]
    of_dimensions = list(levels.dimensions)
    tests.loc[of_dimensions, "p_holm"] = holm(tests.loc[of_dimensions, "p"].to_numpy())
    return tests.rename_axis(index="score")


def _suppressed(rows: list[tuple[Hashable, str, str]]) -> pd.DataFrame:
    """What is not shown: the group, what of it, and why; never how many."""
    return pd.DataFrame(rows, columns=["group", "what", "reason"])
