"""The five gaps: pencil arithmetic, the identity and every combination of absent surveys."""

from dataclasses import replace
from itertools import pairwise, product

import numpy as np
import pandas as pd
import pytest
from scipy import stats

import gapkit as gk
from gapkit.measure.gaps import gap_scores
from gapkit.measure.positions import ChainError

ROLES = ("managers", "standards", "staff", "promises")
LETTER = dict(zip(ROLES, "MSDC", strict=True))


def chain_of(**surveys):
    customers = surveys.pop("customers")
    return gk.five_gaps(customers, **surveys)


# pencil ---------------------------------------------------------------------------------------------------------------


def test_the_means_of_six_people_and_two_audits_by_hand(six_people):
    five = chain_of(**six_people)
    speed = five.means.xs("speed")["mean"]
    assert speed.to_dict() == {"E": 5.5, "M": 4.5, "S": 4.0, "D": 3.5, "P": 4.0, "C": 6.0}
    overall = five.means.xs("overall")["mean"]
    assert overall.to_dict() == {"E": 6.0, "M": 4.75, "S": 4.5, "D": 3.75, "P": 4.75, "C": 6.5}


def test_the_gaps_of_six_people_by_hand(six_people):
    gaps = chain_of(**six_people).gaps["value"]
    assert gaps["speed"].to_list() == [-1.0, -0.5, -0.5, 2.5, -1.5]
    assert gaps["care"].to_list() == [-1.5, 0.0, -1.0, 3.0, -1.0]
    assert gaps["overall"].to_list() == [-1.25, -0.25, -0.75, 2.75, -1.25]


def test_gap_1_of_six_people_has_welchs_error_and_degrees_of_freedom_by_hand(six_people):
    row = chain_of(**six_people).gaps.loc[("speed", "gap_1")]
    # E: 6 and 5, M: 5 and 4; each mean has the squared standard error 1/4
    assert row["se"] == pytest.approx(np.sqrt(0.5))
    assert row["df"] == pytest.approx(2.0)
    assert row["t"] == pytest.approx(-np.sqrt(2))
    assert row["p"] == pytest.approx(1 - np.sqrt(2) / 2)  # t with 2 df: p = 1 - t / sqrt(2 + t^2)
    assert row["high"] - row["low"] == pytest.approx(2 * 4.302652729911 * np.sqrt(0.5))
    assert (row["n_from"], row["n_to"]) == (2, 2)


def test_one_audit_is_taken_as_fixed_and_said_to_be(six_people):
    five = chain_of(**six_people)
    row = five.gaps.loc[("speed", "gap_2")]
    # only the managers vary: se = 1/2, df = 1, t = -1, and P(|t| > 1) = 1/2 for one degree of freedom
    assert (row["se"], row["df"], row["t"]) == (0.5, 1.0, -1.0)
    assert row["p"] == pytest.approx(0.5)
    assert row["note"] == "S taken as fixed (one audit)"
    assert "taken as fixed" in five.method
    assert five.gaps.loc[("speed", "gap_4"), "note"] == "C taken as fixed (one audit)"


def test_gap_5_is_paired_within_customers_by_hand(six_people):
    row = chain_of(**six_people).gaps.loc[("speed", "gap_5")]
    # the two customers' gaps are -2 and -1
    assert (row["value"], row["se"], row["df"], row["t"]) == (-1.5, 0.5, 1.0, -3.0)


def test_where_nothing_varies_there_is_no_interval_and_the_note_says_why(six_people):
    row = chain_of(**six_people).gaps.loc[("care", "gap_3")]  # staff 4 and 4 against one audit
    assert row["value"] == -1
    assert np.isnan([row["low"], row["high"], row["t"], row["p"]]).all()
    assert row["status"] == "measured"
    assert row["note"] == "S taken as fixed (one audit); no interval: nothing varies"


def test_one_manager_gives_a_gap_without_an_interval(six_people, desk_survey):
    surveys = six_people | {"managers": desk_survey("expectations", (5, 5, 6))}
    row = chain_of(**surveys).gaps.loc[("speed", "gap_1")]
    assert row["value"] == -0.5
    assert np.isnan(row["low"])
    assert row["note"] == "no interval: one respondent in M"


