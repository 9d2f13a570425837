"""When segments ask for caution, by pencil and on answers made for it."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

import gapkit as gk
from gapkit.explain.segment_caution import STABLE, cautions
from gapkit.explain.segment_names import TELLING
from gapkit.explain.segment_words import reason_of
from gapkit.show.translation import translated


def stability(n, jaccard):
    return pd.DataFrame({"n": n, "jaccard": jaccard}, index=[f"S{k}" for k in range(1, len(n) + 1)])


def test_a_segment_is_small_where_its_mean_is_coarser_than_what_names_one():
    # 1.96 / sqrt(n) = 0.3 at n = 42.7
    told = cautions(stability([400, 43, 42, 7], [0.9] * 4))
    assert TELLING == 0.3
    assert told["small"].tolist() == [False, False, True, True]
    assert told.loc["S1", "half"] == pytest.approx(1.959964 / 20)
    assert told["share"].sum() == pytest.approx(1)


def test_hennigs_limit_of_a_stable_segment_is_the_one_that_counts():
    assert STABLE == 0.75
    assert cautions(stability([99] * 3, [0.75, 0.7499, np.nan]))["unstable"].tolist() == [False, True, False]


def test_a_segment_without_anybody_is_small_and_no_error():
    told = cautions(stability([50, 0], [0.9, 0.1]))
    assert told["small"].tolist() == [False, True]


def test_the_reason_warns_of_a_segment_of_seven(make_survey):
    rng = np.random.default_rng(5)
    many, few = rng.normal(3, 0.5, (180, 4)), rng.normal(6, 0.3, (7, 4))
    rows = np.clip(np.vstack([many, few]), 1, 7).round()
    survey = make_survey(pd.DataFrame(rows, columns=list("abcd")))
    found = gk.segment(survey, max_segments=2, draws=19, resamples=10, starts=4, progress=False)
    assert (found.recommended, found.stability["n"].min()) == (2, 7)
    assert f"Caution: S2, the smallest, has 7 respondents ({7 / 187:.0%})" in found.reason
    assert f"known to ±{1.959964 / 7**0.5:.2f} standard deviations" in found.reason


@pytest.fixture
def heaps(make_survey):
    rng = np.random.default_rng(0)
    rows = np.vstack([rng.normal(middle, 0.4, (100, 4)) for middle in (2, 6)]).round()
    survey = make_survey(pd.DataFrame(rows, columns=list("abcd")))
    return gk.segment(survey, max_segments=2, draws=19, resamples=5, starts=4, progress=False)


def test_two_clear_heaps_ask_for_no_caution(heaps):
    assert heaps.recommended == 2
    assert "Caution" not in heaps.reason


def test_the_reason_says_which_segments_do_not_come_back(heaps):
    once, _ = heaps.found.jaccard
    doubtful = replace(heaps.found, jaccard=(once, np.array([0.8, 0.6])))
    said = reason_of(doubtful, heaps.basis)
    assert said.endswith("Caution: not found again reliably (mean Jaccard below 0.75): S2 0.60.")
    assert "平均 Jaccard 低于 0.75" in translated(said, "zh-Hans")
