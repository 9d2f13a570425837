"""A survey of one's own on a board: upload, gapkit's guess what stands where, corrections, faults in place."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

from ipywidgets import Box

from ...survey.loading import load_survey
from ...survey.suggest import Suggestion, suggest_card
from ...survey.survey import Survey, SurveyError
from ..text import plain
from .board import Board, html
from .own_survey_fields import Fields
from .own_survey_file import (
    Place,
    Upload,
    UploadError,
    card_of,
    check_rows,
    check_size,
    check_upload,
    codes_in,
    lacking,
    offered_instruments,
    places,
)
from .own_survey_words import fault_table, form_links, found_words, lacks, lead, refusal, took

OWN = "gapkit:own"
"""What a board's choice of surveys calls the reader's own."""


class OwnSurvey(Box):
    r"""A panel that makes a survey of a reader's file; everything stays in memory.

    `SurveyChoice` makes one for a board and opens it while a file of the reader's own is chosen.

    Parameters
    ----------
    board : Board
        Its language is the panel's, and its guard shows what nobody foresaw.
    take : function
        Gets the survey once it can be shown, and None when the reader removes the file. Where it raises, the survey
        before stays.
    needs : sequence of str
        The batteries that the board cannot do without.
    title, taken : str
        Keys of the panel's heading, and of what is said when a file was taken.

    Attributes
    ----------
    fields : Fields
        Every control; set their values to use the panel without a browser.
    about, found, told, forms : HTML
        The limits, what was found where, what came of it, an empty file and the questionnaire.
    survey : Survey or None
        What is shown.

    Examples
    --------
    >>> from gapkit.show.forms import template_columns
    >>> from gapkit.show.widgets import GapExplorer
    >>> board = GapExplorer()
    >>> board.data.value = OWN
    >>> heads = template_columns(board.own.fields.asked_instrument)
    >>> rows = "".join(f"{n}{',6' * 22}{',5' * 22}\n" for n in range(9))
    >>> board.own.give("guests.csv", f"{','.join(heads)}\n{rows}".encode())
    >>> board.survey()
    <Survey guests: 9 respondents, servqual (expectations, perceptions)>
    """

    def __init__(
        self,
        board: Board,
        take: Callable[[Survey | None], None],
        *,
        needs: Sequence[str] = ("expectations", "perceptions"),
        title: str = "own_survey.title",
        taken: str = "own_survey.shown",
    ) -> None:
        self._board, self._take, self._needs = board, take, tuple(needs)
        self._title, self._taken = title, taken
        self._upload: Upload | None = None
        self._suggestion: Suggestion | None = None
        self._chosen: dict[Place, int | None] = {}
        self._words: Callable[[str], str] | None = None
        self.survey: Survey | None = None
        self.fields = fields = Fields(board, offered_instruments(needs))
        self.about, self.found, self.told, self.forms = html(), html(), html("", "gk-told-box"), html("", "gk-links")
        rows = [fields.bar, self.told, self.found, fields.settings, fields.asked, fields.corrections]
        super().__init__([self.about, *rows, self.forms, fields.refused])
        self.add_class("gk-own")
        self.add_class("gk-card")
        self.add_class("gk-takes-file")
        self.show(False)
        self._speak()
        self._observe()

    def show(self, shown: bool) -> None:
        """Open or close the panel."""
        self.layout.display = None if shown else "none"
        if shown and not self.forms.value:
            self.forms.value = form_links(self.fields.asked_instrument, self._language)

    def give(self, name: str, content: bytes) -> None:
        """Take a file, as if the reader had chosen it, and show the survey at once if nothing is left to be asked."""
        self._board.attempt(lambda: self._receive(name, content))

    # what the reader does

    def _receive(self, name: str, content: bytes) -> None:
        """A file has come, whole."""
        self._clear()
        upload = Upload(name, content)
        try:
            check_upload(upload)
        except UploadError as error:
            self._refuse(error)
            return
        self._upload = upload
        self._look()

    def _observe(self) -> None:
        """Every control through the board's guard."""

        def guarded(action: Callable[[], None]) -> Callable[[Any], None]:
            def called(_change: Any) -> None:
                if not self._board.quiet:
                    self._board.attempt(action)

            return called

        fields = self.fields
        for control, action in (
            (fields.upload, self._uploaded),
            (fields.refused, self._stopped),
            (fields.instrument, self._another_instrument),
            (fields.scale, self._look),
            (fields.sureness, self._look),
            (fields.item, self._draw),
            (fields.column, self._corrected),
        ):
            control.observe(guarded(action), "value")
        fields.load.on_click(guarded(self._load))
        fields.cancel.on_click(guarded(self._forget))
        # also where the page tells the reader's language, which a board takes without calling its controls back
        self._board.language.observe(lambda _: self._speak(), "value")

    def _uploaded(self) -> None:
        """A file has come."""
        if not self.fields.upload.value:
            return
        given = self.fields.upload.value[0]
        with self._board.quietly():
            self.fields.upload.value = ()  # the widget lets go of its copy
        self._receive(str(given["name"]), bytes(given["content"]))

    def _stopped(self) -> None:
        """The page stopped a file that was too large to be sent."""
        size, _, name = self.fields.refused.value.partition(";")
        if not size.isdecimal():
            return
        with self._board.quietly():
            self.fields.refused.value = ""  # the same file may be tried again
        self._clear()
        try:
            check_size(plain(name, 80), int(size[:15]))
        except UploadError as error:
            self._refuse(error)

    def _another_instrument(self) -> None:
        """Another questionnaire: its own forms, and a new look into the file."""
        self._speak()
        self._look()

    def _look(self) -> None:
        """Guess what stands where; show the survey at once if nothing is left to be asked."""
        if self._upload is None:
            return
        fields = self.fields
        self._suggestion, self._chosen = None, {}
        self._tell(partial(took, "own_survey.reading", "", 0))
        try:
            self._suggestion = suggest_card(
                self._upload, fields.asked_instrument, at_least=fields.sureness.value, scale=fields.chosen("scale")
            )
            check_rows(self._upload.shown, self._suggestion.n)
        except SurveyError as error:
            self._refuse(error)
        except UploadError as error:
            self._clear()
            self._refuse(error)
        self._draw()
        if self._suggestion is not None:
            self._load()

    def _corrected(self) -> None:
        """The reader chose the column of an item."""
        if (place := self.fields.chosen("item")) is not None:
            self._place(place, self.fields.column.value or None)

    def _place(self, place: Place, column: int | None) -> None:
        """Give an item a column, or none; a column holds one item."""
        self._chosen = {own: taken for own, taken in self._chosen.items() if taken is None or taken != column}
        self._chosen[place] = column
        self._draw()

    def _load(self) -> None:
        """Make the survey and give it to the board, or say what is to be put right."""
        if self._upload is None or self._suggestion is None:
            return
        absent = [battery for battery in self._needs if not any(own == battery for own, _ in self._found)]
        if absent:
            self._tell(partial(lacks, self._upload.shown, absent))
            return
        self._tell(partial(took, "own_survey.reading", "", 0))
        try:
            survey = self._made(self._upload, self._suggestion)
        except (SurveyError, UploadError) as error:
            self._refuse(error)
            return
        try:
            self._take(survey)
        except Exception:
            self._tell(None)  # the board's alert says what is wrong
            raise
        self.survey = survey
        self._tell(partial(took, self._taken, self._upload.shown, survey.n))

    def _made(self, upload: Upload, suggestion: Suggestion) -> Survey:
        """The survey, checked as any other."""
        fields = self.fields
        codes, title = codes_in(fields.codes.value), upload.name.rsplit(".", 1)[0]
        told = {"title": title, "descending": fields.chosen("direction"), "codes": codes}
        card = card_of(suggestion, self._found, dimensions=len(fields.asked_instrument.dimensions), **told)
        return load_survey(upload, card=card, reversed=fields.chosen("turned"))

    def _forget(self) -> None:
        """Let go of the file and of the survey."""
        self.survey = None
        self._clear()
        self._take(None)

    # what the reader sees

    @property
    def _language(self) -> str:
        return str(self._board.language.value)

    @property
    def _found(self) -> dict[Place, int]:
        """Which column holds which answer, corrections included."""
        return {} if self._suggestion is None else places(self._suggestion, self._chosen)

    def _clear(self) -> None:
        """No file."""
        self._upload, self._suggestion, self._chosen = None, None, {}
        self._tell(None)
        self._draw()

    def _tell(self, words: Callable[[str], str] | None) -> None:
        """Say something in the board's language, and again in another one; None: nothing."""
        self._words = words
        self.told.value = "" if words is None else words(self._language)

    def _refuse(self, error: UploadError | SurveyError) -> None:
        """Say why a file is not taken, or what is to be put right in it."""
        if isinstance(error, UploadError):
            self._tell(lambda language: refusal(error.words(language)))
        elif self._upload is not None:
            self._tell(partial(fault_table, self._upload, error.faults))

    def _speak(self) -> None:
        """Every word in the board's language; what was chosen stays."""
        self.about.value = lead(self._title, self._language)
        opened = self.layout.display != "none"
        self.forms.value = form_links(self.fields.asked_instrument, self._language) if opened else ""
        self.fields.speak()
        self._tell(self._words)
        self._draw()

    def _draw(self) -> None:
        """What was found, and the fields for what is missing."""
        upload, suggestion, found = self._upload, self._suggestion, self._found
        instrument = self.fields.asked_instrument
        missing = [] if suggestion is None else lacking(found, instrument, self._needs)
        given = upload is not None or self.survey is not None
        self.fields.draw(suggestion, found, missing, uploaded=given, answered=self._answered)
        self.found.value = ""
        if upload is not None and suggestion is not None:
            self.found.value = found_words(upload, suggestion, found, self._chosen, instrument, self._language)

    def _answered(self, place: Place, column: int | None) -> None:
        """A field for a missing item was changed."""
        self._board.attempt(lambda: self._place(place, column))
