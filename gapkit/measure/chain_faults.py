"""Whose survey each position of the chain is read from, and what stops surveys from being set side by side."""

from __future__ import annotations

from collections.abc import Sequence

from ..survey.instrument import Scale
from ..survey.naming import battery_name
from ..survey.phrase import joined, phrase

SURVEYS = {"E": "customers", "M": "managers", "S": "standards", "D": "staff", "P": "customers", "C": "promises"}
MEANING = {
    "E": phrase("what customers expect"),
    "M": phrase("what managers believe customers expect"),
    "S": phrase("what the standards lay down"),
    "D": phrase("what contact staff deliver"),
    "P": phrase("what customers perceive"),
    "C": phrase("what is promised"),
}
ROLES = {
    "customers": phrase("customers"),
    "managers": phrase("managers"),
    "standards": phrase("standards"),
    "staff": phrase("staff"),
    "promises": phrase("promises"),
}


class ChainError(ValueError):
    """Surveys that cannot be set side by side; the message says which, why, and what to do."""


def no_groups(role: str, by: str, there: str) -> ChainError:
    """A role's survey does not say which group its respondents belong to."""
    return ChainError(
        phrase(
            '{role}: no column "{by}" among the respondents; there are: {columns}. Add it, or where it holds for '
            "every {by} alike, call five_gaps for one at a time: {call}.",
            role=ROLES[role],
            by=by,
            columns=there,
            call=f'five_gaps(customers.where({by}="..."), {role}=...)',
        )
    )


def no_battery(role: str, usual: str, there: Sequence[str]) -> ChainError:
    """A role's survey holds several batteries, and none under the usual name."""
    letter = next(letter for letter, name in SURVEYS.items() if name == role)
    return ChainError(
        phrase(
            "{role}: expected their answers as {battery} ({meaning}), found {found}. Load the survey with these "
            "columns as {battery}, or with one battery only.",
            role=ROLES[role],
            battery=battery_name(usual),
            meaning=MEANING[letter],
            found=joined(map(battery_name, there)),
        )
    )


def other_questions(role: str, other: str, asked: str, apart: Sequence[str]) -> ChainError:
    """A role was asked other items, or the same in other dimensions."""
    return ChainError(
        phrase(
            "{role}: asked with {other}, the customers with {asked}; they differ in {names}. Gaps need the same items "
            "in the same dimensions: load both with one instrument (unanswered items may be empty).",
            role=ROLES[role],
            other=other,
            asked=asked,
            names=", ".join(apart) or phrase("the items outside dimensions"),
        )
    )


def other_scale(role: str, scale: Scale, customers: Scale) -> ChainError:
    """A role answered on another scale, and nobody said that the two mean the same."""
    ends = ((scale.low, scale.high), (customers.low, customers.high))
    pairs = ", ".join(f"({low:g}, {high:g})" for low, high in ends)
    return ChainError(
        phrase(
            "{role}: answered on {scale}, the customers on {customers}. A difference between two scales is no gap. If "
            "they mean the same end to end, say so: {mapping}.",
            role=ROLES[role],
            scale=scale,
            customers=customers,
            mapping=f"mapping={{{role!r}: ({pairs})}}",
        )
    )


def nothing_in_common(dimension: str, roles: Sequence[str]) -> ChainError:
    """No item of a dimension was answered in every survey that answered it at all."""
    return ChainError(
        phrase(
            "{dimension}: no item of it was answered in all of {roles}; their means would rest on different questions.",
            dimension=dimension,
            roles=joined(ROLES[role] for role in roles),
        )
    )
