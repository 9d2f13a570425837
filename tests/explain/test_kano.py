"""Kano's table: the published one to its last printed digit, counts by hand, and the kiosk survey's real pairs."""

from __future__ import annotations

import json
import os
import re
from itertools import product
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import gapkit as gk
from gapkit.explain.kano_table import EVALUATION, kano_category

PUBLISHED = Path(__file__).parents[2] / "data" / "published" / "kano_stp25.json"
KOREAN = ("마음에 든다", "당연하다", "아무런 느낌이 없다", "하는 수 없다", "마음에 안 든다")


@pytest.fixture(scope="module")
def published():
    rows = json.loads(PUBLISHED.read_text(encoding="utf-8"))["rows"]
    names = [*"MOAIRQ", "most", "category", "total_strength", "category_strength", "plus", "minus", "chi2", "fong"]
    return pd.DataFrame.from_dict(rows, orient="index", columns=names)


def test_every_derived_figure_of_the_published_table(published):
    found = gk.kano_from_counts(published[list("MOAIRQ")])
    assert found.categories["most"].tolist() == published["most"].tolist()
    assert found.categories["category"].tolist() == published["category"].tolist()
    assert (100 * found.categories["total_strength"]).round().tolist() == published["total_strength"].tolist()
    assert (100 * found.categories["category_strength"]).round().tolist() == published["category_strength"].tolist()
    assert found.coefficients["satisfaction"].round(3).tolist() == published["plus"].tolist()
    assert found.coefficients["dissatisfaction"].round(3).tolist() == published["minus"].tolist()
    assert found.categories["chi2"].round(2).tolist() == published["chi2"].tolist()
    assert found.n == 296


def test_fong_of_the_published_table(published):
    found = gk.kano_from_counts(published[list("MOAIRQ")]).fong
    for name, printed in published["fong"].items():
        difference, limit, verdict = re.fullmatch(r"(\d+)<([\d.]+) (sig|ns)", printed).groups()
        assert found.loc[name, "difference"] == int(difference)
        assert round(found.loc[name, "limit"], 1) == float(limit)
        assert found.loc[name, "significant"] == (verdict == "sig")


def test_answers_that_give_the_published_counts_give_the_published_table(published):
    place = {category: divmod("".join(EVALUATION).index(category), 5) for category in "AOMIRQ"}
    columns, pairs = {}, {}
    for name, row in published.iterrows():
        answers = [place[category] for category in "MOAIRQ" for _ in range(row[category])]
        columns |= {f"{name} with": [f + 1 for f, _ in answers], f"{name} without": [d + 1 for _, d in answers]}
        pairs[name] = f"{name} with", f"{name} without"
    found, expected = gk.kano(pd.DataFrame(columns), pairs=pairs), gk.kano_from_counts(published[list("MOAIRQ")])
    for name, table in expected.tables.items():
        pd.testing.assert_frame_equal(found.tables[name], table)


def test_the_twenty_five_cells_of_the_evaluation_table():
    found = {"".join(kano_category(f, d) for d in range(5)) for f in range(5)}
    assert found == {"QAAAO", "RIIIM", "RRRRQ"}
    # by its logic: liking or disliking both is questionable, liking it only when absent is reverse
    assert kano_category(0, 0) == kano_category(4, 4) == "Q"
    assert {kano_category(f, 0) for f in range(1, 5)} == {"R"} == {kano_category(4, d) for d in range(4)}
    assert {kano_category(f, d) for f, d in product(range(1, 4), repeat=2)} == {"I"}
    assert {kano_category(0, d) for d in range(1, 4)} == {"A"}
    assert {kano_category(f, 4) for f in range(1, 4)} == {"M"}


def test_words_count_as_the_scale_whatever_their_blanks_case_and_full_stop():
    scale = ("like", "must be", "neutral", "live with", "dislike")
    answers = pd.DataFrame({"f": ["Like.", " must  be", None, "like"], "d": ["dislike", "DISLIKE.", "like", ""]})
    found = gk.kano(answers, pairs={"app": ("f", "d")}, scale=scale)
    assert found.respondents["app"].tolist()[:2] == ["O", "M"]
    assert found.respondents["app"].isna().tolist() == [False, False, True, True]
    assert found.n == 2
    assert "2 of 4 pairs lack an answer" in found.method


