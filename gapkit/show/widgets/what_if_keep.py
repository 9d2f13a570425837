"""Scenarios kept under names, three a survey, side by side over all respondents."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

from ipywidgets import Box, Button, Text

from ...decide.scenario import apply
from ..markup import Markup, element, join
from ..plots.before_after_words import measures
from ..text import interval, number, plain, text
from .board import html
from .pieces import scroll_box
from .what_if_view import EVERYBODY, Case, Ground, View
from .what_if_words import shift_words

MOST = 3
LONGEST_NAME = 40


class Keep(Box):
    """A card: name and save a scenario; the scenarios kept in a table, each with a way back to it and a way out.

    Parameters
    ----------
    show, remove : function
        Called with a scenario's name when its button is pressed.
    """

    def __init__(self, *, show: Callable[[str], None], remove: Callable[[str], None]) -> None:
        self._actions = {"show": show, "remove": remove}
        self._cases: dict[str, dict[str, Case]] = {}
        self._data = ""
        self._drawn: tuple[Any, ...] = ()
        self.name, self.save = Text(), Button()
        self.head, self.said, self.compare = html("", "gk-card-head"), html(), html("", "gk-table")
        row, self.buttons = Box([self.name, self.save]), Box([])
        for box in (row, self.buttons):
            box.add_class("gk-row")
        super().__init__([self.head, row, self.said, self.compare, self.buttons])

    def cases(self, data: str) -> dict[str, Case]:
        """The scenarios kept for a survey, in the order in which they were saved."""
        return self._cases.setdefault(data, {})

    def forget(self, data: str) -> None:
        """Keep no scenario of a survey that is gone."""
        self._cases.pop(data, None)

    def save_as(self, asked: str, case: Case, language: str) -> str:
        """Keep a scenario of the survey drawn last, and say so; ValueError where there are three others already."""
        cases = self.cases(self._data)
        free = (text("what_if.default_name", language, number=place) for place in range(1, MOST + 2))
        name = plain(asked, LONGEST_NAME) or next(name for name in free if name not in cases)
        known = name in cases
        if not known and len(cases) >= MOST:
            raise ValueError(text("what_if.too_many", language, most=MOST, name=name))
        cases[name] = case
        return text("what_if.saved_anew" if known else "what_if.saved", language, name=name)

    def remove(self, name: str, language: str) -> str:
        """Keep a scenario no longer, and say so."""
        self.cases(self._data).pop(name, None)
        return text("what_if.removed", language, name=name)

    def draw(self, data: str, ground: Ground, outcome: str, language: str) -> None:
        """The card for a survey; made anew only where the scenarios, the outcome or the language changed."""
        self._data = data
        cases = self.cases(data)
        key = (data, outcome, language, tuple(cases.items()))
        if key == self._drawn:
            return
        table = compare_table(ground, cases, saved_views(ground, cases, outcome), language)
        self.name.description, self.save.description = text("what_if.name", language), text("what_if.save", language)
        self.head.value = element("h2", text("what_if.keep", language))
        self.compare.value, self.said.value, self._drawn = table, "", key
        before, self.buttons.children = self.buttons.children, tuple(self._buttons(cases, language))
        for button in before:
            button.close()

    def _buttons(self, cases: Mapping[str, Case], language: str) -> list[Button]:
        """Two buttons a scenario."""
        made = []
        for name in cases:
            for words, action in self._actions.items():
                button = Button(description=text(f"what_if.{words}", language, name=name))
                button.on_click(partial(_called_with, action, name))
                made.append(button)
        return made


def _called_with(action: Callable[[str], None], name: str, _: Button) -> None:
    """What a button does when pressed."""
    action(name)


def saved_views(ground: Ground, cases: Mapping[str, Case], outcome: str) -> dict[str, View]:
    """The scenarios kept as they stand for an outcome."""
    return {name: ground.view(case._replace(outcome=outcome)) for name, case in cases.items()}


def compare_table(ground: Ground, cases: Mapping[str, Case], views: Mapping[str, View], language: str) -> Markup:
    """One row a scenario: what moves, the overall gap of all respondents, what goes with it.

    Parameters
    ----------
    ground : Ground
    cases : mapping
        As saved.
    views : mapping
        The same names: their views for the outcome chosen.
    """
    if not views:
        return element("p", text("what_if.compare_none", language, most=MOST), class_="gk-note")
    everybody = ground.part(EVERYBODY)
    column, score = ("gap", "what_if.gap") if everybody.gaps.expected else ("P", "what_if.perception")
    outlook = next(iter(views.values())).outlook
    heads = [text(score, language)] + ([way.name for way in measures(outlook, language)] if outlook else [])
    first = element("th", text("what_if.scenario", language), scope="col", class_="gk-name")
    head = element("tr", first, *(element("th", name, scope="col") for name in heads))
    rows = []
    for name, view in views.items():
        overall = dict(everybody.gaps.of(apply(everybody.survey, view.case.scenario)).loc["overall"])
        ends = interval(overall["low"], overall["high"]) if column == "gap" else ""
        cells = [_cell(number(overall[column]), ends), *_outlook_cells(view, language)]
        shifts = element("p", shift_words(cases[name], ground.survey.instrument, language), class_="gk-note")
        named = element("th", element("b", plain(name)), shifts, scope="row", class_="gk-name")
        rows.append(element("tr", named, *cells, data_scenario=plain(name)))
    caption = text("what_if.compare_caption", language, level=f"{100 * everybody.gaps.confidence:g}")
    table = element("table", element("thead", head), element("tbody", join(rows)), aria_label=caption)
    return scroll_box(table, caption)


def _outlook_cells(view: View, language: str) -> list[Markup]:
    """The change of every target with its interval."""
    if view.outlook is None:
        return []
    cells = []
    for way, row in zip(measures(view.outlook, language), view.outlook.change.to_dict("records"), strict=True):
        ends = interval(way.factor * row["low"], way.factor * row["high"], way.digits)
        cells.append(_cell(number(way.factor * row["change"], way.digits, signed=True), ends))
    return cells


def _cell(value: str, ends: str) -> Markup:
    """A number with its interval."""
    return element("td", element("b", value), " ", element("span", ends, class_="gk-ends"))
