"""What the panel for a file of one's own says: limits, what was found where, what is to be put right."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import pandas as pd

from ...survey.instrument import Instrument
from ...survey.suggest import Suggestion
from ..markup import Markup, element, join
from ..text import NOTHING, count, percent, plain, text
from ..translation import foreign, translated
from .downloads import download_links
from .own_survey_file import MEGABYTE, MOST_BYTES, MOST_ROWS, POINTS, Place, Upload
from .pieces import scroll_box

MOST_COLUMNS, MOST_FAULTS = 150, 30


def lead(title: str, language: str) -> Markup:
    """The panel's head, by its key, and what it takes."""
    limits = {"megabytes": count(MOST_BYTES / MEGABYTE), "rows": f"{MOST_ROWS:,}"}
    return join(
        [
            element("h2", text(title, language)),
            element("p", text("own_survey.limits", language, **limits), class_="gk-note"),
            element("p", text("own_survey.others", language), class_="gk-note"),
        ]
    )


def form_links(instrument: Instrument, language: str) -> Markup:
    """An empty file and the questionnaire, to begin with."""
    from .. import forms  # made when somebody opens the panel

    files = [
        (text("own_survey.template_csv", language), (f"{instrument.id}.csv", forms.template_csv(instrument))),
        (
            text("own_survey.template_xlsx", language),
            (f"{instrument.id}.xlsx", forms.template_xlsx(instrument, language=language)),
        ),
        (
            text("own_survey.questionnaire", language),
            (f"{instrument.id}_{language}.html", forms.questionnaire(instrument, language=language)),
        ),
    ]
    return join([element("p", text("own_survey.forms", language), class_="gk-note"), download_links(files)])


def place_name(place: Place, instrument: Instrument, language: str) -> str:
    """An item of a battery by its names."""
    battery, id = place
    if battery == POINTS:
        dimension = plain(instrument.label(id, language))
        return text("own_survey.place", language, battery=text("own_survey.points", language), item=dimension)
    return text(
        "own_survey.place",
        language,
        battery=text(f"report.battery_{battery}", language),
        item=f"{plain(id, 20)} {plain(instrument.label(id, language))}",
    )


def column_name(number: int, header: object) -> str:
    """A column by its number and head."""
    return f"{number} · {plain(header, 48)}"


def found_words(
    upload: Upload,
    suggestion: Suggestion,
    found: Mapping[Place, int],
    chosen: Mapping[Place, int | None],
    instrument: Instrument,
    language: str,
) -> Markup:
    """How many columns were placed, battery by battery, what was guessed, and the whole table in a fold."""
    columns = len(suggestion.columns)
    said = [
        text("own_survey.found", language, file=upload.shown, placed=count(len(found)), columns=count(columns)),
        *(
            text(
                "own_survey.found_battery",
                language,
                battery=text(f"report.battery_{battery}", language),
                found=count(sum(own == battery for own, _ in found)),
                items=count(len(instrument.items)),
            )
            for battery in instrument.batteries
        ),
    ]
    if points := sum(own == POINTS for own, _ in found):
        whole = len(instrument.dimensions)
        key = "found_points" if points == whole else "found_some_points"
        said.append(text(f"own_survey.{key}", language, found=count(points), dimensions=count(whole)))
    notes = [
        element("p", plain(translated(note, language), 600), lang=foreign(note, language), class_="gk-note")
        for note in suggestion.notes
    ]
    fold = element(
        "details",
        element("summary", text("own_survey.columns_head", language)),
        _columns_table(suggestion, found, chosen, instrument, language),
    )
    return join([element("p", text("describe.between", language).join(said)), *notes, fold])


def _columns_table(
    suggestion: Suggestion,
    found: Mapping[Place, int],
    chosen: Mapping[Place, int | None],
    instrument: Instrument,
    language: str,
) -> Markup:
    """Every column: its head, what it was taken for, how surely and why."""
    holds = {column: place for place, column in found.items()}
    keys = ("column", "header", "taken_as", "confidence", "why")
    heads = [element("th", text(f"own_survey.{key}", language), scope="col") for key in keys]
    rows = []
    for row in suggestion.columns.head(MOST_COLUMNS).to_dict("records"):
        number = int(row["column"])
        place = holds.get(number)
        by_hand = place is not None and chosen.get(place) == number
        taken = place_name(place, instrument, language) if place else text("own_survey.nothing", language)
        confidence = NOTHING if by_hand or not row["confidence"] else percent(float(row["confidence"]))
        why = text("own_survey.moved", language) if by_hand else plain(translated(row["why"], language), 160)
        cells = [element("td", part) for part in (plain(row["header"], 48), taken, confidence)]
        cells.append(element("td", why, lang=None if by_hand else foreign(row["why"], language)))
        rows.append(element("tr", element("th", number, scope="row"), *cells))
    more = len(suggestion.columns) - MOST_COLUMNS
    name = text("own_survey.columns_head", language)
    table = element("table", element("thead", element("tr", *heads)), element("tbody", join(rows)), class_="gk-told")
    note = element("p", text("own_survey.more_columns", language, count=count(more)), class_="gk-note")
    box = element("div", table, class_="gk-scroll", role="region", aria_label=name, tabindex=0)
    return join([box, note] if more > 0 else [box])


def fault_table(upload: Upload, faults: pd.DataFrame, language: str) -> Markup:
    """What is to be put right, in place."""
    heads = [
        element("th", text(f"own_survey.fault_{key}", language), scope="col")
        for key in ("what", "where", "rows", "remedy")
    ]
    rows = [
        element(
            "tr",
            *(element("td", plain(translated(row[key], language), 400)) for key in ("what", "where", "rows", "remedy")),
        )
        for row in faults.head(MOST_FAULTS).to_dict("records")
    ]
    said = text("own_survey.faults", language, file=upload.shown, count=count(len(faults)))
    table = element("table", element("thead", element("tr", *heads)), element("tbody", join(rows)), class_="gk-told")
    parts = [scroll_box(table, said)]
    if len(faults) > MOST_FAULTS:
        left = count(len(faults) - MOST_FAULTS)
        parts.append(element("p", text("own_survey.more_faults", language, count=left), class_="gk-note"))
    parts.append(element("p", text("own_survey.fields", language), class_="gk-note"))
    return element("div", join(parts), role="alert", class_="gk-faults")


def took(key: str, file: str, n: int, language: str) -> Markup:
    """What became of a file, by the key of the sentence."""
    return element("p", text(key, language, file=file, n=count(n)), class_="gk-note", role="status")


def lacks(file: str, batteries: Iterable[str], language: str) -> Markup:
    """That a file has no column of some batteries."""
    named = listed((text(f"report.battery_{battery}", language) for battery in batteries), language)
    return refusal(text("own_survey.lacks", language, file=file, batteries=named))


def refusal(words: str) -> Markup:
    """Why a file was not taken."""
    return element("div", element("p", words), role="alert", class_="gk-alert")


def listed(names: Iterable[str], language: str) -> str:
    """Names in a row."""
    return text("report.between", language).join(names)
