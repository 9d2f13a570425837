"""The surveys of one study and their five gaps: customers, and whoever was asked inside the firm."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from typing import Any

import pandas as pd

from ...measure.antecedents import Antecedents, antecedents
from ...measure.chain import FiveGaps, five_gaps
from ...survey.survey import Survey
from .gap_view import group_columns

ROLES = ("managers", "standards", "staff", "promises")
CAUSES = "causes"
"""Who was asked about causes of the gaps, by a questionnaire of its own; no gap is measured from it."""
DOCUMENTS = ("standards", "promises")
"""Audits: nobody to protect."""
NEEDED = {
    "gap_1": ("managers",),
    "gap_2": ("managers", "standards"),
    "gap_3": ("standards", "staff"),
    "gap_4": ("promises", "staff"),
}
"""Whose answers a gap inside the firm is the difference of, the customers' apart."""
MINIMUM_N = 5
TOGETHER = ""
"""No column of branches: everybody together."""


class Study:
    """The surveys of one study, and their five gaps, computed on first use.

    Parameters
    ----------
    surveys : mapping
        "customers", and of "managers", "standards", "staff", "promises" those there are; "causes" holds the answers
        to the instrument "antecedents".
    by : str
        The column of the branch, in every survey; `TOGETHER` where there are no branches.
    """

    def __init__(self, surveys: Mapping[str, Survey], by: str) -> None:
        self.surveys, self.by = dict(surveys), by

    @property
    def customers(self) -> Survey:
        """The customers' survey."""
        return self.surveys["customers"]

    @cached_property
    def roles(self) -> dict[str, Any]:
        """The surveys inside the firm."""
        return {role: self.surveys[role] for role in ROLES if role in self.surveys}

    @property
    def unmeasured(self) -> dict[str, list[str]]:
        """Gap -> whose answers it lacks."""
        lacking = {gap: [role for role in needed if role not in self.roles] for gap, needed in NEEDED.items()}
        return {gap: roles for gap, roles in lacking.items() if roles}

    @property
    def columns(self) -> list[str]:
        """The columns that could hold the branch: groups of customers, in every survey that a gap is measured from."""
        everyone = [self.customers, *self.roles.values()]
        return [name for name in group_columns(self.customers) if all(name in each.respondents for each in everyone)]

    @cached_property
    def whole(self) -> FiveGaps:
        """All branches together, less those who are too few to be shown: else subtraction would give them away."""
        if not self.by:
            return self.grouped
        few = self.grouped.suppressed
        hidden = {
            role: few.loc[few["what"].str.startswith(role), "group"].unique() for role in ("customers", *self.roles)
        }
        shown = {role: self._without(role, list(branches)) for role, branches in hidden.items()}
        return five_gaps(shown.pop("customers"), **shown)

    def _without(self, role: str, branches: list[Any]) -> Any:
        """One survey without the respondents of some branches."""
        survey = self.surveys[role]
        return survey if role in DOCUMENTS else self._shown(survey, survey.respondents[self.by].isin(branches))

    def _shown(self, survey: Survey, hidden: pd.Series) -> Survey:
        """A survey without those of hidden branches, and without those of none where they are few."""
        nowhere = survey.respondents[self.by].isna()
        hidden = hidden | nowhere if nowhere.sum() < MINIMUM_N else hidden
        return survey.without(hidden, why=f"fewer than {MINIMUM_N} in {self.by}") if hidden.any() else survey

    @cached_property
    def grouped(self) -> FiveGaps:
        """Branch by branch; everybody together where there are none."""
        return five_gaps(self.customers, **self.roles, by=self.by or None, minimum_n=MINIMUM_N)

    @cached_property
    def causes(self) -> tuple[Antecedents | None, Antecedents | None]:
        """What people say about causes: by branch, where their file has that column, and all together.

        Branches of few are in neither, else subtraction would give them away; nor is a file of few.
        """
        asked = self.surveys.get(CAUSES)
        if asked is None:
            return None, None
        by_branch = None
        if not self.by or self.by in asked.respondents:
            by_branch = antecedents(asked, five=self.grouped, minimum_n=MINIMUM_N)
        if self.by and by_branch is not None and by_branch.suppressed is not None:
            few = by_branch.suppressed
            scores = few["what"].isin(["all", *asked.instrument.dimension_ids])
            hidden = asked.respondents[self.by].isin(few.loc[scores, "group"])
            asked = self._shown(asked, hidden)
        if asked.n < MINIMUM_N:
            return None, None
        return by_branch, antecedents(asked)


def bundled_roles() -> dict[str, Survey]:
    """What the simulated hotels' managers, staff and documents say, and what causes they see."""
    from ...survey import datasets
    from ...survey.hotel_causes import causes

    return {**{role: datasets.load(f"hotel_{role}") for role in ROLES}, CAUSES: causes()}
