from __future__ import annotations

import json
from fractions import Fraction
from math import factorial, sqrt
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from gapkit.measure.indicators import csat, nps

WORKED = Path(__file__).parents[2] / "data" / "published" / "nps_worked.json"
Z = 1.959963984540054


def test_the_worked_net_promoter_score_is_reproduced():
    worked = json.loads(WORKED.read_text(encoding="utf-8"))
    n = 324
    shares = [Fraction(worked[name]) for name in ("p_promoter", "p_passive", "p_detractor")]
    answers = np.repeat([10, 8, 3], [int(share * n) for share in shares])
    score = nps(answers)
    row = score.table.loc["NPS"]
    assert score.value == pytest.approx(float(Fraction(worked["NPS"])))
    assert row[["promoters", "passives", "detractors"]].tolist() == pytest.approx([1 / 2, 1 / 3, 1 / 6])
    assert row["se"] ** 2 * n == pytest.approx(5 / 9)
    assert row["se"] == pytest.approx(0.0414, abs=5e-5)
    assert (row["low"], row["high"]) == pytest.approx((1 / 3 - Z * row["se"], 1 / 3 + Z * row["se"]), abs=0.005)


def test_where_all_are_promoters_the_interval_ends_where_pencil_and_paper_say():
    # without detractors the variance under delta is (1 - delta)(1 + delta): n (1 - delta) / (1 + delta) = z^2
    for n in (1, 3, 50):
        row = nps([10] * n).table.loc["NPS"]
        assert (row["low"], row["high"]) == pytest.approx(((n - Z**2) / (n + Z**2), 1))
    row = nps([0] * 3).table.loc["NPS"]
    assert (row["low"], row["high"]) == pytest.approx((-1, -(3 - Z**2) / (3 + Z**2)))


@pytest.mark.parametrize("answers", [[10, 9, 9, 8], [0, 1, 10], [10, 9, 9, 8, 7, 3], [5] * 30 + [9] * 12 + [8] * 20])
def test_at_an_end_of_the_interval_the_likeliest_shares_are_z_standard_errors_away(answers):
    """The score equation, with the shares under a given difference found by looking at all of them."""
    row = nps(answers).table.loc["NPS"]
    n = len(answers)
    p, d, rest = (n * row[name] for name in ("promoters", "detractors", "passives"))
    for end in (row["low"], row["high"]):
        assert -1 < end < 1
        detractors = np.linspace(max(0, -end), (1 - end) / 2, 400_001)[1:-1]
        likelihood = p * np.log(detractors + end) + d * np.log(detractors) + rest * np.log(1 - end - 2 * detractors)
        least = detractors[likelihood.argmax()]
        se = sqrt((2 * least + end - end**2) / n)
        assert abs(row["value"] - end) / se == pytest.approx(Z, abs=1e-3)


@pytest.mark.parametrize("shares", [(0.5, 0.3, 0.2), (0.8, 0.15, 0.05), (0.3, 0.3, 0.4)])
def test_of_all_samples_of_twenty_the_interval_holds_the_truth_in_about_95_of_100(shares):
    truth, held = shares[0] - shares[2], 0.0
    for promoters in range(21):
        for detractors in range(21 - promoters):
            passives = 20 - promoters - detractors
            ways = factorial(20) / factorial(promoters) / factorial(passives) / factorial(detractors)
            chance = ways * shares[0] ** promoters * shares[1] ** passives * shares[2] ** detractors
            row = nps([10] * promoters + [8] * passives + [3] * detractors).table.loc["NPS"]
            held += chance * (row["low"] <= truth <= row["high"])
    assert 0.93 < held < 0.98


def test_promoters_answer_9_or_10_and_detractors_0_to_6():
    row = nps(range(11)).table.loc["NPS"]
    assert row[["promoters", "passives", "detractors"]].tolist() == pytest.approx([2 / 11, 2 / 11, 7 / 11])


def test_a_weighted_net_promoter_score_by_pencil():
    row = nps([10, 3, 8], weights=[2, 1, 1]).table.loc["NPS"]
    # shares 1/2, 1/4, 1/4; votes 1 -1 0 around 1/4: sum of w^2 d^2 = 4 x 9/16 + 25/16 + 1/16 = 62/16, over 16
    assert row["value"] == pytest.approx(1 / 4)
    assert row["se"] == pytest.approx(sqrt(62) / 16)


