"""The priorities board's words and numbers about money: tiles, what is assumed, the table of actions."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from ...decide.actions import Action
from ...decide.costed import WIDENING, CostedActions
from ...decide.plan import Plan
from ..markup import Markup, element, join
from ..text import NOTHING, count, interval, number, percent, plain, text
from .pieces import Tile, scroll_box


def unit_words(outcome: str | None, weighted: bool, language: str) -> str:
    """What the gain is counted in: an outcome, or the mean perception, with importance where points were split."""
    if outcome is None:
        return text("priorities.unit_mean" if weighted else "priorities.unit_alike", language)
    return text("priorities.unit_outcome", language, outcome=plain(outcome))


def plan_tiles(found: Plan, costed: CostedActions, unit: str, language: str) -> list[Tile]:
    """What the recommended plan gains, on whose numbers, and how often it is the best one."""
    row: dict[Any, Any] = dict(found.comparison.loc["optimum"])
    said = {"interval": interval(row["low"], row["high"]), "unit": unit}
    invented = sum(id in costed.assumed for id in found.chosen)
    note = text("priorities.gain_note", language, cost=count(row["cost"]), **said)
    if invented:
        note = text("priorities.gain_assumed", language, note=note, assumed=invented, count=len(found.chosen))
    gain = Tile(text("priorities.gain", language), number(row["gain"], signed=True), note, "gain")
    waits = not np.isfinite(row["best"])
    note = text("priorities.drawing", language) if waits else text(
        "priorities.best_note", language, regret=number(row["regret"], 3)
    )  # fmt: skip
    return [gain, Tile(text("priorities.best", language), percent(row["best"]), note, "best")]


def assumed_note(costed: CostedActions, language: str) -> Markup:
    """How many numbers nobody gave; said before anything that is made of them."""
    assumed = len(costed.assumed)
    counts = {"assumed": assumed, "count": len(costed.candidates)}
    parts = [text("priorities.assumed" if assumed else "priorities.all_given", language, **counts)]
    factors = {key: f"{WIDENING[grade]:g}" for key, grade in zip(("a", "b", "c"), WIDENING, strict=True)}
    parts.append(text("priorities.widened", language, **factors))
    if costed.left_out:
        parts.append(text("priorities.left_out", language, count=len(costed.left_out)))
    said = text("describe.between", language).join(parts)
    return element("p", said, class_="gk-assumed" if assumed else "gk-note")


def numbers_words(row: Mapping[Any, Any], language: str) -> str:
    """Whose numbers an action stands on."""
    by_whom = {row["cost_from"], row["effect_from"], row["sd_from"]}
    key = "mixed" if len(by_whom) > 1 else by_whom.pop()
    return text(f"priorities.numbers_{key}", language)


def action_table(
    found: Plan, costed: CostedActions, actions: Mapping[str, Action], rules: Mapping[str, str], language: str
) -> Markup:
    """Every action: whether it is recommended, how often it is in the best plan, its numbers and whose they are."""
    heads = ["action", "chosen", "best_in", "lost", "cost", "effect", "months", "numbers"]
    head = [
        element(
            "th", text(f"priorities.head_{key}", language), scope="col", class_="gk-name" if key == "action" else None
        )
        for key in heads
    ]
    ordered = found.actions.assign(loss=found.actions["lost"].fillna(-1.0)).sort_values(
        ["chosen", "best_in", "loss"], ascending=False, kind="stable"
    )
    numbers: dict[Any, dict[Any, Any]] = costed.table.to_dict("index")
    rows = [
        _row(str(id), row, numbers[id], actions[str(id)], rules.get(str(id), ""), language)
        for id, row in zip(ordered.index, ordered.to_dict("records"), strict=True)
    ]
    caption = text("priorities.actions_caption", language)
    return scroll_box(element("table", element("thead", element("tr", *head)), element("tbody", join(rows))), caption)


def _row(id: str, row: Mapping[Any, Any], given: Mapping[Any, Any], action: Action, rule: str, language: str) -> Markup:
    """One action."""
    chosen = bool(row["chosen"])
    grade = text(f"five_gaps.evidence_{given['evidence'].split()[0]}", language)
    ruled = f" · {text(f'priorities.rule_{rule}', language)}" if rule else ""
    what = element("b" if chosen else "span", action.text(language))
    effect = text(
        "priorities.effect_value",
        language,
        effect=number(given["effect"], 3, signed=True),
        sd=number(given["sd"], 3),
        count=int(given["dimensions"]),
    )
    cells = [
        element("th", what, element("p", grade, ruled, class_="gk-note"), scope="row", class_="gk-name"),
        element("td", text("priorities.yes" if chosen else "priorities.no", language)),
        element("td", percent(row["best_in"])),
        element("td", number(row["lost"], 3) if chosen else NOTHING),
        element("td", count(row["cost"])),
        element("td", effect),
        element("td", f"{row['ready']:g}"),
        element("td", numbers_words(given, language)),
    ]
    return element("tr", *cells, data_action=id, data_chosen="yes" if chosen else "no")


def status_words(found: Plan, unit: str, language: str) -> str:
    """The plan in one sentence, for screen readers."""
    row: dict[Any, Any] = dict(found.comparison.loc["optimum"])
    values = {"budget": count(found.budget), "count": len(found.chosen), "cost": count(row["cost"])}
    gain = number(row["gain"], 3, signed=True)
    return text("priorities.status_plan", language, gain=gain, unit=unit, **values)
