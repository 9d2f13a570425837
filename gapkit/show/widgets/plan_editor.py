"""The controls of a plan: the budget, and the numbers of one action at a time."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ipywidgets import BoundedFloatText, Box, Button, Dropdown, FloatText, IntSlider

from ..text import text
from .plan_desk import RULES, PlanDesk

DEAREST = 1e12
FIRST_SHARE = 0.3
"""The budget to begin with, as a share of what everything costs."""
FIELDS = ("cost", "effect", "sd")


class PlanEditor:
    """Budget slider and the fields of an action; what the reader writes goes to the desk.

    Parameters
    ----------
    changed : callable
        Called after the budget or a number was changed.

    Attributes
    ----------
    budget : IntSlider
    action, ruling : Dropdown
        Which action is edited; whether the plan decides about it, or it must or must not be done.
    cost, effect, sd : FloatText
        Its cost; the points it adds in each of its dimensions; their sd before the evidence widens it.
    reset : Button
        Back to the placeholders of this action.
    """

    def __init__(self, *, changed: Callable[[], None]) -> None:
        self._changed = changed
        self._desk: PlanDesk | None = None
        self._loading = False
        self.budget = IntSlider(min=0, max=1, value=0, readout_format=",d")
        self.action, self.ruling = Dropdown(options=[("", "")]), Dropdown(options=[("", rule) for rule in RULES])
        self.cost = BoundedFloatText(min=0, max=DEAREST)
        self.effect = FloatText(step=0.01)
        self.sd = BoundedFloatText(min=0, max=DEAREST, step=0.01)
        self.reset = Button()
        self.fields = Box([self.action, self.cost, self.effect, self.sd, self.ruling, self.reset])
        for box, name in ((self.fields, "gk-fields"), (self.budget, "gk-budget"), (self.reset, "gk-button")):
            box.add_class(name)
        self.budget.observe(self._told, "value")
        self.action.observe(self._picked, "value")
        for field in (self.cost, self.effect, self.sd, self.ruling):
            field.observe(self._given, "value")
        self.reset.on_click(self._forget)

    def offer(self, desk: PlanDesk, language: str) -> None:
        """The actions of a desk in a language; the action that is edited and the budget are kept where possible."""
        if self._desk is not None and desk is not self._desk:
            self._desk.left_at = float(self.budget.value)
        first, self._desk = desk is not self._desk, desk
        names = {"budget": self.budget, "action": self.action, "ruling": self.ruling}
        names |= {name: getattr(self, name) for name in FIELDS} | {"reset": self.reset}
        self._loading = True
        for key, control in names.items():
            control.description = text(f"priorities.{'rule_of_action' if key == 'ruling' else key}", language)
        self._options(self.action, [(action.text(language), id) for id, action in desk.actions.items()])
        self._options(self.ruling, [(text(f"priorities.rule_{rule}", language), rule) for rule in RULES])
        budgets = desk.budgets()
        step, top = int(budgets[1]), int(budgets[-1])
        left_at = FIRST_SHARE * top if desk.left_at is None else desk.left_at
        wanted = left_at if first else self.budget.value
        with self.budget.hold_sync():
            self.budget.max, self.budget.step = top, step
            self.budget.value = min(round(wanted / step) * step, top)
        self._load()
        self._loading = False

    def _options(self, control: Dropdown, options: list[tuple[str, Any]]) -> None:
        """New options; the value is kept where it is still offered."""
        value = control.value
        if list(control.options) != options:
            control.options = options
        control.value = value if value in [key for _, key in options] else options[0][1]

    def _load(self) -> None:
        """The numbers of the action that is chosen."""
        if self._desk is None:
            return
        before, self._loading = self._loading, True
        *numbers, rule = self._desk.numbers(self.action.value)
        for name, value in zip(FIELDS, numbers, strict=True):
            getattr(self, name).value = round(value, 6)
        self.ruling.value = rule
        self._loading = before

    def _told(self, _change: dict[str, Any]) -> None:
        """The budget was moved."""
        if not self._loading:
            self._changed()

    def _picked(self, _change: dict[str, Any]) -> None:
        """Another action is to be edited."""
        if not self._loading:
            self._load()

    def _given(self, _change: dict[str, Any]) -> None:
        """A number or the ruling was changed."""
        if self._loading or self._desk is None:
            return
        own = {name: float(getattr(self, name).value) for name in FIELDS}
        self._desk.give(self.action.value, rule=str(self.ruling.value), **own)
        self._changed()

    def _forget(self, _button: Any) -> None:
        """Back to the placeholders."""
        if self._desk is not None:
            self._desk.forget(self.action.value)
            self._load()
            self._changed()
