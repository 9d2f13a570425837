import numpy as np
import pandas as pd
import pytest

from gapkit.survey import hotel_plan


def dimension_means(items):
    dimension = pd.Series([d for d, k in zip(hotel_plan.DIMENSIONS, (4, 5, 4, 4, 5), strict=True) for _ in range(k)])
    return items.T.groupby(dimension.set_axis(items.columns), sort=False).mean().T


def test_the_chain_of_planted_means_adds_up_to_the_customer_gap():
    mean = hotel_plan.planted()
    steps = (mean["M"] - mean["E"]) + (mean["S"] - mean["M"]) + (mean["D"] - mean["S"]) + (mean["P"] - mean["D"])
    assert np.abs(steps - (mean["P"] - mean["E"])).to_numpy().max() < 1e-12


@pytest.mark.parametrize("step", hotel_plan.STEPS)
def test_planted_item_means_differ_by_the_planted_step_in_every_dimension(step):
    mean, (upper, lower) = hotel_plan.planted(), step.split("-")
    found = dimension_means(mean[upper] - mean[lower]).to_numpy().ravel()
    assert np.abs(found - hotel_plan.links()[step].to_numpy()).max() < 1e-12


@pytest.mark.parametrize(("name", "step"), [("B", "M-E"), ("C", "S-M"), ("D", "D-S")])
def test_each_hotel_loses_most_at_the_step_of_its_story(name, step):
    steps = hotel_plan.links().loc[name, ["M-E", "S-M", "D-S", "P-D"]].mean()
    assert steps.idxmin() == step
    assert steps[step] < 5 * steps.drop(step).min()


def test_hotel_e_promises_a_point_more_than_it_delivers_and_the_healthy_one_hardly_more():
    promised = hotel_plan.links()["C-D"].groupby("hotel").mean()
    assert promised["E"] > 0.9
    assert promised["A"] <= 0.1


def test_the_populations_have_the_planted_means():
    mean = hotel_plan.planted()
    for kind, letters in hotel_plan.CHAIN.items():
        people = hotel_plan.people(kind)
        for battery, letter in zip(people.batteries, letters, strict=True):
            solved = people.means(battery, level="items").loc[list("ABCDEF")]
            assert np.abs(solved - mean[letter]).to_numpy().max() < 1e-5


def test_item_differences_leave_every_dimension_as_planted():
    for differences in (hotel_plan.ITEM_EXPECTED, hotel_plan.ITEM_DELIVERED):
        for start, stop in ((0, 4), (4, 9), (9, 13), (13, 17), (17, 22)):
            assert sum(differences[start:stop]) == pytest.approx(0, abs=1e-12)


def test_guests_of_every_hotel_expect_the_same():
    expected = hotel_plan.planted()["E"]
    assert expected.eq(expected.iloc[0]).all(axis=None)


def test_segments_lie_at_least_three_standard_deviations_apart():
    apart = hotel_plan.people().separation().to_numpy()
    assert apart[np.triu_indices(3, 1)].min() > 3


def test_the_soft_dimensions_are_planted_with_correlations_above_85():
    table = pd.DataFrame(hotel_plan.CORRELATIONS, hotel_plan.DIMENSIONS, hotel_plan.DIMENSIONS)
    assert table.loc[list(hotel_plan.SOFT), list(hotel_plan.SOFT)].min(axis=None) > 0.85


def test_without_careless_and_missing_answers_the_planted_means_are_the_same():
    clean = hotel_plan.people(careless=0.0, missing=0.0)
    pd.testing.assert_frame_equal(clean.means("gaps"), hotel_plan.people().means("gaps"))
    assert clean.truth.careless == clean.truth.missing == 0
