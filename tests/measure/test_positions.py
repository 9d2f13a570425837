"""Which surveys can be set side by side, what is read from each, and what is refused."""

from dataclasses import replace

import numpy as np
import pytest

import gapkit as gk
from gapkit.measure.positions import ChainError
from gapkit.survey.instrument import Dimension, Scale


def chain_of(**surveys):
    customers = surveys.pop("customers")
    return gk.five_gaps(customers, **surveys)


def test_another_scale_is_refused_unless_a_mapping_names_both(six_people, desk_survey, desk):
    five_points = replace(desk, scale=Scale(1, 5))
    surveys = six_people | {"managers": desk_survey("expectations", (3, 3, 5), (1, 1, 1), instrument=five_points)}
    with pytest.raises(ChainError, match=r"managers: answered on 1-5, the customers on 1-7.*mapping=\{'managers'"):
        chain_of(**surveys)
    five = chain_of(**surveys, mapping={"managers": ((1, 5), (1, 7))})
    assert five.means.loc[("speed", "M"), "mean"] == 2.5  # 3 -> 4 and 1 -> 1
    assert five.means.loc[("care", "M"), "mean"] == 4.0  # 5 -> 7 and 1 -> 1
    assert "managers: mapped linearly from 1-5 to 1-7, as asked for." in five.method


def test_a_mapping_that_does_not_fit_the_scales_is_refused(six_people):
    with pytest.raises(ChainError, match=r"mapping of staff: expected \(\(1, 7\), \(1, 7\)\)"):
        chain_of(**six_people, mapping={"staff": ((1, 5), (1, 7))})
    with pytest.raises(ChainError, match='there is no "suppliers" survey to map'):
        chain_of(**six_people, mapping={"suppliers": ((1, 5), (1, 7))})


def test_other_items_are_refused_by_name(six_people, desk_survey, desk):
    moved = (Dimension("speed", {"en": "Speed"}, ("q01",)), Dimension("care", {"en": "Care"}, ("q02", "q03")))
    other = replace(desk, id="other", dimensions=moved)
    surveys = six_people | {"staff": desk_survey("perceptions", (3, 3, 4), instrument=other)}
    with pytest.raises(
        ChainError, match="staff: asked with other, the customers with desk; they differ in speed, care"
    ):
        chain_of(**surveys)


def test_a_role_with_one_battery_is_read_from_it_and_said_so(six_people, desk_survey):
    surveys = six_people | {"standards": desk_survey("desired", (4, 4, 5))}
    five = chain_of(**surveys)
    assert five.gaps.loc[("speed", "gap_2"), "value"] == -0.5
    assert "standards: their only battery, desired, is taken." in five.method


def test_a_role_with_several_batteries_but_not_its_own_is_refused(six_people, desk_survey):
    surveys = six_people | {"managers": desk_survey("minimum", (4, 4, 5), desired=[(4, 4, 5)])}
    with pytest.raises(ChainError, match=r"managers: expected their answers as expectations .*found minimum, desired"):
        chain_of(**surveys)


def test_an_item_that_one_survey_never_answered_is_left_out_of_every_mean(six_people, desk_survey):
    surveys = six_people | {"standards": desk_survey("expectations", (4, np.nan, 5))}
    five = chain_of(**surveys)
    assert five.means.xs("speed")["mean"].to_dict() == {"E": 6.5, "M": 4.5, "S": 4.0, "D": 4.0, "P": 4.5, "C": 6.0}
    assert (
        "Items left out of every mean because a survey has no answer to them: q02 (none in standards)." in five.method
    )


def test_a_dimension_without_any_standard_is_not_measured_and_neither_is_overall(six_people, desk_survey):
    surveys = six_people | {"standards": desk_survey("expectations", (4, 4, np.nan))}
    five = chain_of(**surveys)
    assert five.gaps.loc[("care", "gap_2"), "status"] == "not measured"
    assert five.gaps.loc[("speed", "gap_2"), "status"] == "measured"
    assert five.gaps.loc[("overall", "gap_2"), "status"] == "not measured"
    assert five.chain.loc["care"].index.to_list()[1] == "belief to delivery"
    assert five.identity["difference"].abs().max() <= 1e-12


def test_customers_need_both_batteries(desk_survey):
    with pytest.raises(ValueError, match='no "perceptions" in this survey'):
        gk.five_gaps(desk_survey("expectations", (7, 5, 6)))
