"""What every board says of the survey it shows: its heading, the figures' source line, source and method below."""

from __future__ import annotations

from ...survey.summary import running_against
from ...survey.survey import Survey
from ..markup import Markup, element
from ..text import count, plain, text
from ..translation import translated

LONGEST_TITLE, LONGEST_PART = 90, 160


def heading(survey: Survey, board: str, language: str) -> Markup:
    """A board's name, its question, and which survey is shown.

    Parameters
    ----------
    survey : Survey
    board : str
        The board's name among the texts, such as "gap_explorer"; its question is told beside its name.
    language : str
    """
    source = survey.source
    kind = "simulated" if source.simulated else "real" if source.citation else "given"
    about = element(
        "p",
        element("span", plain(source.title, LONGEST_TITLE)),
        element("span", text(f"survey_words.{kind}", language), class_=f"gk-badge gk-{kind}"),
        element("span", survey.instrument.title(language)),
        element("span", text("survey_words.respondents", language, n=count(survey.n))),
        class_="gk-about",
    )
    question = element("p", text(f"board.{board}_question", language), class_="gk-question")
    name = element("h1", text(f"board.{board}", language))
    return element("header", name, question, about, *_against(survey, language), lang=language)


def _against(survey: Survey, language: str) -> list[Markup]:
    """What may make every number of the board wrong."""
    if not survey.source.against:
        return []
    said = translated(running_against(survey.source), language)
    return [element("p", plain(said, 600), class_="gk-alert gk-against", role="note")]


def source_line(survey: Survey, n: int, language: str, *, part: str = "") -> str:
    """A figure's source line: the survey, the part of it that is drawn, and the respondents it rests on."""
    title = plain(survey.source.title, LONGEST_TITLE)
    key = "figure.source_simulated" if survey.source.simulated else "figure.source"
    return text(key, language, title=f"{title}, {plain(part, LONGEST_PART)}" if part else title, n=count(n))


def source_and_method(source: str, method: str, language: str) -> list[Markup]:
    """The first two lines below a board: where the answers come from, and what was computed, in a sentence."""
    return [
        element("p", element("b", text(f"survey_words.{key}", language)), " ", words)
        for key, words in (("source", source), ("method", method))
    ]


def licence_words(survey: Survey) -> str:
    """The survey's licence in brackets; empty where none is told."""
    return f" ({plain(survey.source.licence, 400)})" if survey.source.licence else ""
