"""The model of five gaps as a diagram, with the measured numbers on its arrows."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

from ..markup import Markup, element, join
from ..text import number, text
from .canvas import BLUE, INK, MUTED, RULE, SURFACE, THEMED, VERMILLION
from .chain_words import describe_chain, interval_or_nothing, number_or_status, position_name, score_name, state_of
from .labels import wrap
from .model_plan import BOX_HEIGHT, Arrow, Plan, narrow_plan, wide_plan
from .sheet import fitted
from .waterfall import NARROW, check_one_branch

if TYPE_CHECKING:
    from ...measure.chain import FiveGaps

COLOURS = {"found": VERMILLION, "other": BLUE, "open": MUTED, "not measured": MUTED, "suppressed": MUTED}
DASHES = {"not measured": "2 6", "suppressed": "2 6", "open": "7 4"}
MISSING = ("not measured", "suppressed")


def gap_model(
    five: FiveGaps,
    *,
    score: str = "overall",
    width: float = 640,
    language: str = "en",
    source: str = "",
    name: str = "gap-model",
    themed: bool = False,
) -> Markup:
    """The model's diagram as SVG: six boxes with their means, five arrows with their gaps; the text can be selected.

    An arrow is solid where the interval leaves zero (heavier and coloured where that does harm), dashed where it
    includes zero, dotted where nobody was asked.

    Parameters
    ----------
    five : FiveGaps
        Of one branch.
    score : str
        "overall" or a dimension.
    width : float
        Points; below 560 the drawing is that for a telephone.
    language, source : str
        As for `gap_dumbbell`.
    name : str
        Unique on the page: what ids are made of.
    themed : bool
        True for a page of gapkit: colours come from the page's style sheet.

    Returns
    -------
    Markup
        ``<svg role="img" ...>`` with title and description.

    Examples
    --------
    >>> import pandas as pd, gapkit as gk
    >>> servqual = gk.load_instrument("servqual")
    >>> E, P = (pd.DataFrame([[x] * 22, [y] * 22], columns=servqual.item_ids) for x, y in ((7, 6), (4, 5)))
    >>> drawing = gap_model(gk.five_gaps(gk.Survey(servqual, expectations=E, perceptions=P)))
    >>> "not measured" in drawing and "−2.00" in drawing
    True
    """
    check_one_branch(five, score)
    plan = narrow_plan(width) if width < NARROW else wide_plan(width)
    pen = Pen(name, language, themed)
    drawn = [pen.border(plan)]
    for arrow in plan.arrows:
        link = arrow.gap == "link"
        drawn.append(pen.arrow(arrow, _last_link(five, score) if link else _row(five.gaps, score, arrow.gap)))
    drawn += [pen.box(letter, box, _row(five.means, score, letter)) for letter, box in plan.boxes.items()]
    if source and width >= NARROW:
        drawn.append(pen.text(2, plan.height - 4, fitted(source, width - 4, 10), 10, MUTED))
    title = f"{text('five_gaps.model', language)}: {score_name(five, score, language)}"
    described = describe_chain(five, score=score, language=language, source=source)
    return element(
        "svg",
        element("title", title, id=f"{name}-title"),
        element("desc", described, id=f"{name}-desc"),
        element("defs", join([pen.head(state) for state in COLOURS])),
        join(drawn),
        xmlns="http://www.w3.org/2000/svg",
        class_="gk-figure",
        role="img",
        aria_labelledby=f"{name}-title {name}-desc",
        width=f"{plan.width:g}",
        height=f"{plan.height:g}",
        viewBox=f"0 0 {plan.width:g} {plan.height:g}",
        font_family=None if themed else "system-ui, sans-serif",
    )


def _row(table: Any, score: str, key: str) -> dict[str, Any]:
    """One row of a result's table."""
    return dict(table.loc[(score, key)])


def _last_link(five: FiveGaps, score: str) -> dict[str, Any]:
    """Delivery to perception, where both are measured."""
    if score in five.chain.index.get_level_values("score"):
        for link in five.chain.loc[[score]].to_dict("records"):
            if link["between"] == "P - D":
                return {str(key): value for key, value in link.items()} | {"status": "measured"}
    states = [_row(five.means, score, letter)["status"] for letter in ("P", "D")]
    status = "suppressed" if "suppressed" in states else "not measured"
    return {"status": status, "value": np.nan, "low": np.nan, "high": np.nan}


