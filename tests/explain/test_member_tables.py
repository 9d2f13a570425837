"""Cross tables against SciPy and a pencil, and small numbers that stay hidden."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import chi2_contingency
from scipy.stats.contingency import association

import gapkit as gk
from gapkit.explain.hidden_cells import shown_cells
from gapkit.explain.member_tables import cross_table, demographic_tables, grouping_columns, score_columns, score_rows


def people(counts):
    """A membership and a column that have these counts, segments x values."""
    cells = [
        (f"S{s + 1}", "xyz"[v]) for s, row in enumerate(counts) for v, count in enumerate(row) for _ in range(count)
    ]
    segment, value = zip(*cells, strict=True)
    return pd.Series(segment, dtype=object), pd.Series(value, dtype=object)


def test_a_cross_table_is_pearsons_and_cramers():
    counts = [[12, 30, 8], [25, 9, 16]]
    table, test = cross_table(*people(counts), None, 5)
    expected = chi2_contingency(counts, correction=False)
    assert test["chi2"] == pytest.approx(expected.statistic)
    assert test["p"] == pytest.approx(expected.pvalue)
    assert test["df"] == expected.dof
    assert test["smallest_expected"] == pytest.approx(expected.expected_freq.min())
    assert test["cramers_v"] == pytest.approx(association(np.array(counts), method="cramer"))
    assert table["share"].unstack()["S1"].tolist() == pytest.approx([0.24, 0.60, 0.16])


def test_equal_weights_change_nothing_and_unequal_ones_count_kishs_effective_n():
    segment, value = people([[12, 30, 8], [25, 9, 16]])
    plain = cross_table(segment, value, None, 1)[1]
    assert cross_table(segment, value, np.full(100, 3.0), 1)[1] == pytest.approx(plain)
    weights = np.where(np.arange(100) % 2, 1.0, 3.0)
    assert cross_table(segment, value, weights, 1)[1]["n"] == pytest.approx(200**2 / (50 * 9 + 50))


def test_a_cell_too_small_takes_neighbours_with_it_lest_subtraction_gives_it_away():
    # 2 = 40 - 30 - 8 along the segment, and 27 - 25 down the column; 8 = 24 - 16 would lead to it too
    table, test = cross_table(*people([[2, 30, 8], [25, 9, 16]]), None, 5)
    hidden = table["n"].unstack().isna()
    assert hidden.loc["x"].all()
    assert hidden.loc["z"].all()
    assert not hidden.loc["y"].any()
    assert test["n"] == 90
    # x and z are one value in the test: what it says follows from the segments' sizes and y
    pooled = chi2_contingency([[10, 30], [41, 9]], correction=False)
    assert (test["values"], test["chi2"]) == (2, pytest.approx(pooled.statistic))
    assert test["smallest_expected"] == pytest.approx(pooled.expected_freq.min())


def test_two_small_cells_that_are_too_few_together_take_a_third():
    # 53 - 50 = 3 people are x or y; the other segment has enough of everything
    hidden = cross_table(*people([[2, 1, 50], [30, 30, 30]]), None, 5)[0]["n"].unstack().isna()
    assert hidden["S1"].all()


def test_a_test_that_would_give_a_cell_away_is_not_made():
    # the smallest expected count, 43 * 20 / 120, was the way to 43 women, and so to the 2 in S3
    table, test = cross_table(*people([[29, 21], [30, 20], [18, 2]]), None, 5)
    assert table["n"].unstack()["S3"].isna().all()
    assert table["n"].isna().unstack().sum(axis=1).tolist() == [2, 2]
    assert np.isnan([test[name] for name in ("chi2", "p", "cramers_v", "smallest_expected")]).all()


@settings(max_examples=60, deadline=None)
@given(st.lists(st.lists(st.integers(0, 9), min_size=4, max_size=4), min_size=2, max_size=4))
def test_no_small_cell_follows_from_what_is_shown_and_the_sums_of_rows_and_columns(rows):
    counts = np.array(rows)
    shown = shown_cells(counts, 4)
    assert (counts[shown] >= 4).all()
    places = np.eye(counts.size).reshape(*counts.shape, counts.size)
    sums = [sum(places[row, column] for row, column in line) for line in _lines(counts)]
    published = np.array([np.zeros(counts.size), *places[shown], *sums])
    rank = np.linalg.matrix_rank(published)
    for cell in np.flatnonzero((counts.ravel() > 0) & (counts.ravel() < 4)):
        assert np.linalg.matrix_rank(np.vstack([published, np.eye(counts.size)[cell]])) == rank + 1
    for axis in (0, 1):
        beside = (counts * ~shown).sum(axis=axis)[counts.sum(axis=axis) >= 4]
        assert ((beside == 0) | (beside >= 4)).all()


def _lines(counts):
    """Rows and columns of at least 4, as places of their cells."""
    rows = [[(row, column) for column in range(counts.shape[1])] for row in np.flatnonzero(counts.sum(axis=1) >= 4)]
    columns = [[(row, column) for row in range(counts.shape[0])] for column in np.flatnonzero(counts.sum(axis=0) >= 4)]
    return rows + columns


def test_one_segment_has_nothing_to_be_compared_with():
    table, test = cross_table(*people([[12, 30, 8]]), None, 5)
    assert np.isnan(test["p"])
    assert table["share"].sum() == pytest.approx(1)


def test_holms_family_is_the_columns(hotel):
    segment = pd.Series(np.where(np.arange(hotel.n) % 2, "S1", "S2"), index=hotel.respondents.index)
    _, tests, hidden = demographic_tables(hotel, segment, ["purpose", "age"], None, 5)
    assert hidden == []
    smaller, larger = tests["p"].sort_values()
    assert tests["p_holm"].min() == pytest.approx(min(1, 2 * smaller))
    assert tests["p_holm"].max() == pytest.approx(max(min(1, 2 * smaller), larger))


def test_a_column_that_is_not_there_is_named(hotel):
    with pytest.raises(ValueError, match='no column "region" among the respondents; there are: guest, hotel'):
        demographic_tables(hotel, pd.Series("S1", index=hotel.respondents.index), ["region"], None, 5)


def test_columns_of_words_group_and_those_of_numbers_names_and_hidden_truth_do_not(hotel):
    assert grouping_columns(hotel) == ["hotel", "purpose", "age"]
    simulated = gk.simulate(n=50, seed=1, truth=gk.Truth(segments=(), careless=0.2))
    assert grouping_columns(simulated) == []


def test_scores_are_gapkits_own(hotel):
    scores, gaps = score_columns(hotel), gk.gap_scores(hotel)
    rows = score_rows(scores, np.ones(hotel.n, bool), hotel.weights.to_numpy(), 0.95)
    own = pd.concat([gaps.dimensions, gaps.overall])[["n", "E", "P", "gap", "low", "high", "sd"]]
    got = rows[["n", "E", "P", "gap", "gap_low", "gap_high", "gap_sd"]]
    assert got.to_numpy() == pytest.approx(own.to_numpy())


def test_perceptions_alone_have_no_gap(make_survey):
    survey = make_survey(pd.DataFrame({"prompt": [3, 5, 4], "polite": [5, 6, 7]}))
    scores = score_columns(survey)
    assert list(scores) == ["P"]
    assert score_rows(scores, np.ones(3, bool), None, 0.95)["P"].tolist() == [4, 6, 5]
