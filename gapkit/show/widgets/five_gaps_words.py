"""The five gaps board's words and numbers: tiles, causes, actions, source and method, in a language."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

from ...measure.antecedents import Antecedents, gap_of
from ...measure.chain import FiveGaps
from ...measure.positions import SURVEYS
from ...survey.instrument import Instrument, load_instrument
from ...survey.survey import Survey
from ..markup import Markup, element, join
from ..plots.chain_words import interval_or_nothing, number_or_status, score_name, state_of
from ..text import count, number, plain, text
from ..translation import spoken
from .pieces import Tile
from .survey_words import source_and_method, source_line

SHOWN_ACTIONS = 5
MEASURED = "measured"


def states(five: FiveGaps, score: str) -> dict[str, str]:
    """The state of each gap of one branch: "found", "other", "open", "not measured" or "suppressed"."""
    return {str(gap): state_of(row, str(gap)) for gap, row in _rows(five, score).items()}


def _rows(five: FiveGaps, score: str) -> dict[Any, dict[Any, Any]]:
    """The gaps of one score as dicts."""
    own = pd.DataFrame(five.gaps.loc[score])
    return dict(zip(own.index.tolist(), own.to_dict("records"), strict=True))


def gap_tiles(five: FiveGaps, score: str, minimum_n: int, language: str) -> list[Tile]:
    """One tile a gap, in the order of the model."""
    made = []
    for gap, row in _rows(five, score).items():
        value = number_or_status(row["value"], state_of(row, gap), language)
        if row["status"] == MEASURED:
            counts = {"n_from": count(row["n_from"]), "n_to": count(row["n_to"])}
            ends = interval_or_nothing(row["low"], row["high"])
            note = text("five_gaps.tile_note", language, interval=ends, **counts)
        else:
            key = "suppressed_note" if row["status"] == "suppressed" else "not_measured_note"
            value, note = "–", text(f"five_gaps.{key}", language, minimum=minimum_n)
        made.append(Tile(text(f"five_gaps.{gap}", language), value, note, str(gap)))
    return made


def chain_source(five: FiveGaps, customers: Survey, by: str, branch: str, language: str) -> str:
    """The figure's source line with the number of respondents behind each position."""
    part = f"{plain(by)} {plain(branch)}" if branch else ""
    parts = [source_line(customers, five.n, language, part=part)]
    counts = five.means["n"].groupby(level="position").max()
    parts += [
        f"{text(f'five_gaps.who_{at.lower()}', language)} n = {count(counts[at])}" for at in "MSDC" if counts[at] > 0
    ]
    return text("five_gaps.list", language).join(parts)


def causes_card(
    five: FiveGaps, score: str, asked: Antecedents | None, everyone: Antecedents | None, instrument: Instrument | None,
    branch: str, minimum_n: int, language: str,
) -> Markup:  # fmt: skip
    """The causes of the gaps found inside the firm: with what people say about them, where they were asked."""
    within = [score, *five.instrument.dimension_ids] if score == "overall" else [score]
    where = {one: {gap for gap, state in states(five, one).items() if state == "found"} for one in within}
    found = sorted(set().union(*where.values()) - {"gap_5"})
    title = element("h2", text("five_gaps.causes", language))
    if not found:
        return join([title, element("p", text("five_gaps.causes_none", language), class_="gk-note")])
    named = instrument or load_instrument("antecedents")
    scale = {"low": f"{named.scale.low:g}", "high": f"{named.scale.high:g}"}
    told = "lead" if everyone is not None else "few" if instrument is not None else "unmeasured"
    lead = [text(f"five_gaps.causes_{told}", language, minimum=minimum_n, **scale)]
    if everyone is not None and asked is None:
        lead.append(text("five_gaps.causes_together", language))
    parts = [title, element("p", text("describe.between", language).join(lead), class_="gk-note")]
    for gap in found:
        causes = [dimension for dimension in named.dimensions if gap_of(dimension.id) == gap]
        lines = [(dimension.label(language), *_mean(asked, everyone, branch, dimension.id)) for dimension in causes]
        lines.sort(key=lambda line: line[1] if np.isfinite(line[1]) else np.inf)
        items = []
        for name, mean, usual, low in lines:
            values = {"mean": number(mean, 1), "all": number(usual, 1)}
            key = "cause_scores" if branch and asked is not None else "cause_score"
            said = f" · {text(f'five_gaps.{key}', language, **values)}" if np.isfinite(mean) else None
            items.append(element("li", element("b" if low else "span", name), said))
        parts += [element("h3", text(f"five_gaps.{gap}", language)), _found_in(five, where, gap, language)]
        parts.append(element("ul", join(items)))
    return join(parts)


