"""The fields of the panel for a file of one's own: what they are called, and what they offer."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from ipywidgets import Box, Button, Dropdown, FileUpload, Text

from ...survey.filetypes import ENDINGS
from ...survey.instrument import Instrument
from ...survey.suggest import Suggestion
from ..text import plain
from .board import Board
from .own_survey_file import LIKELY, MOST_BYTES, POINTS, SCALES, SURE, Place
from .own_survey_words import column_name, listed, place_name

MOST_ASKED = 8
"""Items without a column that get a field of their own; for more there is the field that corrects any item."""
AS_TOLD = ""
"""What is chosen where nothing is: a dropdown shows no words for None."""
NO_COLUMN = 0
"""What stands for no column; columns are counted from 1."""
NAMED = ("instrument", "scale", "sureness", "direction", "turned", "codes", "load", "cancel")


class Fields:
    """Every control of the panel, in rows.

    Parameters
    ----------
    board : Board
    instruments : iterable of Instrument
        Those that can be chosen.
    """

    def __init__(self, board: Board, instruments: Iterable[Instrument]) -> None:
        self._board = board
        self.instruments = {instrument.id: instrument for instrument in instruments}
        self.instrument = Dropdown(options=list(self.instruments))
        self.scale, self.direction, self.turned, self.item, self.column = (
            Dropdown(options=[("", AS_TOLD)]) for _ in range(5)
        )
        self.sureness = Dropdown(options=[("", SURE)])
        self.codes = Text(continuous_update=False)
        self.upload = FileUpload(accept=",".join(f".{ending}" for ending in ENDINGS), multiple=False)
        # the page writes "<bytes>;<name>" into it where a file is too large to be sent; the limit stands in its prompt
        self.refused = Text(placeholder=str(MOST_BYTES))
        self.load, self.cancel = Button(), Button()
        self.bar = Box([self.instrument, self.scale, self.upload, self.cancel])
        self.settings = Box([self.sureness, self.direction, self.turned, self.codes])
        self.asked = Box([])
        self.corrections = Box([self.item, self.column, self.load])
        for box in (self.bar, self.settings, self.asked, self.corrections):
            box.add_class("gk-fields-row")
        self.refused.add_class("gk-refused")

    def chosen(self, name: str) -> Any:
        """What is chosen in a field; None where it is left to the questionnaire or the file."""
        value = getattr(self, name).value
        return None if value == AS_TOLD else value

    @property
    def asked_instrument(self) -> Instrument:
        """The questionnaire that is chosen."""
        return self.instruments[str(self.instrument.value)]

    def speak(self) -> None:
        """Names and fixed choices in the board's language; what was chosen stays."""
        say, offer, language = self._board.say, self._board.set_options, str(self._board.language.value)
        for name in NAMED:
            getattr(self, name).description = say(f"own_survey.{name}")
        self.item.description, self.column.description = (
            say("own_survey.correct_item"),
            say("own_survey.correct_column"),
        )
        self.codes.placeholder = say("own_survey.codes_hint")
        titles = [(part.title(language), id) for id, part in self.instruments.items()]
        offer(self.instrument, titles, self.instrument.value)
        own = self.asked_instrument.scale
        scales: list[tuple[str, Any]] = [
            (say("own_survey.scale_own", low=f"{own.low:g}", high=f"{own.high:g}"), AS_TOLD)
        ]
        scales += [(say("own_survey.scale_other", low=low, high=high), (low, high)) for low, high in SCALES]
        offer(self.scale, scales, self.scale.value)
        offer(self.sureness, [(say("own_survey.sure"), SURE), (say("own_survey.guesses"), LIKELY)], self.sureness.value)
        ends = (("direction_file", AS_TOLD), ("highest", False), ("lowest", True))
        offer(self.direction, [(say(f"own_survey.{key}"), way) for key, way in ends], self.direction.value)

    def draw(
        self,
        suggestion: Suggestion | None,
        found: Mapping[Place, int],
        missing: list[Place],
        *,
        uploaded: bool,
        answered: Callable[[Place, int | None], None],
    ) -> None:
        """What the fields offer for a file.

        Parameters
        ----------
        suggestion : Suggestion or None
            None: there is no file that could be read.
        found, missing : mapping, list
            Which column holds which answer, and the items without one.
        uploaded : bool
            Whether there is a file.
        answered : function
            Called with an item and its column when a field for a missing item is changed.
        """
        self.upload.description = self._board.say(f"own_survey.{'upload_other' if uploaded else 'upload'}")
        self.cancel.layout.display = None if uploaded else "none"
        self.asked.children = ()
        if suggestion is None:
            self._open(False)
            return
        say, instrument, language = self._board.say, self.asked_instrument, str(self._board.language.value)
        self._offer_turned(suggestion)
        if 0 < len(missing) <= MOST_ASKED:
            self.asked.children = tuple(self._field(place, suggestion, answered) for place in missing)
        items: list[tuple[str, Any]] = [(say("own_survey.correct_none"), AS_TOLD)]
        for battery in instrument.batteries:
            items += [(place_name((battery, id), instrument, language), (battery, id)) for id in instrument.item_ids]
        held = [(POINTS, id) for id in instrument.dimension_ids]
        items += [(place_name(place, instrument, language), place) for place in held]
        self._board.set_options(self.item, items, self.item.value)
        self.offer_columns(suggestion, found)
        self._open(True)  # not before there is something to choose from

    def _open(self, shown: bool) -> None:
        """Show or hide the fields about a file."""
        for box in (self.settings, self.corrections):
            box.layout.display = None if shown else "none"

    def offer_columns(self, suggestion: Suggestion, found: Mapping[Place, int]) -> None:
        """The columns for the item that is to be corrected; it stands on its own."""
        chosen = self.item.value
        self._board.set_options(self.column, self._columns(suggestion), found.get(chosen, NO_COLUMN))
        self.column.disabled = chosen == AS_TOLD

    def _offer_turned(self, suggestion: Suggestion) -> None:
        """Which items are turned: as the questionnaire says, none, or those that run against the others."""
        say = self._board.say
        against = [str(what) for what in suggestion.direction["what"] if what in self.asked_instrument.item_ids]
        options: list[tuple[str, Any]] = [(say("own_survey.turned_own"), AS_TOLD), (say("own_survey.turned_none"), ())]
        if against:
            named = listed((plain(id, 20) for id in against), str(self._board.language.value))
            options.append((say("own_survey.turned_found", items=named), tuple(against)))
        self._board.set_options(self.turned, options, self.turned.value)

    def _columns(self, suggestion: Suggestion) -> list[tuple[str, Any]]:
        """The columns that an item may be given."""
        rows = zip(suggestion.columns["column"], suggestion.columns["header"], strict=True)
        named = [(column_name(int(number), head), int(number)) for number, head in rows]
        return [(self._board.say("own_survey.no_column"), NO_COLUMN), *named]

    def _field(self, place: Place, suggestion: Suggestion, answered: Callable[[Place, int | None], None]) -> Dropdown:
        """A field that asks for one item's column."""
        name = place_name(place, self.asked_instrument, str(self._board.language.value))
        field = Dropdown(options=self._columns(suggestion), value=NO_COLUMN, description=name)
        field.observe(lambda change: answered(place, change["new"] or None), "value")
        return field
