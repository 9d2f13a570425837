"""What every board has: one guard around its callbacks, an alert, a status line, and the page's width and language."""

from __future__ import annotations

import logging
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from ipywidgets import HTML, Dropdown, Text, VBox

from ..markup import Markup, element
from ..text import languages, plain, text
from ..translation import message, translated

STYLE_SHEET = Path(__file__).parents[1] / "voila" / "templates" / "gapkit" / "static" / "board.css"
NARROWEST, WIDEST, STEP = 320, 1120, 20
DEFAULT_WIDTH = 640
LONGEST_MESSAGE = 2000

log = logging.getLogger("gapkit")


def html(value: str = "", *classes: str) -> HTML:
    """An HTML widget with style classes, without the margin of a label."""
    widget = HTML(value)
    for name in classes:
        widget.add_class(name)
    return widget


class Board(VBox):
    """A board: read the controls, compute, draw; whatever goes wrong is said in an alert and nothing is lost.

    A subclass fills `children` and observes its controls with ``self.watch(control)``.

    Parameters
    ----------
    draw : function
        Reads the controls, computes, draws: the body of every callback.
    speak : function
        Writes every label in the chosen language.
    language : str
        The language to begin with; the reader's own is taken when the page tells it and there are texts in it.

    Attributes
    ----------
    page : Text
        Hidden. The page writes ``width=<pixels>;language=<code>`` into it; figures are drawn for that width.
    alert : HTML
        Empty, or an element with role="alert" that holds the error.
    status : HTML
        What the last change did, for screen readers.
    another_survey : bool
        Whether what is being drawn is another survey than before.
    """

    def __init__(self, *, draw: Callable[[], None], speak: Callable[[], None], language: str = "en") -> None:
        super().__init__()
        self._draw, self._speak = draw, speak
        self._quiet = False
        self._gave_way: dict[Dropdown, tuple[Any, Any]] = {}
        self.another_survey = False
        self.width = DEFAULT_WIDTH
        self.page = Text(value="")
        self.page.add_class("gk-page")
        self.alert = html("", "gk-alert-box")
        self.status = html("", "gk-status")
        self.language = Dropdown(options=[(name, code) for code, name in languages().items()], value=language)
        self.language.add_class("gk-language")
        self.add_class("gk-board")
        self.page.observe(self._page_changed, "value")
        self.language.observe(self._language_changed, "value")

    def say(self, key: str, **values: object) -> str:
        """A text in the chosen language."""
        return text(key, self.language.value, **values)

    def watch(self, control: Any) -> None:
        """Draw again, guarded, whenever a control's value changes."""
        control.observe(self._changed, "value")

    def attempt(self, action: Callable[[], None]) -> None:
        """The one guard: run an action, and show an error as an alert instead of losing it."""
        try:
            action()
        except Exception as error:
            log.exception("a board's callback failed")
            self.alert.value = self._alert_for(error)
        else:
            if self.alert.value:
                self.alert.value = ""

    @contextmanager
    def quietly(self) -> Iterator[None]:
        """Change controls without being called back."""
        before, self._quiet = self._quiet, True
        try:
            yield
        finally:
            self._quiet = before

    @property
    def quiet(self) -> bool:
        """Whether the board itself is changing controls, so that nothing is to be called back."""
        return self._quiet

    def set_options(self, control: Dropdown, options: list[tuple[str, Any]], value: Any) -> None:
        """New options in one message; the value is kept where it is still offered, else the first is taken.

        Where another survey does not offer a value, it comes back with the survey that does.
        """
        offered = [key for _, key in options]
        if self.another_survey:
            value = self._brought_back(control, value, offered)
        with self.quietly(), control.hold_sync():
            if list(control.options) != options:
                control.options = options
            control.value = value if value in offered else offered[0]

    def _brought_back(self, control: Dropdown, value: Any, offered: list[Any]) -> Any:
        """The value that gave way to what stands there now, if it is offered again; else the one that stands there."""
        before, instead = self._gave_way.pop(control, (value, value))
        wanted = before if value == instead else value
        if wanted in offered:
            return wanted
        self._gave_way[control] = wanted, value if value in offered else offered[0]
        return value

    def _changed(self, _change: dict[str, Any]) -> None:
        """A control was moved."""
        if not self._quiet:
            self.attempt(self._draw)

    def _language_changed(self, _change: dict[str, Any]) -> None:
        """Another language: the same state in other words."""
        if not self._quiet:
            self.attempt(self._respeak)

    def _respeak(self) -> None:
        """Labels and figure in the language now chosen."""
        self._speak()
        self._draw()

    def _page_changed(self, change: dict[str, Any]) -> None:
        """The page tells its width, and once the reader's language."""
        told = dict(part.split("=", 1) for part in change["new"].split(";") if "=" in part)
        before = (self.width, self.language.value)
        if told.get("width", "").isdecimal():
            pixels = min(max(int(told["width"]), NARROWEST), WIDEST)
            self.width = pixels // STEP * STEP
        if told.get("language") in languages():
            with self.quietly():
                self.language.value = told["language"]
        if (self.width, self.language.value) != before:
            self.attempt(self._respeak)

    def _alert_for(self, error: Exception) -> Markup:
        """An error in words: gapkit's own messages in the reader's language, others as they are with their kind."""
        words = translated(message(error), self.language.value)
        if not isinstance(error, (ValueError, OSError)):
            words = self.say("board.unexpected", kind=type(error).__name__, message=words)
        if len(words) > LONGEST_MESSAGE:
            words = words[: LONGEST_MESSAGE - 1] + "…"
        lines = [plain(line, LONGEST_MESSAGE) for line in words.splitlines() if line.strip()]
        paragraphs = [element("p", line) for line in lines]
        heading = element("strong", self.say("board.error"))
        return element(
            "div", heading, *paragraphs, element("p", self.say("board.still")), role="alert", class_="gk-alert"
        )


def style_sheet() -> HTML | None:
    """The boards' style sheet as a widget, for JupyterLab; under Voila the page's template links it."""
    if "VOILA_BASE_URL" in os.environ:
        return None
    return HTML(f"<style>{STYLE_SHEET.read_text(encoding='utf-8')}</style>")
