"""The factor lab's words and numbers: tiles, congruence table, source and method, in a language."""

from __future__ import annotations

from typing import Any

import numpy as np

from ...measure.congruence import Congruence
from ...measure.factors import Factors
from ...measure.retention import Retention
from ...survey.instrument import Instrument
from ...survey.survey import Survey
from ..markup import Markup, element, join
from ..plots.heat import shade, text_on
from ..text import NOTHING, count, number, percent, plain, text
from ..translation import spoken
from .pieces import Tile, scroll_box
from .survey_words import licence_words, source_and_method, source_line


def loadings_title(factors: Factors, language: str) -> str:
    """What the heat map shows."""
    factor_count = factors.loadings.shape[1]
    key = "factor_lab.loadings_title" if factor_count > 1 else "factor_lab.loadings_title_one"
    return text(key, language, count=factor_count)


def factor_names(place: Congruence, instrument: Instrument, language: str) -> dict[str, str]:
    """For each factor the dimension it is matched with, or nothing."""
    matched = {row["factor"]: str(id) for id, row in place.dimensions.iterrows() if row["factor"]}
    return {
        str(factor): instrument.label(matched[factor], language) if factor in matched else ""
        for factor in place.coefficients.index
    }


def factor_tiles(factors: Factors, place: Congruence, advice: Retention, draws: int, language: str) -> list[Tile]:
    """The four numbers to know."""
    fit: dict[Any, Any] = dict(factors.fit.iloc[0])
    descriptive = any("descriptive" in note for note in factors.notes)
    key = "factor_lab.explained_note_descriptive" if descriptive else "factor_lab.explained_note"
    explained = text(key, language, rmsr=number(fit["rmsr"], 3), rmsea=number(fit["rmsea"], 3))
    counts = {"placed": place.placed, "items": len(place.items)}
    return [
        Tile(
            text("factor_lab.suggested", language),
            str(advice.n_factors),
            text("factor_lab.suggested_note", language, draws=draws),
            "suggested",
        ),
        Tile(text("factor_lab.explained", language), percent(factors.communalities.mean()), explained, "explained"),
        Tile(
            text("factor_lab.placed", language),
            text("factor_lab.placed_value", language, **counts),
            text("factor_lab.placed_note", language, salient=number(place.salient, 1)),
            "placed",
        ),
        _strongest(factors, language),
    ]


def _strongest(factors: Factors, language: str) -> Tile:
    """The pair of factors that is hardest to tell apart."""
    values, names = factors.phi.to_numpy(), list(factors.phi.index)
    name = text("factor_lab.strongest", language)
    if len(names) < 2:
        return Tile(name, NOTHING, text("factors.one_factor", language), "strongest")
    apart = np.abs(values - np.diag(np.diag(values)))
    first, second = np.unravel_index(int(apart.argmax()), apart.shape)
    if apart[first, second] < 1e-9:
        return Tile(name, NOTHING, text("factor_lab.orthogonal_note", language), "strongest")
    pair = {"first": names[int(first)], "second": names[int(second)]}
    return Tile(name, number(values[first, second]), text("factor_lab.strongest_note", language, **pair), "strongest")


def troubles(instrument: Instrument, factors: Factors, language: str) -> Markup:
    """What asks for care, as a line under the controls; empty where nothing does."""
    dimensions, factor_count = len(instrument.dimensions), factors.loadings.shape[1]
    said = []
    if factors.heywood:
        items = text("factors.between", language).join(plain(instrument.label(id, language)) for id in factors.heywood)
        said.append(text("factor_lab.heywood", language, items=items))
    if factors.smoothed:
        said.append(text("factor_lab.smoothed", language))
    if not factors.converged:
        said.append(text("factor_lab.not_converged", language))
    if factor_count < dimensions:
        said.append(text("factor_lab.fewer", language, dimensions=dimensions, count=factor_count))
    if not said:
        return element("p", "")
    words = text("describe.between", language).join(said)
    return element("p", element("b", text("factor_lab.trouble", language)), f" {words}")


def congruence_table(place: Congruence, instrument: Instrument, language: str) -> Markup:
    """Tucker's congruence of factors (columns) with dimensions (rows); the matched pairs are bold."""
    factors = list(place.coefficients.index)
    head = [element("th", text("gap_explorer.dimension", language), scope="col", class_="gk-name")]
    head += [element("th", plain(factor), scope="col") for factor in factors]
    rows = []
    for id, row in place.dimensions.iterrows():
        phi = place.coefficients[id]
        cells = [_cell(float(phi[factor]), matched=factor == row["factor"]) for factor in factors]
        name = element("th", plain(instrument.label(str(id), language)), scope="row", class_="gk-name")
        rows.append(element("tr", name, *cells, data_id=str(id)))
    caption = text("factor_lab.congruence_caption", language)
    inside = element(
        "table",
        element("thead", element("tr", *head)),
        element("tbody", join(rows)),
        class_="gk-heat",
    )
    return scroll_box(inside, caption)


def _cell(value: float, *, matched: bool) -> Markup:
    """One coefficient on its colour."""
    colour = shade(value, 1.0)
    shown = element("b", number(value)) if matched else number(value)
    return element("td", shown, style=f"background:{colour};color:{text_on(colour)}")


def footnotes(survey: Survey, factors: Factors, advice: Retention, kind: str, language: str) -> Markup:
    """Source, method in a sentence, and the method in full as the library says it."""
    short = text("factor_lab.method", language, kind=text(f"factor_lab.{kind}", language), n=count(factors.n))
    source = source_line(survey, factors.n, language) + licence_words(survey)
    return element(
        "footer",
        *source_and_method(source, short, language),
        element(
            "details",
            element("summary", text("survey_words.method_in_full", language)),
            spoken("p", factors.method, language),
            spoken("p", advice.method, language),
            spoken("p", advice.reason, language),
        ),
        lang=language,
    )


def status_words(factors: Factors, place: Congruence, rotation: str, language: str) -> str:
    """What the last change did, for screen readers."""
    counts = {"count": factors.loadings.shape[1], "placed": place.placed, "items": len(place.items)}
    return text("factor_lab.status", language, rotation=text(f"factor_lab.{rotation}", language), **counts)
