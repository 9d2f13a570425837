"""Agreement inside the firm: pencil arithmetic and published figures."""

import numpy as np
import pandas as pd
import pytest

import gapkit as gk
from gapkit.measure.within_groups import icc_1, mean_variance, null_variance
from gapkit.survey.instrument import Scale

SERVQUAL = gk.load_instrument("servqual")


def survey(*rows, perceptions=None, **people):
    def table(values):
        return pd.DataFrame([[value] * 22 for value in values], columns=SERVQUAL.item_ids)

    more = {} if perceptions is None else {"perceptions": table(perceptions)}
    index = pd.RangeIndex(len(rows))
    return gk.Survey(SERVQUAL, expectations=table(rows), respondents=pd.DataFrame(people, index=index), **more)


GUESTS = survey(7, 6, 7, 6, perceptions=[5, 5, 5, 6])


def test_r_wg_by_hand():
    # beliefs 4, 4, 5, 5, 7: variance 6/4 = 1.5, seven points alike: (49 - 1)/12 = 4
    row = gk.agreement(survey(4, 4, 5, 5, 7), customers=GUESTS).groups.loc["empathy"]
    assert row["r_wg"] == pytest.approx(1 - 1.5 / 4)
    assert row["sd"] == pytest.approx(np.sqrt(1.5))
    assert (row["mean"], row["n"], row["gap_1"]) == (5.0, 5, -1.5)
    assert row["shared"] == pytest.approx(2.25 / (2.25 + 1.5))


def test_full_agreement_is_one_and_division_into_two_camps_is_negative():
    assert gk.agreement(survey(5, 5, 5, 5, 5), customers=GUESTS).groups["r_wg"].eq(1).all()
    camps = gk.agreement(survey(1, 7, 1, 7), customers=GUESTS).groups.loc["empathy"]
    assert camps["r_wg"] == pytest.approx(1 - 12 / 4)  # variance of 1, 7, 1, 7 is 36/3


def test_a_skewed_null_takes_away_what_habit_explains():
    heads = survey(6, 6, 7, 7, 5)  # variance 0.7
    habit = [0, 0, 0, 0, 0.2, 0.4, 0.4]  # mean 6.2, variance 0.56
    plain, skewed = (gk.agreement(heads, customers=GUESTS, null=null).groups for null in ("uniform", habit))
    assert plain.loc["empathy", "r_wg"] == pytest.approx(1 - 0.7 / 4)
    assert skewed.loc["empathy", "r_wg"] == pytest.approx(1 - 0.7 / 0.56)


def test_a_null_that_does_not_fit_the_scale_is_refused():
    with pytest.raises(ValueError, match="expected 7 shares that add up to 1, one for each point of 1-7"):
        null_variance([0.5, 0.5], Scale(1, 7))
    with pytest.raises(ValueError, match='expected "uniform" or 5 shares'):
        null_variance("normal", Scale(1, 5))
    with pytest.raises(ValueError, match="agreement already"):
        null_variance([0, 0, 0, 0, 1], Scale(1, 5))


def test_the_interval_of_a_variance_is_the_jackknife_on_its_logarithm_by_hand():
    # 0, 1, 3: leaving one out leaves the variances 2, 4.5 and 0.5; the whole one is 7/3
    value, low, high = mean_variance(np.array([[0.0], [1.0], [3.0]]), 0.95)
    logs = np.log([2, 4.5, 0.5])
    half = 4.302652729911 * np.sqrt(2 / 3 * ((logs - logs.mean()) ** 2).sum())
    assert value == pytest.approx(7 / 3)
    assert (np.log(low), np.log(high)) == pytest.approx((np.log(7 / 3) - half, np.log(7 / 3) + half))


def test_icc_1_is_shrout_and_fleiss_1979():
    # their table 2: six targets, four judges; ICC(1,1) = .17
    ratings = np.array(
        [[9, 2, 5, 8], [6, 1, 3, 2], [8, 4, 6, 8], [7, 1, 2, 6], [10, 5, 6, 9], [6, 2, 4, 7]], dtype=float
    )
    icc = icc_1(ratings.ravel(), np.repeat(np.arange(6), 4), 0.95)
    assert round(icc["icc"], 2) == 0.17
    assert (icc["df1"], icc["df2"], icc["k"]) == (5, 18, 4)
    assert round(icc["F"], 2) == 1.79  # 11.24 / 6.26


@pytest.mark.filterwarnings("ignore")  # the peer's own
def test_icc_1_and_its_interval_agree_with_pingouin():
    import pingouin

    rng = np.random.default_rng(7)
    ratings = rng.normal(size=(8, 1)) + rng.normal(size=(8, 5))
    table = pd.DataFrame(ratings).melt(ignore_index=False, var_name="rater", value_name="score").rename_axis("target")
    peer = pingouin.intraclass_corr(table.reset_index(), targets="target", raters="rater", ratings="score").iloc[0]
    icc = icc_1(ratings.ravel(), np.repeat(np.arange(8), 5), 0.95)
    assert icc["icc"] == pytest.approx(peer["ICC"], rel=1e-8)
    assert icc["F"] == pytest.approx(peer["F"], rel=1e-8)
    interval = next(peer[name] for name in peer.index if name.startswith("CI"))
    assert (icc["low"], icc["high"]) == pytest.approx(tuple(interval), abs=0.006)


def test_icc_with_one_group_has_no_value():
    icc = icc_1(np.array([1.0, 2.0]), np.array(["a", "a"]), 0.95)
    assert np.isnan(icc["icc"])
    assert (icc["groups"], icc["n"]) == (1, 2)


