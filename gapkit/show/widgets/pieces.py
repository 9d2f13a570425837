"""Pieces of HTML that boards are made of: tiles, tables, notes. Everything passes through `element`, which escapes."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from ..markup import Markup, element, join
from ..plots.heat import shade, text_on
from ..text import NOTHING, count, interval, number, plain, text


class Tile(NamedTuple):
    """One number to know: what it is, the number, what belongs to it."""

    name: str
    value: str
    note: str = ""
    key: str = ""


class Section(NamedTuple):
    """Rows of a table under one heading."""

    heading: str
    ids: Sequence[str]


def tiles(parts: Iterable[Tile]) -> Markup:
    """Tiles as a description list."""
    cells = [
        element(
            "div",
            element("dt", part.name),
            element("dd", element("span", part.value, class_="gk-number", data_key=part.key), class_="gk-value"),
            element("dd", part.note, class_="gk-note") if part.note else None,
            class_="gk-tile",
        )
        for part in parts
    ]
    return element("dl", join(cells), class_="gk-tiles")


def gap_table(
    table: pd.DataFrame,
    *,
    sections: Sequence[Section],
    labels: dict[str, str],
    caption: str,
    language: str,
    confidence: float = 0.95,
) -> Markup:
    """The numbers of items in a table of their own scroll box: name, E, P, gap with a bar, interval, n.

    Parameters
    ----------
    table : DataFrame
        Indexed by id, columns E, P, gap, low, high, n. An id that is missing is shown as a dash.
    sections : sequence of Section
        Which ids stand under which heading; an empty heading is left out.
    labels : dict
        id -> name.
    """
    heads = ["table.name", "figure.e", "figure.p", "figure.gap", "table.interval", "table.n"]
    level = f"{100 * confidence:g}"
    head = [
        element("th", text(key, language, level=level), scope="col", class_="gk-name" if key == "table.name" else None)
        for key in heads
    ]
    reach = float(np.nanmax(np.abs(table["gap"].to_numpy(float)), initial=0.01)) if len(table) else 1.0
    known: dict[Any, dict[Any, Any]] = table.to_dict("index")
    bodies = []
    for section in sections:
        rows = []
        if section.heading:
            title = element("th", plain(section.heading), colspan=len(heads), scope="rowgroup")
            rows.append(element("tr", title, class_="gk-section"))
        for id in section.ids:
            name = element("th", plain(labels[id]), scope="row", class_="gk-name")
            rows.append(element("tr", name, *_gap_cells(known.get(id), reach), data_id=id))
        bodies.append(element("tbody", join(rows)))
    return scroll_box(element("table", element("thead", element("tr", *head)), *bodies, aria_label=caption), caption)


def _gap_cells(row: dict[Any, Any] | None, reach: float) -> list[Markup]:
    """The cells of one item; dashes where nothing is shown."""
    if row is None or not np.isfinite(row["gap"]):
        return [element("td", NOTHING) for _ in range(5)]
    side = "gk-short" if row["gap"] < 0 else "gk-over"
    bar = element(
        "span", class_=f"gk-bar {side}", style=f"--gk-share:{abs(row['gap']) / reach:.3f}", aria_hidden="true"
    )
    return [
        element("td", number(row["E"])),
        element("td", number(row["P"])),
        element("td", bar, element("span", number(row["gap"], signed=True), class_="gk-number"), class_="gk-gap"),
        element("td", interval(row["low"], row["high"]), class_="gk-interval"),
        element("td", count(row["n"])),
    ]


def heat_table(
    table: pd.DataFrame, *, sections: Sequence[Section], labels: dict[str, str], caption: str, language: str
) -> Markup:
    """Gaps of items (rows) in groups (columns), coloured as in `gap_heat`, in a scroll box.

    Parameters
    ----------
    table : DataFrame
        ids x groups of gaps; NaN is shown as a dash.
    """
    limit = float(np.nanmax(np.abs(table.to_numpy(float)), initial=0.01))
    head = [element("th", text("table.name", language), scope="col", class_="gk-name")]
    head += [element("th", plain(name, 24), scope="col") for name in table.columns]
    bodies = []
    for section in sections:
        rows = []
        if section.heading:
            title = element("th", plain(section.heading), colspan=len(head), scope="rowgroup")
            rows.append(element("tr", title, class_="gk-section"))
        for id in section.ids:
            gaps = pd.Series(table.loc[id]).to_numpy(float) if id in table.index else np.full(table.shape[1], np.nan)
            cells = [_heat_cell(float(gap), limit) for gap in gaps]
            name = element("th", plain(labels[id]), scope="row", class_="gk-name")
            rows.append(element("tr", name, *cells, data_id=id))
        bodies.append(element("tbody", join(rows)))
    head_row = element("thead", element("tr", *head))
    return scroll_box(element("table", head_row, *bodies, class_="gk-heat", aria_label=caption), caption)


def _heat_cell(gap: float, limit: float) -> Markup:
    """One coloured cell."""
    colour = shade(gap, limit)
    shown = number(gap, signed=True)
    return element("td", shown, style=f"background:{colour};color:{text_on(colour)}")


def scroll_box(inside: Markup, name: str) -> Markup:
    """A table under its name, in a box that scrolls by itself and can be reached and scrolled by keyboard."""
    box = element("div", inside, class_="gk-scroll", role="region", aria_label=name, tabindex=0)
    return Markup(element("p", name, class_="gk-caption") + box)
