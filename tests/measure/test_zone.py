from __future__ import annotations

import json
from dataclasses import replace
from math import sqrt
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from gapkit.measure.zone import zone_from_means, zone_of_tolerance
from gapkit.survey.instrument import Dimension, Instrument, Item, Scale
from gapkit.survey.survey import Source, Survey

LIBQUAL = Path(__file__).parents[2] / "data" / "published" / "lehigh_libqual_2002_03.json"


def survey_of(minimum, desired, perceptions, respondents=None):
    k = len(minimum[0])
    items = [f"q{j:02}" for j in range(1, k + 1)]
    instrument = Instrument(
        "test",
        {},
        tuple(Item(item, {}) for item in items),
        (Dimension("front", {}, tuple(items)),),
        Scale(1, 9),
        ("minimum", "desired", "perceptions"),
        "",
        "",
    )
    tables = {
        name: pd.DataFrame(rows, columns=items, dtype=float)
        for name, rows in (("minimum", minimum), ("desired", desired), ("perceptions", perceptions))
    }
    more = {} if respondents is None else {"respondents": respondents}
    return Survey(instrument, **tables, **more, source=Source(title="test"))


def constant(minimum, desired, perceptions, n=8, noise=0.0):
    """n people around three levels; noise alternates so that the means stay."""
    wobble = np.resize([noise, -noise], n)
    return survey_of([[minimum]] * n, [[desired]] * n, [[perceptions + w] for w in wobble])


def test_the_printed_gaps_of_17_libraries_are_reproduced():
    printed = json.loads(LIBQUAL.read_text(encoding="utf-8"))
    columns = printed["cols"].split()
    compared = 0
    for rows in printed["items"].values():
        table = pd.DataFrame(rows, columns=columns).query("institution != 'Mean'")
        zone = zone_from_means(table["minimum"], table["desired"], table["perceived"])
        assert (zone["MSA"] - table["gap1_adequacy"]).abs().max() <= 0.01 + 1e-9
        assert (zone["MSS"] - table["gap2_superiority"]).abs().max() <= 0.01 + 1e-9
        compared += len(table)
    assert compared == 2 * 17


def test_a_survey_with_a_librarys_means_gives_the_printed_gaps():
    """Library J, item AS-3: 5.70, 7.72 and 6.92, as hundred answers whose means are exactly these."""

    def answers(mean):
        low = int(mean)
        return [[low + 1]] * round(100 * (mean - low)) + [[low]] * round(100 * (1 - mean + low))

    row = zone_of_tolerance(survey_of(answers(5.70), answers(7.72), answers(6.92))).items.loc["q01"]
    assert row[["minimum", "desired", "P"]].tolist() == pytest.approx([5.70, 7.72, 6.92])
    assert row[["MSA", "MSS"]].tolist() == pytest.approx([1.22, -0.80])
    assert row["position"] == pytest.approx(1.22 / 2.02)


def test_three_people_by_pencil():
    zone = zone_of_tolerance(survey_of([[4], [5], [6]], [[8], [8], [8]], [[6], [6], [9]])).items.loc["q01"]
    # adequacy 2 1 3, superiority -2 -2 1
    assert zone[["n", "minimum", "desired", "P"]].tolist() == [3, 5, 8, 7]
    assert zone[["MSA", "MSS", "width"]].tolist() == pytest.approx([2, -1, 3])
    assert zone["position"] == pytest.approx(2 / 3)
    t = 4.302652729749462  # R: qt(0.975, 2)
    assert zone[["MSA_low", "MSA_high"]].tolist() == pytest.approx([2 - t * sqrt(1 / 3), 2 + t * sqrt(1 / 3)])
    assert zone[["MSS_low", "MSS_high"]].tolist() == pytest.approx([-1 - t, -1 + t])  # sd sqrt(3), se 1


