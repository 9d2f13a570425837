"""The surveys of one study and their five gaps: customers, and whoever was asked inside the firm."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from typing import Any

from ...measure.antecedents import Antecedents, antecedents
from ...measure.chain import FiveGaps, five_gaps
from ...survey.survey import Survey
from .gap_view import group_columns

ROLES = ("managers", "standards", "staff", "promises")
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
        """The columns that could hold the branch: groups of customers, in every survey."""
        everyone = self.surveys.values()
        return [name for name in group_columns(self.customers) if all(name in each.respondents for each in everyone)]

    @cached_property
    def whole(self) -> FiveGaps:
        """All branches together, less those who are too few to be shown: else subtraction would give them away."""
        few = self.grouped.suppressed
        hidden = {
            role: few.loc[few["what"].str.startswith(role), "group"].unique() for role in ("customers", *self.roles)
        }
        shown = {role: self._without(role, list(branches)) for role, branches in hidden.items()}
        return five_gaps(shown.pop("customers"), **shown) if self.by else self.grouped

    def _without(self, role: str, branches: list[Any]) -> Any:
        """One survey without the respondents of some branches."""
        survey = self.surveys[role]
        if not branches:
            return survey
        return survey.without(survey.respondents[self.by].isin(branches), why=f"fewer than {MINIMUM_N} in {self.by}")

    @cached_property
    def grouped(self) -> FiveGaps:
        """Branch by branch; everybody together where there are none."""
        return five_gaps(self.customers, **self.roles, by=self.by or None, minimum_n=MINIMUM_N)

    @cached_property
    def causes(self) -> tuple[Antecedents | None, Antecedents | None]:
        """What people say about causes: by branch, and all together."""
        asked = self.surveys.get("causes")
        if asked is None:
            return None, None
        return antecedents(asked, five=self.grouped, minimum_n=MINIMUM_N), antecedents(asked)


def bundled_roles() -> dict[str, Survey]:
    """What the simulated hotels' managers, staff and documents say, and what causes they see."""
    from ...survey import datasets
    from ...survey.hotel_causes import causes

    return {**{role: datasets.load(f"hotel_{role}") for role in ROLES}, "causes": causes()}
