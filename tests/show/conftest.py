"""Surveys small enough to check with a pencil, and figures' SVG as a tree."""

import re

import pandas as pd
import pytest

import gapkit as gk

SERVQUAL = gk.load_instrument("servqual")


def made_survey(perceived, *, expected=6, respondents=None, title="Twelve guests", allocations=None, simulated=False):
    """A survey in which respondent i expects `expected` everywhere and perceives perceived[i] (a number or a dict)."""
    ids, rows = list(SERVQUAL.item_ids), []
    for level in perceived:
        by_dimension = level if isinstance(level, dict) else {}
        other = by_dimension.get("else", 6) if by_dimension else level
        rows.append([by_dimension.get(item.dimension, other) for item in SERVQUAL.items])
    P = pd.DataFrame(rows, columns=ids, dtype=float)
    E = pd.DataFrame(expected, index=P.index, columns=ids, dtype=float)
    return gk.Survey(
        SERVQUAL,
        expectations=E,
        perceptions=P,
        allocations=allocations,
        respondents=respondents if respondents is not None else pd.DataFrame(index=P.index),
        source=gk.Source(title=title, simulated=simulated),
    )


@pytest.fixture
def make_survey():
    return made_survey


@pytest.fixture
def three_hotels():
    """Hotel A: gap -1 (reliability -2). Hotel B: gap 0. Hotel C: three guests only, too few to show."""
    hotel_a = {"reliability": 4, "else": 5}
    respondents = pd.DataFrame({"hotel": list("AAAAAABBBBBBCCC"), "weight": [1.0] * 6 + [3.0] * 6 + [1.0] * 3})
    return made_survey([hotel_a] * 6 + [6] * 6 + [1] * 3, respondents=respondents)


@pytest.fixture
def gap_rows():
    """Two rows of a gap table."""
    columns = {
        "E": [6.0, 6.5],
        "P": [4.5, 5.5],
        "gap": [-1.5, -1.0],
        "low": [-1.7, -1.2],
        "high": [-1.3, -0.8],
        "n": [40, 38],
    }
    return pd.DataFrame(columns, index=["empathy", "assurance"])


@pytest.fixture
def english_in():
    """Stretches of three and more English words in a page's text: names of statistics are shorter."""

    def found(markup):
        return re.findall(r"\b[a-z]{2,}(?: [a-z]{2,}){2,}", re.sub(r"<[^>]*>", " | ", markup))

    assert found("<p>A dimension is the mean of all.</p>") == ["dimension is the mean of all"]
    return found