def test_weighted_counts_are_scaled_to_the_effective_n():
    answers = pd.DataFrame({"f": [1, 1, 2], "d": [5, 3, 5]})
    found = gk.kano(answers, pairs={"app": ("f", "d")}, weights=[2.0, 1, 1])
    # Kish: 16 / 6; half of it is O, a quarter A, a quarter M
    assert found.counts.loc["app", ["O", "A", "M"]].tolist() == pytest.approx([8 / 6, 4 / 6, 4 / 6])
    assert found.coefficients.loc["app", "satisfaction"] == pytest.approx(0.75)
    equal = gk.kano(answers, pairs={"app": ("f", "d")}, weights=[3.0, 3, 3])
    assert equal.counts.loc["app", ["O", "A", "M"]].tolist() == pytest.approx([1, 1, 1])


def test_a_survey_brings_its_own_columns_and_weights(make_survey):
    respondents = pd.DataFrame({"f": [1, 1, 2], "d": [5, 3, 5], "weight": [2.0, 1, 1]})
    found = gk.kano(make_survey(pd.DataFrame({"a": [1, 2, 3]}), respondents=respondents), pairs={"app": ("f", "d")})
    assert found.counts.loc["app", "O"] == pytest.approx(8 / 6)
    assert found.source == "Twelve guests, n = 3"


@pytest.mark.parametrize(
    ("answers", "options", "message"),
    [
        ({"f": [1], "d": [6]}, {}, r"app \(dysfunctional\): 6.0 is not on the scale 1, 2, 3, 4, 5"),
        ({"f": [1], "x": [5]}, {}, "pairs: d; each attribute needs the names of two of the 2 columns"),
        ({"f": [None], "d": [5]}, {}, "app: nobody answered both questions"),
        ({"f": [1], "d": [5]}, {"scale": (1, 2, 3)}, "scale: give five different answers"),
    ],
)
def test_wrong_answers_are_refused(answers, options, message):
    with pytest.raises(ValueError, match=message):
        gk.kano(pd.DataFrame(answers), pairs={"app": ("f", "d")}, **options)


def test_counts_that_are_none_are_refused():
    with pytest.raises(ValueError, match="counts: X, I unknown or absent"):
        gk.kano_from_counts(pd.DataFrame({"A": [1], "O": [1], "M": [1], "X": [1]}))
    with pytest.raises(ValueError, match="app: no counts of A, O, M or I"):
        gk.kano_from_counts(pd.DataFrame({"A": [0], "O": [0], "M": [0], "I": [0]}, index=["app"]))


def kiosk_pairs(headers):
    """The export's pairs: "7-1. What if ..., how would you feel?" and 7-2, by their number."""
    asked = [(re.match(r"\s*(\d+)-([12])\.", text), place) for place, text in enumerate(headers) if "느낌이" in text]
    found = {}
    for number, place in asked:
        found.setdefault(int(number[1]), {})[number[2]] = place
    return {f"k{number:02d}": (place["1"], place["2"]) for number, place in sorted(found.items())}


def test_the_pairs_of_the_kiosk_survey():
    if "GAPKIT_DATA" not in os.environ:
        pytest.skip("GAPKIT_DATA names no folder with the kiosk survey")
    raw = gk.read_table(Path(os.environ["GAPKIT_DATA"]) / "kservqual" / "kiosk.csv")
    pairs = kiosk_pairs(raw.headers)
    assert len(pairs) == 29
    found = gk.kano(raw.cells, pairs=pairs, scale=KOREAN)
    assert (found.counts.sum(axis=1) == 207).all()
    # one attribute counted by hand: crosstab of the raw cells, with the table applied to its 25 numbers
    f, d = (raw.cells[place].str.strip(" .") for place in pairs["k21"])
    numbers = pd.crosstab(f, d).reindex(index=KOREAN, columns=KOREAN, fill_value=0).to_numpy()
    for category in "AOMIRQ":
        cells = np.array([list(row) for row in EVALUATION]) == category
        assert found.counts.loc["k21", category] == numbers[cells].sum()
    # not being overlooked when typing a PIN is taken for granted
    assert found.categories.loc["k21", "category"] == "M"