def _found_in(five: FiveGaps, where: Mapping[str, set[str]], gap: str, language: str) -> Markup:
    """In which dimensions a gap was found, where the tiles show all of them together and hold zero."""
    if "overall" not in where or gap in where["overall"]:
        return Markup("")
    names = [five.instrument.label(one, language) for one, gaps in where.items() if gap in gaps]
    said = text("five_gaps.found_in", language, names=text("five_gaps.list", language).join(names))
    return element("p", said, class_="gk-note")


def _mean(
    asked: Antecedents | None, everyone: Antecedents | None, branch: str, cause: str
) -> tuple[float, float, bool]:
    """A cause's mean in the branch and over all, and whether the branch lies clearly below."""
    if everyone is None or cause not in everyone.scores.index:
        return np.nan, np.nan, False
    usual = float(everyone.scores["mean"].loc[cause])
    if not branch or asked is None:
        return usual, usual, False
    if (branch, cause) not in asked.scores.index:
        return np.nan, usual, False
    mean, high = (float(asked.scores[name].loc[(branch, cause)]) for name in ("mean", "high"))
    return mean, usual, high < usual


def actions_card(listed: pd.DataFrame, language: str) -> Markup:
    """The actions listed, the first few in sight, each with its reason."""
    title = element("h2", text("five_gaps.actions", language))
    if listed.empty:
        return join([title, element("p", text("five_gaps.actions_none", language), class_="gk-note")])
    lead = element("p", text("five_gaps.actions_lead", language), class_="gk-note")
    items = [_action(row, language) for row in listed.to_dict("records")]
    first = element("ol", join(items[:SHOWN_ACTIONS]), class_="gk-actions")
    if len(items) <= SHOWN_ACTIONS:
        return join([title, lead, first])
    summary = element("summary", text("five_gaps.more_actions", language, count=len(items)))
    rest = element("ol", join(items[SHOWN_ACTIONS:]), start=SHOWN_ACTIONS + 1, class_="gk-actions")
    return join([title, lead, first, element("details", summary, rest)])


def _action(row: Mapping[Any, Any], language: str) -> Markup:
    """One action: what to do, why it is listed, what it takes, how it is backed."""
    evidence = text(f"five_gaps.evidence_{str(row['evidence']).split()[0]}", language)
    facts = [
        (text("five_gaps.cost", language), text(f"five_gaps.cost_{row['cost']}", language)),
        (text("five_gaps.months", language), f"{row['months']:g}"),
        (text("five_gaps.evidence", language), f"{evidence} — {row['source']}"),
    ]
    colon = text("five_gaps.colon", language)
    said = " · ".join(f"{name}{colon}{value}" for name, value in facts)
    what, why = element("b", row["text"]), element("p", row["why"])
    return element("li", what, why, element("p", said, class_="gk-note"), data_action=row["action"])


def footnotes(five: FiveGaps, score: str, source: str, minimum_n: int, language: str) -> Markup:
    """Source, method, the identity, and a word about many intervals."""
    level = f"{100 * five.confidence:g}"
    lines = source_and_method(source, text("five_gaps.method", language, level=level), language)
    if score in five.identity.index:
        check: dict[Any, Any] = dict(five.identity.loc[score])
        values = {"sum": number(check["sum_of_links"]), "gap": number(check["gap_5"])}
        lines.append(element("p", text("five_gaps.identity", language, **values)))
    shown = int((five.gaps["status"] == MEASURED).sum())
    lines.append(element("p", text("five_gaps.single", language, count=shown)))
    if len(five.suppressed):
        names = text("five_gaps.list", language).join(
            _hidden(str(what), five, language) for what in five.suppressed["what"]
        )
        lines.append(element("p", text("five_gaps.hidden", language, names=names, minimum=minimum_n)))
    details = element(
        "details",
        element("summary", text("survey_words.method_in_full", language)),
        spoken("p", five.method, language),
    )
    return element("footer", *lines, details)


def _hidden(what: str, five: FiveGaps, language: str) -> str:
    """Whose means are not shown, and of which dimension."""
    role, _, score = what.partition(", ")
    letter = next(letter for letter, name in SURVEYS.items() if name == role)
    who = text(f"five_gaps.who_{letter.lower()}", language)
    return f"{who} ({score_name(five, score, language)})" if score else who


def status_words(five: FiveGaps, score: str, branch: str, language: str) -> str:
    """What is shown now, in one sentence, for screen readers."""
    where = {
        "branch": plain(branch) or text("five_gaps.all_branches", language),
        "score": score_name(five, score, language),
    }
    rows = _rows(five, score)
    found = {
        gap: abs(rows[gap]["value"])
        for gap, state in states(five, score).items()
        if state == "found" and gap != "gap_5"
    }
    if not found:
        return text("five_gaps.status_none", language, **where)
    gap = max(found, key=lambda name: found[name])
    value = number(rows[gap]["value"], signed=True)
    return text("five_gaps.status", language, name=text(f"five_gaps.{gap}", language), value=value, **where)