class Pen:
    """Draws the parts in one language, in fixed colours or the page's."""

    def __init__(self, name: str, language: str, themed: bool) -> None:
        self.name, self.language, self.themed = name, language, themed

    def colour(self, colour: str) -> str:
        """A colour, or the page's."""
        return f"var({THEMED[colour]}, {colour})" if self.themed else colour

    def text(
        self,
        x: float,
        y: float,
        words: object,
        size: float,
        colour: str = INK,
        anchor: str = "start",
        bold: bool = False,
    ) -> Markup:
        """A line of text."""
        place: dict[str, Any] = {"x": f"{x:.1f}", "y": f"{y:.1f}", "text_anchor": anchor, "font_size": f"{size:g}"}
        return element("text", words, font_weight="600" if bold else None, style=f"fill:{self.colour(colour)}", **place)

    def border(self, plan: Plan) -> Markup:
        """The line between the customer and the firm."""
        style = f"stroke:{self.colour(RULE)};stroke-width:1.5;fill:none"
        right = plan.width - 2
        above = self.text(right, plan.border - 7, text("five_gaps.customer", self.language), 11, MUTED, "end")
        below = self.text(right, plan.border + 16, text("five_gaps.firm", self.language), 11, MUTED, "end")
        return join([element("path", d=f"M0 {plan.border:g}H{plan.width:g}", style=style), above, below])

    def box(self, letter: str, box: tuple[float, float, float], row: Mapping[str, Any]) -> Markup:
        """A position: its name and its mean, or why there is none."""
        left, top, width = box
        shown = bool(np.isfinite(row["mean"]))
        ink, centre = INK if shown else MUTED, left + width / 2
        style = f"fill:{self.colour(SURFACE)};stroke:{self.colour(ink)};stroke-width:1.3"
        size: dict[str, Any] = {
            "x": f"{left:.1f}",
            "y": f"{top:.1f}",
            "width": f"{width:.1f}",
            "height": f"{BOX_HEIGHT:g}",
        }
        outline = element("rect", rx="7", style=style, stroke_dasharray=None if shown else "3 4", **size)
        name = wrap(position_name(letter, self.language), width - 10, 12, lines=1)[0]
        status = str(row["status"])
        value = number(row["mean"]) if shown else number_or_status(np.nan, status, self.language)
        first = self.text(centre, top + 18, name, 12, ink, "middle")
        return join([outline, first, self.text(centre, top + 37, value, 15 if shown else 11.5, ink, "middle", shown)])

    def arrow(self, arrow: Arrow, row: Mapping[str, Any]) -> Markup:
        """An arrow with its gap's name, number and interval."""
        state = state_of(row, arrow.gap)
        style = f"stroke:{self.colour(COLOURS[state])};stroke-width:{3.2 if state == 'found' else 1.8};fill:none"
        path = "M" + "L".join(f"{x:.1f} {y:.1f}" for x, y in arrow.points)
        head = f"url(#{self.head_id(state)})"
        line = element("path", d=path, style=style, stroke_dasharray=DASHES.get(state), marker_end=head)
        (x, y), key = arrow.words, "delivery_to_perception" if arrow.gap == "link" else arrow.gap
        title = self.text(x, y - 4, text(f"five_gaps.{key}", self.language), 12, INK, arrow.anchor)
        value = number_or_status(row["value"], state, self.language)
        if state in MISSING:
            return join([line, title, self.text(x, y + 12, value, 11.5, MUTED, arrow.anchor)])
        ends = f" {interval_or_nothing(row['low'], row['high'])}"
        shown = element("tspan", value, font_weight="700", font_size="14", data_gap=arrow.gap)
        beside = element("tspan", ends, style=f"fill:{self.colour(MUTED)}")
        return join([line, title, self.text(x, y + 13, join([shown, beside]), 11, INK, arrow.anchor)])

    def head(self, state: str) -> Markup:
        """The arrow head of a state."""
        shape = element("path", d="M0 0L10 5L0 10z", style=f"fill:{self.colour(COLOURS[state])}")
        size = {"markerWidth": "10", "markerHeight": "10", "markerUnits": "userSpaceOnUse", "orient": "auto"}
        return element("marker", shape, id=self.head_id(state), viewBox="0 0 10 10", refX="9", refY="5", **size)

    def head_id(self, state: str) -> str:
        """What the arrow head of a state is called on the page."""
        return f"{self.name}-{state.replace(' ', '-')}"
