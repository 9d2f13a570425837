"""What the figures of priorities and plans show, in words computed from their numbers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import pandas as pd

from ..text import count, number, percent, plain, text
from .plan_figures import with_budget
from .priority_map import CORNERS

if TYPE_CHECKING:
    from ...decide.plan import Plan
    from ...explain.quadrants import Quadrants


def quadrant_name(quadrant: str, language: str) -> str:
    """A quadrant's name for readers.

    Examples
    --------
    >>> quadrant_name("keep it up", "en")
    'Keep it up'
    """
    return text(f"priority_map.{quadrant.replace(' ', '_')}", language)


def describe_map(
    found: Quadrants,
    *,
    rule: str = "grand means",
    labels: Mapping[str, str] | None = None,
    language: str = "en",
    source: str = "",
) -> str:
    """The text alternative of `priority_map`: the cuts, each quadrant with what lies in it, and what changes.

    Parameters
    ----------
    found : Quadrants
    rule, labels, language, source
        As the figure was drawn with.

    Examples
    --------
    >>> import gapkit as gk
    >>> print(describe_map(gk.quadrants(gk.datasets.load("hotel"), level="dimensions", draws=50), rule="midpoints"))
    Cut at importance 20.00 and performance 4.00 (Midpoints).
    Keep it up: reliability (importance 31.53, performance 5.53), responsiveness (importance 21.62, performance 5.25).
    Possible overkill: tangibles (importance 13.90, performance 5.13), assurance (importance 18.14, performance 5.43),
    empathy (importance 14.81, performance 5.04).
    The quadrant depends on the cut rule for: tangibles, responsiveness, assurance, empathy.
    """
    own = {id: plain((labels or {}).get(str(id), id)) for id in found.positions.index}
    comma = text("priority_map.between", language)
    cut = {name: number(float(found.cuts.loc[rule, name])) for name in ("importance", "performance")}  # type: ignore[arg-type]
    sentences = [
        text("priority_map.say_cut", language, rule=text(f"priority_map.{rule.replace(' ', '_')}", language), **cut)
    ]
    for quadrant in CORNERS:
        here = found.positions[found.quadrants[rule] == quadrant]
        names = [
            text("priority_map.say_row", language, name=own[id], importance=number(x), performance=number(y))
            for id, x, y in zip(here.index, here["importance"], here["performance"], strict=True)
        ]
        if names:
            said = {"quadrant": quadrant_name(quadrant, language), "names": comma.join(names)}
            sentences.append(text("priority_map.say_quadrant", language, **said))
    changed = comma.join(own[id] for id in found.changed.index)
    sentences.append(text(f"priority_map.say_{'changes' if changed else 'same'}", language, names=changed))
    return _joined(sentences, source, language)


def describe_robustness(
    table: pd.DataFrame, *, labels: Mapping[str, str] | None = None, language: str = "en", source: str = ""
) -> str:
    """The text alternative of `priority_robustness`: each row, the most robust first.

    Parameters
    ----------
    table : DataFrame
    labels, language, source
        As the figure was drawn with.

    Examples
    --------
    >>> shares = {"first": [1.0], "top_three": [1.0], "best": [1], "worst": [1]}
    >>> describe_robustness(pd.DataFrame(shares, index=["reliability"]))
    'reliability: in the top three in 100% of the choices, first in 100%, ranks 1 to 1.'
    """
    ordered = table.sort_values(["top_three", "first"], ascending=False, kind="stable")
    sentences = []
    for id, row in zip(ordered.index, ordered.to_dict("records"), strict=True):
        values = {"share": percent(row["top_three"]), "first": percent(row["first"])}
        ranks = {"best": f"{row['best']:g}", "worst": f"{row['worst']:g}"}
        name = plain((labels or {}).get(str(id), id))
        sentences.append(text("robustness.say_row", language, name=name, **values, **ranks))
    return _joined(sentences, source, language)


def describe_frontier(found: Plan, *, language: str = "en", source: str = "") -> str:
    """The text alternative of `plan_frontier`: the chosen plan's gain, then the gain of every budget.

    Parameters
    ----------
    found : Plan
    language, source
        As the figure was drawn with.

    Examples
    --------
    >>> import gapkit as gk
    >>> options = [gk.Candidate("train", 40, {"reliability": 0.5})]
    >>> best = gk.plan(gk.datasets.load("hotel"), options, budget=50, budgets=[0], draws=2)
    >>> print(describe_frontier(best).partition(" gains ")[0])
    At the budget of 50 the recommended plan
    """
    rows = with_budget(found)
    sentences: list[str] = []
    for budget, row in zip(rows.index.tolist(), rows.to_dict("records"), strict=True):
        values = {name: number(row[name], 3) for name in ("gain", "low", "high")}
        key = "say_chosen" if budget == found.budget else "say_frontier_row"
        said = text(f"plan_figure.{key}", language, budget=count(budget), **values)
        sentences.insert(0 if budget == found.budget else len(sentences), said)
    return _joined(sentences, source, language)


def describe_probabilities(
    actions: pd.DataFrame, *, labels: Mapping[str, str] | None = None, language: str = "en", source: str = ""
) -> str:
    """The text alternative of `plan_probabilities`: each action, the most probable first.

    Parameters
    ----------
    actions : DataFrame
    labels, language, source
        As the figure was drawn with.

    Examples
    --------
    >>> describe_probabilities(pd.DataFrame({"best_in": [0.9], "chosen": [True]}, index=["hire"]))
    'hire: recommended, in the best plan in 90% of the draws.'
    """
    ordered = actions.sort_values("best_in", ascending=False, kind="stable")
    sentences = []
    for id, row in zip(ordered.index, ordered.to_dict("records"), strict=True):
        key = "say_recommended" if row["chosen"] else "say_other"
        values = {"name": plain((labels or {}).get(str(id), id), 90), "share": percent(row["best_in"])}
        sentences.append(text(f"plan_figure.{key}", language, **values))
    return _joined(sentences, source, language)


def _joined(sentences: Sequence[str], source: str, language: str) -> str:
    """Sentences and the source line as one text."""
    stop = text("describe.stop", language)
    return text("describe.between", language).join([*sentences, f"{plain(source, 300)}{stop}"] if source else sentences)
