"""The segments board's sentences and tiles: what was asked, what is recommended and why, source and method."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from ..markup import Markup, element, join
from ..text import NOTHING, count, number, percent, text
from ..translation import spoken
from .caution import caution
from .pieces import Tile
from .segments_view import MINIMUM_N, SegmentView
from .survey_words import licence_words, source_and_method
from .survey_words import source_line as survey_source

if TYPE_CHECKING:
    from ...explain.segment_tests import OneMore
    from ...explain.segments import Segments

MOSTLY_LEVEL = 0.8
"""Share of level from which segments are called slices of one scale."""


def progress_bar(share: float, language: str) -> Markup:
    """How far a search is, for eyes and for screen readers."""
    words = text("segments_board.searching", language, share=percent(share))
    bar = element(
        "div",
        element("span", style=f"--gk-done:{share:.3f}"),
        class_="gk-progress",
        role="progressbar",
        aria_valuemin=0,
        aria_valuemax=100,
        aria_valuenow=f"{100 * share:.0f}",
        aria_label=text("segments_board.progress", language),
    )
    return Markup(element("p", words) + bar)


def segments_tiles(view: SegmentView, language: str) -> list[Tile]:
    """The four numbers to know: how many, how stable, how certain, how much of it is level."""
    found = view.segments
    k = found.recommended
    value = text("segments_board.none", language) if k == 1 else str(k)
    shown = text("segments_board.shown", language, count=found.n_segments)
    jaccard = found.stability["jaccard"].to_numpy(float)
    several = found.n_segments > 1
    lowest = float(jaccard.min()) if several and np.isfinite(jaccard).all() else np.nan
    level = found.level_share if several else np.nan
    key = "level_centred" if found.centre else "level_note"
    return [
        Tile(
            text("segments_board.recommended", language), value, _with_cautions(found, shown, language), "recommended"
        ),
        Tile(
            text("segments_board.lowest", language),
            number(lowest),
            text(f"segments_board.{reading_of(lowest)}", language),
            "stability",
        ),
        Tile(
            text("segments_board.certainty", language),
            percent(view.certainty()),
            text("segments_board.certainty_note", language),
            "certainty",
        ),
        Tile(
            text("segments_board.level", language),
            percent(level) if np.isfinite(level) else NOTHING,
            text(f"segments_board.{key}", language),
            "level",
        ),
    ]


def _with_cautions(found: Segments, shown: str, language: str) -> Markup:
    """How many are shown and how large the smallest is, with a caution where it is small or one does not come back."""
    from ...explain.segment_caution import STABLE, cautions
    from ...explain.segment_names import TELLING

    if found.n_segments == 1:
        return element("span", shown)
    told = cautions(found.stability)
    least = int(told["n"].to_numpy().argmin())
    few = {str(key): value for key, value in told.iloc[least].to_dict().items()}
    n = count(few["n"])
    about = {"shown": shown, "segment": str(told.index[least]), "n": n, "share": percent(few["share"])}
    said = [element("span", text("segments_board.smallest", language, **about))]
    if few["small"]:
        values = {"n": n, "half": number(few["half"]), "telling": f"{TELLING:g}"}
        said.append(caution(text("segments_board.caution_small", language, **values)))
    if told["unstable"].any():
        weak = told["jaccard"][told["unstable"]]
        named = text("segments.between", language).join(f"{segment} {number(value)}" for segment, value in weak.items())
        values = {"least": f"{STABLE:g}", "segments": named}
        said.append(caution(text("segments_board.caution_unstable", language, **values)))
    return join(said)


def reading_of(jaccard: float) -> str:
    """Hennig's reading of a mean Jaccard similarity, as a key.

    Examples
    --------
    >>> reading_of(0.9), reading_of(0.5), reading_of(float("nan"))
    ('highly_stable', 'untrusted', 'no_stability')
    """
    if not np.isfinite(jaccard):
        return "no_stability"
    steps = ((0.85, "highly_stable"), (0.75, "stable"), (0.6, "pattern"))
    return next((key for least, key in steps if jaccard >= least), "untrusted")


def reason_words(found: Segments, language: str) -> str:
    """Why so many segments, from the numbers of the table."""
    k, table = found.recommended, found.table
    said = []
    if k > 1 and np.isfinite(table["p"].get(k, np.nan)):
        said.append(text("segments_board.reason_adds", language, less=k - 1, **_gain(found, k, language)))
    if k + 1 in table.index and np.isfinite(table["p"][k + 1]):
        key, numbers = "reason_none" if k == 1 else "reason_no_more", _gain(found, k + 1, language)
        said.append(text(f"segments_board.{key}", language, **numbers, **({} if k == 1 else {"less": k})))
    elif k == int(table.index.max()):
        said.append(text("segments_board.reason_most", language, count=k))
    if found.n_segments > 1 and not found.centre and found.level_share >= MOSTLY_LEVEL:
        said.append(text("segments_board.reason_level", language, share=percent(found.level_share)))
    return text("describe.between", language).join(said)


def _gain(found: Segments, size: int, language: str) -> dict[str, str]:
    """The numbers of the test of one size against one less, as they are shown."""
    gain, null = (float(found.table[name].to_numpy(float)[size - 1]) for name in ("gain", "gain_null"))
    digits = 2 if abs(gain) < 10 else 0
    return {
        "gain": number(gain, digits),
        "null": number(null, digits),
        "p": _p_words(found.found.tests[size - 2], language),
    }


def _p_words(test: OneMore, language: str) -> str:
    """The p of a test; of one that ended early only on which side of the level it lies, and after how many draws."""
    from ...explain.segment_tests import LEVEL

    key = "p_exact" if not test.settled_early else "p_above" if test.p > LEVEL else "p_below"
    about = {"p": number(test.p, 2 if test.p >= 0.1 else 3), "level": f"{LEVEL:g}"}
    return text(f"segments_board.{key}", language, drawn=len(test.null), draws=test.asked, **about)


def hint(view: SegmentView, language: str) -> Markup:
    """What the choice that is shown means, where it is not the recommended one or where little can be said."""
    found, said = view.segments, []
    if found.n_segments != found.recommended:
        said.append(text("segments_board.not_recommended", language, count=found.n_segments, best=found.recommended))
    if small := view.profiles.not_shown:
        hidden = text("segments.between", language).join(small)
        said.append(text("segments_board.hidden", language, names=hidden, minimum=MINIMUM_N))
    return element("p", text("describe.between", language).join(said))


def source_line(view: SegmentView, language: str) -> str:
    """The figures' source line."""
    return survey_source(view.survey, view.segments.n, language)


def footnotes(view: SegmentView, language: str) -> Markup:
    """Source, method in a sentence, and the methods in full as the library states them."""
    level = f"{100 * view.profiles.confidence:g}"
    source = source_line(view, language) + licence_words(view.survey)
    return element(
        "footer",
        *source_and_method(source, text("segments_board.method", language, level=level, minimum=MINIMUM_N), language),
        element(
            "details",
            element("summary", text("survey_words.method_in_full", language)),
            spoken("p", view.segments.reason, language),
            spoken("p", view.segments.method, language),
            spoken("p", view.profiles.method, language),
        ),
        lang=language,
    )


def status_words(view: SegmentView, language: str) -> str:
    """What the last change did, for screen readers."""
    found = view.segments
    key = "status_none" if found.recommended == 1 else "status"
    return text(f"segments_board.{key}", language, best=found.recommended, count=found.n_segments)
