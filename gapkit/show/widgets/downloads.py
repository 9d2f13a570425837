"""What can be taken along from a board: links that hold their files, and a report that is made when asked for."""

from __future__ import annotations

import base64
from collections.abc import Callable, Sequence
from typing import Any

from ipywidgets import Box, Button

from ...survey.survey import Survey
from ..markup import Markup, element, join
from ..text import text
from .board import Board, html

ANY_FILE = "application/octet-stream"
"""A media type that no browser opens by itself: a link with it saves."""


def download_links(files: Sequence[tuple[str, tuple[str, bytes]]]) -> Markup:
    """Links that save files which the page itself holds; nothing is fetched from a server.

    Parameters
    ----------
    files : sequence of (words, (file name, content))

    Examples
    --------
    >>> print(download_links([("Table", ("a.csv", b"1"))]))
    <p><a href="data:application/octet-stream;base64,MQ==" download="a.csv" class="gk-file">Table</a></p>
    """
    made = []
    for words, (name, content) in files:
        address = f"data:{ANY_FILE};base64,{base64.b64encode(content).decode('ascii')}"
        made.append(element("a", words, href=address, download=name, class_="gk-file"))
    return element("p", join(made, " "))


class ReportDownloads(Box):
    """A button that makes a report on a board's survey, and links to it as a page, a document and a workbook.

    Nothing is made before it is asked for. The links say which survey they are about, so that they stay true when
    another one is chosen; another language takes them away.

    Parameters
    ----------
    board : Board
        Its guard shows what goes wrong, its language is the report's.
    survey : function
        The survey that the report is to be about.

    Attributes
    ----------
    button : Button
        Press it with ``button.click()``.
    links : HTML
        The links, or what is under way.

    Examples
    --------
    >>> import gapkit as gk
    >>> from gapkit.show.widgets import GapExplorer
    >>> board = GapExplorer({"hotel": gk.datasets.load("hotel")})
    >>> board.report.button.click()
    >>> board.report.links.value.count("download=")
    3
    """

    def __init__(self, board: Board, survey: Callable[[], Survey]) -> None:
        self._board, self._survey = board, survey
        self.button, self.links = Button(), html("", "gk-links")
        self.button.on_click(self._clicked)
        board.language.observe(self._speak, "value")
        super().__init__([self.button, self.links])
        self.add_class("gk-downloads")
        self._speak()

    def _speak(self, _change: dict[str, Any] | None = None) -> None:
        """The button's words; links in another language are taken away."""
        self.button.description = self._board.say("downloads.make")
        self.links.value = element("p", self._board.say("downloads.about"), class_="gk-note", role="status")

    def _clicked(self, _button: Button) -> None:
        """Make the report; the button cannot be pressed again meanwhile."""
        self.button.disabled = True
        self.links.value = element("p", self._board.say("downloads.making"), class_="gk-note", role="status")
        try:
            self._board.attempt(self._make)
        finally:
            self.button.disabled = False
        if "download=" not in self.links.value:
            self._speak()  # it did not work, as the board's alert says

    def _make(self) -> None:
        """The report in every kind of file."""
        from .. import report as reports  # a board must be there before anybody asks for a report

        language = self._board.language.value
        made = reports.report(self._survey(), language=language)
        files = [(text(f"downloads.{kind}", language), reports.report_file(made, kind)) for kind in reports.MAKERS]
        ready = element("p", text("downloads.ready", language, title=made.subtitle), class_="gk-note", role="status")
        self.links.value = join([ready, download_links(files)])
