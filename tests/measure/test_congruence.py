"""Congruence with an a-priori key: pencil arithmetic, identities, and solutions whose truth is known."""

import numpy as np
import pandas as pd
import pytest

import gapkit as gk
from gapkit.measure.matching import arranged_like, best_match, tucker

KEY = {"left": ["a", "b", "c"], "right": ["d", "e", "f"]}
ITEMS = list("abcdef")


def model(pattern, phi):
    """The correlations that loadings and factor correlations imply."""
    R = pattern @ phi @ pattern.T
    np.fill_diagonal(R, 1)
    return pd.DataFrame(R, index=ITEMS, columns=ITEMS)


@pytest.fixture(scope="module")
def clean():
    """Six items, two factors that correlate .4, no cross loadings: the key is the truth."""
    pattern = np.array([[0.8, 0], [0.7, 0], [0.6, 0], [0, 0.9], [0, 0.8], [0, 0.7]])
    return gk.efa(model(pattern, np.array([[1, 0.4], [0.4, 1]])), n_factors=2, n_respondents=300)


@pytest.fixture(scope="module")
def crossed():
    """Item c belongs to the right by its answers."""
    pattern = np.array([[0.8, 0], [0.7, 0], [0.1, 0.6], [0, 0.9], [0, 0.8], [0, 0.7]])
    return gk.efa(model(pattern, np.array([[1, 0.4], [0.4, 1]])), n_factors=2, n_respondents=300)


# ----------------------------------------------------------------------------------------------------------- pencil


def test_tuckers_coefficient_by_pencil():
    # (.8 + .6) / sqrt((.64 + .36 + .25) * 2), and the other column has only .5 * 1
    loadings, key = np.array([[0.8, 0], [0.6, 0], [0.5, 0.5]]), np.array([[1.0, 0], [1, 0], [0, 1]])
    expected = [[1.4 / np.sqrt(1.25 * 2), 0.5 / np.sqrt(1.25)], [0, 1]]
    assert tucker(loadings, key) == pytest.approx(np.array(expected))


def test_equal_loadings_are_congruent_with_their_key_whatever_their_size():
    loadings = pd.DataFrame({"F1": [0.3, 0.3, 0.3, 0, 0, 0], "F2": [0, 0, 0, 0.9, 0.9, 0.9]}, index=ITEMS)
    assert gk.congruence(loadings, KEY).dimensions["congruence"].tolist() == pytest.approx([1, 1])


def test_matching_takes_the_largest_sum_not_the_largest_first():
    # the greedy choice .9 would leave .1; .8 + .8 is more
    rows, columns = best_match(np.array([[0.9, 0.8], [0.8, 0.1]]))
    assert list(zip(rows, columns, strict=True)) == [(0, 1), (1, 0)]


def test_matching_pairs_what_there_is_when_there_are_fewer_factors_than_dimensions():
    rows, columns = best_match(np.array([[0.5, 0.6, 0.7]]))
    assert (rows.tolist(), columns.tolist()) == ([0], [2])


@pytest.mark.parametrize("shape", [(5, 5), (3, 6), (6, 3), (8, 8)])
def test_matching_is_that_of_the_hungarian_method(shape):
    from scipy.optimize import linear_sum_assignment

    rng = np.random.default_rng(11)
    for _ in range(30):
        similarity = rng.random(shape) ** 0.2  # close calls
        rows, columns = best_match(similarity)
        others = linear_sum_assignment(similarity, maximize=True)
        assert rows.tolist() == others[0].tolist()
        assert columns.tolist() == others[1].tolist()


# ------------------------------------------------------------------------------------------------------- identities


def test_the_order_and_signs_of_factors_do_not_matter(clean):
    turned = clean.loadings[["F2", "F1"]] * [-1, 1]
    turned.columns = ["x", "y"]
    as_is, other = gk.congruence(clean.loadings, KEY), gk.congruence(turned, KEY)
    assert other.dimensions["congruence"].tolist() == pytest.approx(as_is.dimensions["congruence"].tolist())
    assert other.items["as_theory"].tolist() == as_is.items["as_theory"].tolist()


def test_many_solutions_find_their_order_and_signs_again():
    rng = np.random.default_rng(5)
    reference = rng.normal(size=(12, 4))
    orders = np.array([rng.permutation(4) for _ in range(50)])
    signs = rng.choice([-1.0, 1.0], size=(50, 4))
    shuffled = np.array([reference[:, order] * sign for order, sign in zip(orders, signs, strict=True)])
    order, sign, congruence = arranged_like(shuffled, reference)
    back = np.take_along_axis(shuffled, order[:, None, :], axis=2) * sign[:, None, :]
    assert back == pytest.approx(np.broadcast_to(reference, back.shape))
    assert congruence == pytest.approx(np.ones((50, 4)))