def test_weights_reach_each_survey_by_hand(six_people, desk_survey):
    managers = desk_survey("expectations", (5, 5, 6), (4, 4, 4), respondents={"weight": [3.0, 1.0]})
    five = chain_of(**six_people | {"managers": managers})
    assert five.means.loc[("speed", "M"), "mean"] == 4.75
    # residuals 1/4 and -3/4, weights 3 and 1: se^2 = 2/1 * (9/16 + 9/16) / 16
    assert five.means.loc[("speed", "M"), "se"] ** 2 == pytest.approx(2 * (9 / 16 + 9 / 16) / 16)
    assert "M: managers, expectations, weighted, n = 2" in five.method


# peers and identities -------------------------------------------------------------------------------------------------


def test_gaps_between_different_people_are_scipys_welch_test(five_surveys):
    surveys = five_surveys(3)
    gaps = chain_of(**surveys).gaps
    pairs = surveys["customers"].gaps.notna()
    E = surveys["customers"].dimension_scores(surveys["customers"].expectations.where(pairs))["speed"].dropna()
    M = surveys["managers"].dimension_scores("expectations")["speed"].dropna()
    welch = stats.ttest_ind(M, E, equal_var=False)
    row = gaps.loc[("speed", "gap_1")]
    assert (row["t"], row["p"], row["df"]) == pytest.approx((welch.statistic, welch.pvalue, welch.df), rel=1e-10)
    interval = welch.confidence_interval(0.95)
    assert (row["low"], row["high"]) == pytest.approx((interval.low, interval.high), rel=1e-10)


@pytest.mark.parametrize("weights", [False, True])
def test_gap_5_is_the_gap_of_gap_scores(weights, five_surveys):
    surveys = five_surveys(5, weights=weights)
    own = chain_of(**surveys).gaps.xs("gap_5", level="gap")
    scores = gap_scores(surveys["customers"])
    expected = pd.concat([scores.dimensions, scores.overall])
    for ours, theirs in {"value": "gap", "se": "se", "low": "low", "high": "high", "t": "t", "p": "p"}.items():
        np.testing.assert_allclose(own[ours].astype(float), expected[theirs], rtol=0, atol=1e-12)


@pytest.mark.parametrize("present", list(product([True, False], repeat=4)))
@pytest.mark.parametrize("weights", [False, True])
def test_every_combination_of_absent_surveys_adds_up_and_names_what_is_missing(present, weights, five_surveys):
    surveys = five_surveys(11, weights=weights)
    absent = [role for role, there in zip(ROLES, present, strict=True) if not there]
    five = chain_of(**{name: own for name, own in surveys.items() if name not in absent})
    missing = {LETTER[role] for role in absent}

    needs = {"gap_1": "EM", "gap_2": "MS", "gap_3": "SD", "gap_4": "DC", "gap_5": "EP"}
    for gap, letters in needs.items():
        rows = five.gaps.xs(gap, level="gap")
        measured = not (set(letters) & missing)
        assert (rows["status"] == ("measured" if measured else "not measured")).all()
        assert rows["value"].notna().all() == measured
        assert rows["low"].notna().all() == measured

    names = {"E": "expectation", "M": "belief", "S": "standard", "D": "delivery", "P": "perception"}
    there = [letter for letter in "EMSDP" if letter not in missing]
    links = [f"{names[a]} to {names[b]}" for a, b in pairwise(there)]
    for score in ("speed", "care", "overall"):
        assert five.chain.loc[score].index.to_list() == links
    assert five.identity["difference"].abs().max() <= 1e-12
    for role in absent:
        assert role in five.method.split("nothing imputed: ")[1].split(".")[0]
    assert ("nothing imputed" in five.method) == bool(absent)


@pytest.mark.parametrize("seed", range(8))
def test_the_sum_of_the_links_is_gap_5_to_the_last_digits(seed, five_surveys):
    five = chain_of(**five_surveys(20 + 7 * seed, weights=bool(seed % 2)))
    check = five.identity
    assert (check["links"] == 4).all()
    assert (check["sum_of_links"] - five.gaps.xs("gap_5", level="gap")["value"]).abs().max() <= 1e-12
    assert check["difference"].abs().max() <= 1e-12


def test_without_staff_the_chain_goes_from_standard_to_perception(six_people):
    surveys = six_people
    del surveys["staff"]
    chain = chain_of(**surveys).chain.loc["speed"]
    assert chain["merged"].to_dict() == {
        "expectation to belief": False, "belief to standard": False, "standard to perception": True,
    }  # fmt: skip
    assert chain.loc["standard to perception", ["between", "value"]].to_list() == ["P - S", 0.0]


