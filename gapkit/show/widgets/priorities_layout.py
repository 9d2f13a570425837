"""What stands where on the priorities board."""

from __future__ import annotations

from typing import Any

from ipywidgets import Box

from .board import style_sheet

CONTROLS = ("data", "level", "importance", "outcome", "rule")
HEADS = ("map", "robustness", "table", "choices", "frontier", "probabilities", "editor", "actions")
STACKED = {"display": "grid", "grid_gap": "16px", "align_content": "flex-start", "min_width": "0", "width": "100%"}


def arranged(board: Any) -> list[Any]:
    """The board's parts from top to bottom: what matters first, then what a budget should buy."""
    inside = {name: [getattr(board, name)] for name in HEADS if name != "editor"}
    inside["editor"] = [board.editor.fields, board.costs]
    card = {name: Box([board.heads[name], *inside[name]]) for name in HEADS}
    top = Box([board.heading, board.language])
    bar = Box([*(getattr(board, name) for name in CONTROLS), board.hint])
    money = Box([board.editor.budget, board.busy, board.note])
    first, second = (Box([card[name] for name in pair]) for pair in (("map", "robustness"), ("table", "choices")))
    board.cards, board.rows = card, (first, second)
    third = Box([Box([card["frontier"], card["editor"]], layout=STACKED), card["probabilities"]])
    named = [(top, "top"), (bar, "controls"), (money, "money"), *((body, "body") for body in (first, second, third))]
    for box, name in (*named, *((box, "card") for box in card.values())):
        box.add_class(f"gk-{name}")
    whole = [style_sheet(), board.page, top, bar, board.own, board.alert, board.status, board.tiles, first, second]
    whole += [board.plan_head, money, third, card["actions"], board.report, board.foot]
    return [part for part in whole if part is not None]


def show_ranks(board: Any, shown: bool) -> None:
    """Show the cards about ranks, or let the table stand beside the map, where there is no importance to rank by."""
    rows = (("map", "robustness"), ("table", "choices")) if shown else (("map", "table"), ())
    for row, names in zip(board.rows, rows, strict=True):
        cards = tuple(board.cards[name] for name in names)
        if row.children != cards:
            row.children = cards
        row.layout.display = None if names else "none"
    if not shown:
        board.robustness.value = board.choices.value = ""