def test_the_turn_to_the_key_keeps_the_model(crossed):
    found = gk.congruence(crossed, KEY)
    L, phi, A = (t.to_numpy() for t in (found.aligned_loadings, found.aligned_phi, crossed.unrotated))
    assert pytest.approx(A @ A.T) == L @ phi @ L.T


def test_the_turn_to_the_key_does_not_depend_on_the_rotation_before_it(crossed):
    varimax = gk.efa(crossed.correlation, n_factors=2, rotation="varimax")
    first, second = (gk.congruence(factors, KEY).aligned_loadings for factors in (crossed, varimax))
    assert first.to_numpy() == pytest.approx(second.to_numpy(), abs=1e-6)


# ------------------------------------------------------------------------------------------------------ known truth


def test_a_key_that_is_the_truth_holds_for_every_item(clean):
    found = gk.congruence(clean, KEY)
    assert found.placed == 6
    assert found.dimensions["as_theory"].tolist() == [3, 3]
    # loadings .8 .7 .6: 2.1 / sqrt(1.49 * 3); loadings .9 .8 .7: 2.4 / sqrt(1.94 * 3)
    expected = [2.1 / np.sqrt(1.49 * 3), 2.4 / np.sqrt(1.94 * 3)]
    assert found.dimensions["congruence"].tolist() == pytest.approx(expected, abs=1e-4)
    assert found.aligned_phi.loc["left", "right"] == pytest.approx(0.4, abs=1e-4)
    assert found.headline.startswith("6 of 6 items load where the key says; congruence 0.99")


def test_an_item_that_belongs_elsewhere_is_found(crossed):
    found = gk.congruence(crossed, KEY)
    assert found.items.index[~found.items["as_theory"]].tolist() == ["c"]
    row = found.items.loc["c"]
    assert row["factor"] == found.dimensions.loc["right", "factor"]
    assert row["cross_factor"] == found.dimensions.loc["left", "factor"]
    assert found.dimensions["as_theory"].tolist() == [2, 3]


def test_the_cells_where_the_theory_puts_items_follow_the_matching(crossed):
    found = gk.congruence(crossed, KEY)
    assert found.expected.shape == (6, 2)
    assert found.expected[found.dimensions.loc["right", "factor"]].tolist() == [False] * 3 + [True] * 3


def test_a_loading_below_salient_does_not_count(clean):
    assert gk.congruence(clean, KEY, salient=0.65).items["as_theory"].tolist() == [True, True, False, True, True, True]


def test_fewer_factors_than_dimensions_leave_dimensions_without_one(clean):
    found = gk.congruence(clean, {"left": ["a", "b", "c"], "mid": ["d"], "right": ["e", "f"]})
    assert found.dimensions["factor"].tolist().count("") == 1
    assert found.dimensions["congruence"].isna().sum() == 1
    assert found.aligned_loadings is None
    assert "Not turned to the key: 2 factors for 3 dimensions." in found.method


def test_a_merged_solution_is_congruent_with_both_of_the_dimensions_it_merges():
    one = pd.DataFrame({"F1": [0.8] * 6}, index=ITEMS)
    # (3 * .8) / sqrt(6 * .64 * 3) = sqrt(1/2)
    assert gk.congruence(one, KEY).coefficients.loc["F1"].tolist() == pytest.approx([np.sqrt(0.5)] * 2)


def test_the_hotels_merge_three_dimensions_and_keep_two():
    hotel = gk.datasets.load("hotel")
    found = gk.congruence(gk.efa(hotel.perceptions, n_factors=3, kind="pearson"), hotel.instrument)
    clear = found.dimensions["congruence"] > 0.95
    assert clear[clear].index.tolist() == ["tangibles", "reliability"]
    merged = found.coefficients.loc[found.coefficients["empathy"].idxmax(), ["responsiveness", "assurance", "empathy"]]
    assert (merged > 0.5).all()


# ------------------------------------------------------------------------------------------------- what is left out


def test_items_outside_the_key_and_items_not_analysed_are_named(clean):
    found = gk.congruence(clean, {"left": ["a", "b"], "right": ["d", "e", "f", "g"]})
    assert "Items of the key that were not analysed: g." in found.method
    assert "Items that the key gives no dimension: c." in found.method
    assert found.items.index.tolist() == ["a", "b", "d", "e", "f"]
    assert found.aligned_loadings.index.tolist() == ITEMS


def test_a_key_of_other_items_is_refused_with_their_names(clean):
    with pytest.raises(
        gk.FactorError, match=r"The solution's items \(a, b, c, ...\) are none of the key's \(q01, q02, q03"
    ):
        gk.congruence(clean, gk.load_instrument("servqual"))


def test_loadings_alone_are_not_turned_and_say_so(clean):
    found = gk.congruence(clean.loadings, KEY)
    assert found.aligned_loadings is None
    assert "Loadings alone were given" in found.method
    assert "aligned_loading" not in found.items


def test_the_summary_prints_every_table(clean):
    text = gk.congruence(clean, KEY).summary()
    assert "aligned_phi" in text
    assert "oblimin" in text