def test_levels_of_managers_stand_side_by_side_and_small_ones_are_not_shown():
    heads = survey(4, 4, 5, 5, 7, 3, 3, 3, 3, 3, 6, 6, level=["head"] * 5 + ["desk"] * 5 + ["board"] * 2)
    result = gk.agreement(heads, customers=GUESTS, by="level")
    assert result.groups.loc[("head", "empathy"), "r_wg"] == pytest.approx(1 - 1.5 / 4)
    assert result.groups.loc[("desk", "empathy"), ["r_wg", "gap_1", "shared"]].to_list() == [1.0, -3.5, 1.0]
    assert result.suppressed.to_dict("records") == [{"group": "board", "what": "all", "reason": "fewer than 5"}]
    # over head and desk alone: means 5 and 3, so 10 * 1 / 1 between, 6 / 8 within
    icc = result.icc.loc["empathy"]
    assert (icc["groups"], icc["n"], icc["F"]) == (2, 10, pytest.approx(10 / 0.75))
    assert "groups and dimensions of fewer than 5 managers are not shown" in result.method


def test_a_dimension_that_few_of_a_group_answered_is_not_shown_and_not_in_the_icc():
    # 8 heads, of whom 2 answered empathy, with a 7 and a 5: mean 6 and sd 1.414 would be both answers
    heads = survey(
        *[4, 5, 4, 5, 4, 5, 7, 5], *[3, 4, 3, 4, 3, 4], *[6, 5, 6, 5, 6], level=["A"] * 8 + ["B"] * 6 + ["C"] * 5
    )
    empathy = list(next(d.items for d in SERVQUAL.dimensions if d.id == "empathy"))
    heads.expectations.loc[:5, empathy] = np.nan
    result = gk.agreement(heads, customers=GUESTS, by="level")
    assert ("A", "empathy") not in result.groups.index
    assert result.groups.loc[("A", "assurance"), "n"] == 8
    assert result.suppressed.to_dict("records") == [{"group": "A", "what": "empathy", "reason": "fewer than 5"}]
    assert "groups and dimensions of fewer than 5 managers are not shown" in result.method
    # over B and C alone: means 3.5 and 5.6, 6 and 5 managers
    icc = result.icc.loc["empathy"]
    within = (6 * 0.25 + 5 * 0.24) / 9
    assert (icc["groups"], icc["n"]) == (2, 11)
    assert icc["F"] == pytest.approx((6 * 5 / 11 * 2.1**2) / within)
    assert result.icc.loc["assurance", ["groups", "n"]].tolist() == [3, 19]


def test_what_nobody_of_a_group_answered_has_nothing_to_hide():
    heads = survey(4, 5, 4, 5, 4, 3, 4, 3, 4, 3, level=["A"] * 5 + ["B"] * 5)
    heads.expectations.loc[:4, list(SERVQUAL.dimensions[0].items)] = np.nan
    result = gk.agreement(heads, customers=GUESTS, by="level")
    assert result.suppressed.empty
    assert result.groups.loc[("A", "tangibles"), "n"] == 0
    assert np.isnan(result.groups.loc[("A", "tangibles"), "mean"])


def test_without_groups_two_managers_are_the_users_own():
    result = gk.agreement(survey(4, 6), customers=GUESTS)
    assert result.groups["n"].eq(2).all()
    assert result.suppressed is None


def test_one_manager_is_told_that_there_is_nobody_to_compare_with():
    result = gk.agreement(survey(4), customers=GUESTS)
    assert result.groups["mean"].eq(4).all()
    assert result.headline == "agreement: no dimension was answered by two managers; n = 1"


def test_groups_without_a_member_who_differs_have_an_icc_of_1_and_say_so():
    # the mean of three times 4.1 is not exactly 4.1: rounding is no variance
    icc = icc_1(np.array([4.1, 4.1, 4.1, 5.3, 5.3, 5.3]), np.repeat(["a", "b"], 3), 0.95)
    assert (icc["icc"], icc["low"], icc["high"], icc["F"], icc["p"]) == (1, 1, 1, np.inf, 0)
    heads = survey(*[4] * 5, *[6] * 5, level=["A"] * 5 + ["B"] * 5)
    result = gk.agreement(heads, customers=GUESTS, by="level")
    assert result.icc["icc"].eq(1).all()
    assert f"{', '.join(SERVQUAL.dimension_ids)}: no two of a group differ, though the groups do" in result.method


def test_where_everybody_says_the_same_there_is_no_icc_and_this_is_said():
    assert np.isnan(icc_1(np.full(6, 4.1), np.repeat(["a", "b"], 3), 0.95)["icc"])
    result = gk.agreement(survey(*[4] * 10, level=["A"] * 5 + ["B"] * 5), customers=GUESTS, by="level")
    assert result.icc["icc"].isna().all()
    assert "all say the same, so ICC(1) is not defined." in result.method


def test_a_missing_level_column_is_named():
    with pytest.raises(ValueError, match='no column "level" among the managers to group by; there are: hotel'):
        gk.agreement(survey(5, 5, hotel=["A", "B"]), customers=GUESTS, by="level")


def test_a_result_says_on_what_there_is_least_agreement():
    assert (
        gk.agreement(survey(4, 4, 5, 5, 7), customers=GUESTS).headline
        == "least agreement on tangibles: r_wg 0.62; n = 5"
    )