def test_holms_family_is_all_gaps_of_all_dimensions_and_the_overall_gaps_are_another(five_surveys):
    gaps = chain_of(**five_surveys(2)).gaps
    dimensions = gaps.loc[["speed", "care"]].sort_values("p")
    assert len(dimensions) == 10
    assert dimensions["p_holm"].iloc[0] == pytest.approx(min(1, 10 * dimensions["p"].iloc[0]))
    overall = gaps.loc["overall"].sort_values("p")
    assert overall["p_holm"].iloc[0] == pytest.approx(min(1, 5 * overall["p"].iloc[0]))


def test_shares_of_the_customers_points_are_kept_as_importance(six_people):
    surveys = six_people
    points = pd.DataFrame({"speed": [70.0, 50.0], "care": [30.0, 50.0]})
    five = chain_of(**surveys | {"customers": replace(surveys["customers"], allocations=points)})
    assert five.importance["share"].to_dict() == {"speed": 0.6, "care": 0.4}
    assert chain_of(**surveys).importance["share"].isna().all()


# groups ---------------------------------------------------------------------------------------------------------------


def test_a_small_group_of_managers_is_suppressed_and_its_place_closed_by_one_link(two_branches):
    five = chain_of(**two_branches(), by="branch")
    assert five.gaps.loc[("A", "care", "gap_1"), "status"] == "measured"
    hidden = five.gaps.loc[("B", "care")]
    assert hidden["status"].to_dict() == {
        "gap_1": "suppressed", "gap_2": "suppressed", "gap_3": "measured", "gap_4": "not measured", "gap_5": "measured",
    }  # fmt: skip
    assert hidden.loc[["gap_1", "gap_2"], ["value", "low", "p"]].isna().all(axis=None)
    assert np.isnan(hidden.loc["gap_1", "n_to"])
    assert five.means.loc[("B", "care", "M"), ["n", "mean", "sd", "se"]].isna().all()
    assert five.chain.loc[("B", "care")].index[0] == "expectation to standard"
    assert five.suppressed.to_dict("records") == [{"group": "B", "what": "managers", "reason": "fewer than 5"}]
    assert five.identity["difference"].abs().max() <= 1e-12


def test_audits_are_documents_and_shown_however_few_they_are(two_branches):
    five = chain_of(**two_branches(), by="branch")
    assert (five.means.xs("S", level="position")["status"] == "measured").all()
    assert "audits are documents and are shown" in five.method


def test_a_dimension_that_few_answered_hides_the_overall_mean_too(two_branches):
    surveys = two_branches(managers_in_b=5)
    believed = surveys["managers"].expectations.astype(float)
    believed.loc[[6, 7], "q03"] = np.nan
    five = chain_of(**surveys | {"managers": replace(surveys["managers"], expectations=believed)}, by="branch")
    status = five.means.xs("M", level="position").loc["B", "status"]
    assert status.to_dict() == {"speed": "measured", "care": "suppressed", "overall": "suppressed"}
    assert five.suppressed["what"].to_list() == ["managers, care", "managers, overall"]


def test_a_branch_missing_in_one_survey_is_not_measured_there(two_branches):
    five = chain_of(**two_branches(managers_in_b=0), by="branch")
    assert five.gaps.loc[("B", "overall", "gap_1"), "status"] == "not measured"
    assert five.suppressed.empty


def test_one_branch_of_a_grouped_result_is_the_result_of_its_own_surveys(two_branches):
    surveys = two_branches()
    branch = chain_of(**surveys, by="branch").branch("A")
    alone = chain_of(**{name: own.where(branch="A") for name, own in surveys.items()})
    pd.testing.assert_frame_equal(branch.gaps, alone.gaps)
    pd.testing.assert_frame_equal(branch.chain, alone.chain)
    assert branch.n == 6
    with pytest.raises(ValueError, match='there is no group "Z" here; there are: A, B'):
        chain_of(**surveys, by="branch").branch("Z")


def test_a_survey_without_the_column_is_named(desk_survey, two_branches):
    surveys = two_branches() | {"standards": desk_survey("expectations", (5, 5, 5))}
    with pytest.raises(ChainError, match=r'standards: no column "branch" among the respondents.*customers\.where'):
        chain_of(**surveys, by="branch")


def test_the_method_names_every_survey_and_the_result_says_it_in_one_line(six_people):
    five = chain_of(**six_people)
    assert "D: staff, perceptions, n = 2" in five.method
    assert repr(five) == (
        "<FiveGaps: Gap 1 -1.25, Gap 2 -0.25, Gap 3 -0.75, Gap 4 +2.75, Gap 5 -1.25; n = 2 customers>"
    )
    assert five.source.endswith("n = 2, managers n = 2, standards n = 1, staff n = 2, promises n = 1")
