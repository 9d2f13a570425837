"""One slider a dimension; each survey has its own, which keep their places while another survey is shown."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from ipywidgets import Box, Button, FloatSlider

from ...survey.instrument import Instrument
from ..markup import element
from ..text import text
from .board import html

STEP = 0.1
DIGITS = 6


class Sliders(Box):
    """A card: sliders in scale points, a word on the end of the scale, and a button that puts all back to zero.

    Parameters
    ----------
    watch : function
        Called once with every slider made.
    reset : function
        Called when the button is pressed.
    """

    def __init__(self, *, watch: Callable[[FloatSlider], None], reset: Callable[[], None]) -> None:
        self._watch = watch
        self._made: dict[str, dict[str, FloatSlider]] = {}
        self._slots = Box([])
        self._slots.add_class("gk-slots")
        self.head, self.ceiling, self.reset = html("", "gk-card-head"), html("", "gk-ceiling"), Button()
        self.reset.on_click(lambda _: reset())
        super().__init__([self.head, self._slots, self.ceiling, self.reset])

    def of(self, data: str, instrument: Instrument, reach: tuple[float, float]) -> dict[str, FloatSlider]:
        """The sliders of a survey, by dimension; made on first use."""
        if data not in self._made:
            low, high = reach
            made = {
                id: FloatSlider(value=0.0, min=low, max=high, step=STEP, readout_format="+.1f")
                for id in instrument.dimension_ids
            }
            for slider in made.values():
                if high == -2 * low:
                    slider.add_class("gk-zero-at-third")  # the style sheet marks it
                self._watch(slider)
            self._made[data] = made
        return self._made[data]

    def forget(self, data: str) -> None:
        """Keep no slider of a survey that is gone."""
        for slider in self._made.pop(data, {}).values():
            slider.close()

    def speak(self, sliders: Mapping[str, FloatSlider], instrument: Instrument, language: str) -> None:
        """Show some sliders under their names in a language."""
        for dimension in instrument.dimensions:
            sliders[dimension.id].description = dimension.label(language)
        self._slots.children = tuple(sliders.values())
        self.head.value = element("h2", text("what_if.shifts", language))
        self.reset.description = text("what_if.reset", language)


def amounts(sliders: Mapping[str, FloatSlider]) -> tuple[tuple[str, float], ...]:
    """Where sliders stand; they count in binary steps, and 0.30000000000000004 is meant to be 0.3."""
    return tuple((id, round(slider.value, DIGITS)) for id, slider in sliders.items())