@pytest.mark.parametrize("scale", [(1, 10), (1, 7), (0, 5)])
def test_the_net_promoter_score_of_another_scale_is_an_error(scale):
    low, high = scale
    with pytest.raises(ValueError, match=f"only defined for a 0-10 question; this one is {low}-{high}. Report csat"):
        nps([3, 4, 5], scale=scale)


def test_answers_off_0_to_10_or_between_points_are_errors():
    with pytest.raises(ValueError, match="2 of 3 answers lie outside 0-10"):
        nps([3, 99, -1])
    with pytest.raises(ValueError, match="1 of 2 answers lie between two points"):
        nps([3, 8.5])


def test_a_question_that_looks_like_another_scale_is_noted():
    assert "make sure that the question ran from 0 to 10" in nps([1, 5, 7, 7]).method
    assert "make sure" not in nps([1, 5, 7, 9]).method


def test_csat_by_pencil_with_wilsons_interval():
    score = csat([5, 4, 4, 3, 1], scale=(1, 5))
    p, n = 3 / 5, 5
    centre = (p + Z**2 / (2 * n)) / (1 + Z**2 / n)
    half = Z / (1 + Z**2 / n) * sqrt(p * (1 - p) / n + Z**2 / (4 * n**2))
    assert score.value == pytest.approx(0.6)
    assert score.table.loc["CSAT", ["low", "high"]].tolist() == pytest.approx([centre - half, centre + half])


def test_wilsons_interval_agrees_with_prop_test_of_r():
    # R: prop.test(30, 40, correct = FALSE)$conf.int
    low, high = csat([5] * 30 + [1] * 10, scale=(1, 5)).table.loc["CSAT", ["low", "high"]]
    assert (low, high) == pytest.approx((0.5980603858, 0.8581288136), abs=5e-10)


def test_all_satisfied_has_an_interval_of_some_width():
    row = csat([5] * 10, scale=(1, 5)).table.loc["CSAT"]
    assert row["value"] == 1
    assert row["high"] == pytest.approx(1)
    assert row["low"] == pytest.approx(10 / (10 + Z**2))


def test_the_boxes_that_count_are_chosen_and_named():
    answers = [7, 6, 5, 4]
    assert csat(answers, scale=(1, 7)).value == 0.5
    assert csat(answers, top=3, scale=(1, 7)).value == 0.75
    assert "Share of answers 5 and 6 and 7" in csat(answers, top=3, scale=(1, 7)).method


def test_without_a_scale_the_highest_answer_is_taken_and_the_method_says_so():
    score = csat([6, 5, 4, 1])
    assert score.value == 0.5
    assert "(the highest answer given, 6, is taken for the scale's top)" in score.method


def test_weights_and_missing_answers():
    answers = pd.Series([5, None, 1, 4], dtype="Int64")
    score = csat(answers, scale=(1, 5), weights=[2, 9, 1, 1])
    assert score.value == pytest.approx(3 / 4)
    assert score.n == 3
    assert "1 left out" in score.method
    assert "Kish's effective n" in score.method
    n, p = 16 / 6, 3 / 4
    low = (p + Z**2 / (2 * n) - Z * sqrt(p * (1 - p) / n + Z**2 / (4 * n**2))) / (1 + Z**2 / n)
    assert score.table.loc["CSAT", "low"] == pytest.approx(low)


def test_what_cannot_be_a_share_is_an_error():
    with pytest.raises(ValueError, match="there is no answer to count"):
        csat([np.nan])
    with pytest.raises(ValueError, match="1 of 2 answers lie outside the scale 1-5"):
        csat([7, 3], scale=(1, 5))
    with pytest.raises(ValueError, match="top must be at least 1 and leave a point"):
        csat([5, 3], top=5, scale=(1, 5))
    with pytest.raises(ValueError, match="there are 2 answers and 3 weights"):
        csat([5, 3], weights=[1, 1, 1])


def test_the_headline_is_in_points_of_100():
    # (3 - 1.95996^2) / (3 + 1.95996^2) = -.84146 / 6.84146
    assert nps([10, 9, 10]).headline == "NPS 100.0 (95 % CI -12.3 to 100.0), n = 3"
