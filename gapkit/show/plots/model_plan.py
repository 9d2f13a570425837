"""Where the boxes and arrows of the model's diagram stand, on a page and on a telephone."""

from __future__ import annotations

from typing import NamedTuple

BOX_HEIGHT = 46.0


class Arrow(NamedTuple):
    """An arrow along some points, and where the words beside it stand."""

    gap: str
    points: tuple[tuple[float, float], ...]
    words: tuple[float, float]
    anchor: str


class Plan(NamedTuple):
    """Where everything stands, in points."""

    width: float
    height: float
    boxes: dict[str, tuple[float, float, float]]
    arrows: tuple[Arrow, ...]
    border: float


def wide_plan(width: float) -> Plan:
    """The usual drawing: customer above the line, firm below, promises on the right."""
    box = min(190.0, width * 0.29)
    left, right = width * 0.5 - box / 2, width - box - 4
    y = {"E": 14.0, "P": 124.0, "D": 250.0, "S": 360.0, "M": 470.0, "C": 250.0}
    boxes = {letter: (right if letter == "C" else left, top, box) for letter, top in y.items()}
    middle, half = left + box / 2, BOX_HEIGHT / 2
    far = max(left - 165, 14)

    def up(gap: str, start: str, end: str, lower: float = 0.0) -> Arrow:
        bottom, top = y[start], y[end] + BOX_HEIGHT
        return Arrow(gap, ((middle, bottom), (middle, top)), (middle + 10, (top + bottom) / 2 + lower), "start")

    around = ((left, y["E"] + half), (far, y["E"] + half), (far, y["M"] + half), (left, y["M"] + half))
    promised = ((left + box, y["D"] + half), (right, y["C"] + half))
    arrows = (
        up("gap_5", "P", "E")._replace(points=((middle, y["E"] + BOX_HEIGHT), (middle, y["P"]))),
        up("link", "D", "P", -15),
        up("gap_3", "S", "D"),
        up("gap_2", "M", "S"),
        Arrow("gap_1", around, (far + 9, 330.0), "start"),
        Arrow("gap_4", promised, (right + box, y["D"] + BOX_HEIGHT + 20), "end"),
    )
    return Plan(width, 544.0, boxes, arrows, 214.0)


def narrow_plan(width: float) -> Plan:
    """The same for a telephone: one column, promises between delivery and standards."""
    box, left = width * 0.46, 26.0
    y = {"E": 10.0, "P": 122.0, "D": 262.0, "C": 262.0, "S": 400.0, "M": 512.0}
    boxes = {letter: (left, top, box) for letter, top in y.items()} | {
        "C": (width - box * 0.66 - 2, y["C"], box * 0.66)
    }
    middle, half, edge = left + 24, BOX_HEIGHT / 2, 8.0
    beside = middle + 12
    around = ((left, y["E"] + half), (edge, y["E"] + half), (edge, y["M"] + half), (left, y["M"] + half))
    promised = ((left + box, y["D"] + half), (width - box * 0.66 - 2, y["C"] + half))
    arrows = (
        Arrow("gap_5", ((middle, y["E"] + BOX_HEIGHT), (middle, y["P"])), (beside, 92.0), "start"),
        Arrow("link", ((middle, y["D"]), (middle, y["P"] + BOX_HEIGHT)), (beside, 236.0), "start"),
        Arrow("gap_3", ((middle, y["S"]), (middle, y["D"] + BOX_HEIGHT)), (beside, 377.0), "start"),
        Arrow("gap_2", ((middle, y["M"]), (middle, y["S"] + BOX_HEIGHT)), (beside, 482.0), "start"),
        Arrow("gap_1", around, (left, y["M"] + BOX_HEIGHT + 26), "start"),
        Arrow("gap_4", promised, (width - 2, y["C"] + BOX_HEIGHT + 20), "end"),
    )
    return Plan(width, 614.0, boxes, arrows, 202.0)
