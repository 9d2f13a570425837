"""The tap water survey: the published correlations, test and alpha come out of the authors' raw export."""

import json
import os
from pathlib import Path

import numpy as np
import pytest
from scipy import stats

import gapkit as gk
from gapkit.survey.instrument import SHIPPED

ROOT = Path(__file__).parents[2]
CARD = SHIPPED.parent / "cards" / "servaqua.toml"
PUBLISHED = json.loads((ROOT / "data" / "published" / "r4h2o_pii.json").read_text(encoding="utf-8"))
INVOLVEMENT = [f"p{n:02d}" for n in range(1, 11)]


@pytest.fixture(scope="module")
def survey():
    folder = os.environ.get("GAPKIT_DATA")
    file = Path(folder or ".") / "servaqua" / "customer_survey.csv"
    if not folder or not file.is_file():
        pytest.skip("GAPKIT_DATA names no folder with servaqua/customer_survey.csv")
    return gk.load_survey(file, card=CARD)


@pytest.fixture(scope="module")
def involved(survey):
    return survey.perceptions[INVOLVEMENT].dropna()


def test_the_instrument_has_5_technical_13_functional_and_10_involvement_items_six_of_them_reversed():
    instrument = gk.load_instrument("servaqua")
    sizes = {dimension.id: len(dimension.items) for dimension in instrument.dimensions}
    assert sizes == {"technical": 5, "functional": 13, "involvement": 10}
    assert [item.id for item in instrument.items if item.reversed] == PUBLISHED["reverse"]
    assert instrument.batteries == ("perceptions",)


def test_690_rows_become_491_respondents_and_what_was_left_out_is_recorded(survey):
    assert survey.n == 491
    left = survey.dropped.set_index("what")
    assert left.loc["respondents", ["where", "count"]].tolist() == ["term", 199]
    assert left.loc["answers", "count"] == 52 * 28 + 7 * 18
    assert survey.source.style == "qualtrics_legacy"
    assert survey.source.reversed == tuple(PUBLISHED["reverse"])


def test_no_identifier_of_the_panel_is_kept(survey):
    assert set(survey.respondents) == {"suburb", "hardship", "contact", "seconds"}
    assert {"columns"} <= set(survey.dropped["what"])


def test_the_published_correlation_its_test_and_interval_come_out(involved):
    r, n = involved["p01"].corr(involved["p02"]), len(involved)
    assert n == PUBLISHED["n"] == 439
    published = PUBLISHED["cor_test_p01_p02"]
    assert round(r, 7) == published["r"] == 0.6581375
    assert n - 2 == published["df"]
    assert round(r * np.sqrt((n - 2) / (1 - r**2)), 3) == published["t"] == 18.273
    interval = np.tanh(np.arctanh(r) + np.array([-1, 1]) * stats.norm.ppf(0.975) / np.sqrt(n - 3))
    assert interval.round(7).tolist() == published["ci"] == [0.601603, 0.7081116]


def test_all_published_correlations_agree_to_two_places(involved):
    table = gk.correlation(involved)
    np.testing.assert_array_equal(table.to_numpy().round(2), np.array(PUBLISHED["corr"]))


def test_alpha_of_the_ten_involvement_items_is_873(survey, involved):
    covariances = involved.cov().to_numpy()
    alpha = 10 / 9 * (1 - np.trace(covariances) / covariances.sum())
    assert round(alpha, 3) == 0.873
    assert f"{alpha:.2f}" == PUBLISHED["alpha_total_printed_in_voc"][:4]


def test_without_turning_the_six_items_alpha_collapses(involved):
    as_asked = involved.assign(**{id: 8 - involved[id] for id in PUBLISHED["reverse"]}).cov().to_numpy()
    assert 10 / 9 * (1 - np.trace(as_asked) / as_asked.sum()) < 0.3


def test_blocks_of_missing_answers_are_reported_as_such(survey):
    patterns = gk.screen(survey).patterns.set_index("answered")
    assert patterns["respondents"].to_dict() == {
        "everything": 432,
        "nothing": 52,
        "perceptions: involvement": 7,
    }


def test_completion_time_is_screened_where_a_column_holds_it(survey):
    screening = gk.screen(survey, duration="seconds")
    times = survey.respondents["seconds"]
    assert (
        screening.indices["seconds_per_answer"].max()
        == (times / survey.perceptions.notna().sum(axis=1)).replace(np.inf, np.nan).max()
    )
