import numpy as np
import pandas as pd
import pytest

from gapkit.survey.instrument import load_instrument
from gapkit.survey.truth import Truth, TruthError, by_dimension, by_item, correlations, shares

SERVQUAL = load_instrument("servqual")


def test_one_number_stands_for_every_item():
    assert by_item(0.5, SERVQUAL, (), where="gaps").tolist() == [[0.5] * 22]


def test_an_item_goes_before_its_dimension_and_that_before_other():
    row = by_item({"q05": 1, "reliability": 2, "other": 3}, SERVQUAL, (), where="gaps")[0]
    assert row[:10].tolist() == [3, 3, 3, 3, 1, 2, 2, 2, 2, 3]


def test_numbers_by_group_come_in_the_order_of_the_groups():
    rows = by_item({"South": -1, "North": {"empathy": -2, "other": 0}}, SERVQUAL, ("North", "South"), where="gaps")
    assert rows[0].tolist() == [0] * 17 + [-2] * 5
    assert rows[1].tolist() == [-1] * 22


def test_a_group_without_a_number_is_named_in_the_error():
    with pytest.raises(TruthError, match=r'^gaps: nothing for South\. Add it, or "other" for all that is not named\.$'):
        by_item({"North": -1}, SERVQUAL, ("North", "South"), where="gaps")


def test_an_unknown_name_is_refused_with_the_names_there_are():
    with pytest.raises(
        TruthError, match=r'^gaps: "relaibility" is not known; there are q01, .* empathy and "other"\.$'
    ):
        by_item({"relaibility": -1, "other": 0}, SERVQUAL, (), where="gaps")


def test_dimensions_take_their_numbers_in_the_instruments_order():
    assert by_dimension({"empathy": 5, "other": 1}, SERVQUAL, where="x").tolist() == [1, 1, 1, 1, 5]


def test_shares_are_scaled_to_one():
    assert shares({"a": 3, "b": 1}, where="groups").tolist() == [0.75, 0.25]


def test_a_share_of_nothing_is_refused():
    with pytest.raises(TruthError, match=r"^groups: expected numbers above 0, found \{'a': 1, 'b': 0\}\. Leave out"):
        shares({"a": 1, "b": 0}, where="groups")


def test_one_correlation_stands_for_every_pair():
    matrix = correlations(0.4, SERVQUAL)
    assert np.array_equal(matrix, np.full((5, 5), 0.4) + 0.6 * np.eye(5))


def test_a_correlation_table_is_put_in_the_instruments_order():
    ids = list(SERVQUAL.dimension_ids)
    table = pd.DataFrame(np.eye(5), ids, ids)
    table.loc["empathy", "tangibles"] = table.loc["tangibles", "empathy"] = 0.7
    assert correlations(table.loc[ids[::-1], ids[::-1]], SERVQUAL)[0, 4] == 0.7


def test_a_correlation_table_without_a_dimension_is_refused():
    with pytest.raises(TruthError, match=r"expected a row and a column for each of tangibles, reliability"):
        correlations(pd.DataFrame(np.eye(2), list("ab"), list("ab")), SERVQUAL)


def test_a_lopsided_correlation_table_is_refused():
    ids = list(SERVQUAL.dimension_ids)
    table = pd.DataFrame(np.eye(5), ids, ids)
    table.iloc[0, 1] = 0.3
    with pytest.raises(TruthError, match=r"expected a symmetric table with 1 on its diagonal"):
        correlations(table, SERVQUAL)


def test_a_truth_is_a_value_that_cannot_be_changed():
    with pytest.raises(AttributeError):
        Truth().gaps = 1