def test_an_item_counts_only_where_all_three_were_answered():
    nan = np.nan
    zone = zone_of_tolerance(survey_of([[4], [nan], [6], [5]], [[8], [8], [8], [nan]], [[6], [6], [9], [1]]))
    assert zone.items.loc["q01", ["n", "P"]].tolist() == [2, 7.5]
    assert "50.0% of the triples are incomplete" in zone.method
    assert "Respondents without any triple, left out: 2." in zone.method


@pytest.mark.parametrize(
    ("levels", "status"),
    [((5, 8, 4), "below"), ((5, 8, 6.5), "inside"), ((5, 8, 8.8), "above"), ((5, 8, 5.05), "unsettled")],
)
def test_the_status_is_what_the_intervals_settle(levels, status):
    assert zone_of_tolerance(constant(*levels, noise=0.5)).items.loc["q01", "status"] == status


def test_one_respondent_settles_nothing():
    assert zone_of_tolerance(constant(5, 8, 2, n=1)).items.loc["q01", "status"] == "unsettled"


def test_inversions_are_counted_and_kept():
    zone = zone_of_tolerance(survey_of([[9, 5], [4, 5], [6, 8]], [[8, 8], [8, 8], [6, 7]], [[7, 7]] * 3))
    assert zone.items["inversions"].tolist() == [1, 1]  # 9 over 8, and 8 over 7; 6 and 6 is none
    assert zone.items["inversion_share"].tolist() == pytest.approx([1 / 3, 1 / 3])
    assert zone.dimensions.loc["front", "inversions"] == 2
    assert zone.dimensions.loc["front", "inversion_share"] == pytest.approx(2 / 6)
    assert zone.items["n"].tolist() == [3, 3]


def test_a_zone_turned_upside_down_is_named_and_has_no_position():
    zone = zone_of_tolerance(constant(8, 6, 7, noise=0.5)).items.loc["q01"]
    assert zone["status"] == "inverted"
    assert np.isnan(zone["position"])
    assert zone["width"] == -2


def test_survey_weights_reach_means_and_shares():
    people = pd.DataFrame({"weight": [3.0, 1.0]})
    zone = zone_of_tolerance(survey_of([[4], [8]], [[8], [6]], [[6], [6]], people)).items.loc["q01"]
    assert zone[["minimum", "desired"]].tolist() == pytest.approx([(12 + 8) / 4, (24 + 6) / 4])
    assert zone["inversion_share"] == pytest.approx(1 / 4)


def test_groups_under_the_minimum_are_not_shown():
    people = pd.DataFrame({"hotel": ["A"] * 6 + ["B"] * 2})
    zone = zone_of_tolerance(replace(constant(5, 8, 6), respondents=people), by="hotel")
    assert zone.items.index.tolist() == [("A", "q01")]
    assert zone.suppressed["group"].tolist() == ["B"]


def test_expectations_are_not_taken_for_the_desired_level():
    zone = constant(5, 8, 6)
    survey = Survey(zone.instrument, minimum=zone.minimum, expectations=zone.desired, perceptions=zone.perceptions)
    with pytest.raises(ValueError, match=r"desired not in this survey.*Expectations are not taken for the desired"):
        zone_of_tolerance(survey)


def test_absent_batteries_are_named_together():
    zone = constant(5, 8, 6)
    with pytest.raises(ValueError, match=r"minimum and desired not in this survey, which has perceptions\.$"):
        zone_of_tolerance(Survey(zone.instrument, perceptions=zone.perceptions))


def test_the_headline_says_where_the_service_stands():
    zone = zone_of_tolerance(constant(5, 8, 6.5, noise=0.5))
    assert zone.headline == "overall adequacy 1.50, superiority -1.50: inside the zone of tolerance, n = 8"


def test_the_headline_does_not_place_what_is_not_settled():
    zone = zone_of_tolerance(constant(5, 8, 5.05, noise=0.5))
    assert zone.headline == "overall adequacy 0.05, superiority -2.95: place in the zone unsettled, n = 8"
