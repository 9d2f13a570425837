from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

import gapkit as gk
from gapkit.measure.blocks import ROWS, ColumnError


def likert(n, k, *, missing=0.0, seed=0, high=7):
    rng = np.random.default_rng(seed)
    answers = rng.integers(1, high + 1, (n, k)).astype(float)
    answers[rng.random((n, k)) < missing] = np.nan
    return pd.DataFrame(answers, columns=[f"q{j + 1:02d}" for j in range(k)])


def same_bits(a, b):
    return all(
        np.array_equal(getattr(a, name), getattr(b, name))
        for name in ("centre", "counts", "sums", "products", "squares", "weight_squares", "n")
    )


def test_sums_of_a_small_table_are_those_a_pencil_gives():
    m = gk.moments(pd.DataFrame({"a": [1.0, 2.0, np.nan], "b": [5.0, 7.0, 6.0]}))
    assert m.counts.tolist() == [[2, 2], [2, 3]]
    assert m.sums.tolist() == [[3, 3], [12, 18]]
    assert m.products.tolist() == [[5, 19], [19, 110]]
    assert m.squares.tolist() == [[5, 5], [74, 110]]


def test_covariance_and_correlation_equal_pandas_pairwise_ones():
    answers = likert(300, 6, missing=0.15)
    m = gk.moments(answers)
    np.testing.assert_allclose(m.covariance(), answers.cov(), rtol=1e-12)
    np.testing.assert_allclose(m.correlation(), answers.corr(), rtol=1e-12)
    np.testing.assert_allclose(m.mean(), answers.mean(), rtol=1e-15)
    np.testing.assert_allclose(m.sd(), answers.std(), rtol=1e-13)


def test_sums_of_whole_numbers_are_exact_over_many_blocks():
    answers = likert(3 * ROWS + 17, 3, missing=0.02, high=11)
    m = gk.moments(answers)
    whole = answers.fillna(0).astype("int64").to_numpy()
    answered = answers.notna().astype("int64").to_numpy()
    assert np.array_equal(m.products, whole.T @ whole)
    assert np.array_equal(m.sums, whole.T @ answered)
    assert np.array_equal(m.squares, (whole**2).T @ answered)
    assert np.array_equal(m.counts, answered.T @ answered)


def test_merging_parts_in_any_order_gives_the_same_bits_for_scale_points():
    answers = likert(1000, 5, missing=0.1)
    parts = [gk.moments(answers[start : start + 130]) for start in range(0, 1000, 130)]
    assert same_bits(sum(parts), gk.moments(answers))
    assert same_bits(sum(parts[::-1]), gk.moments(answers))


def test_merging_an_outcome_in_money_agrees_with_the_whole():
    rng = np.random.default_rng(1)
    table = likert(500, 2).assign(spend=np.round(rng.gamma(2, 4e5, 500), 2))
    merged = gk.moments(table[:123]) + gk.moments(table[123:])
    np.testing.assert_allclose(merged.covariance(), table.cov(), rtol=1e-12)
    np.testing.assert_allclose(merged.correlation(), table.corr(), rtol=1e-12)


def test_pandas_polars_and_arrow_streams_give_the_same_bits():
    import polars as pl
    import pyarrow as pa

    answers = likert(ROWS + 1000, 4, missing=0.05)
    whole = gk.moments(answers)
    integers = pa.table({name: pa.array(answers[name].astype("Int8")) for name in answers})
    batches = pa.RecordBatchReader.from_batches(integers.schema, integers.to_batches(max_chunksize=7001))
    assert same_bits(gk.moments(batches), whole)
    assert same_bits(gk.moments(integers), whole)
    assert same_bits(gk.moments(pl.from_arrow(integers)), whole)
    assert same_bits(gk.moments(answers.astype("Int16")), whole)


def test_a_stream_cut_differently_gives_the_same_bits_for_money():
    import pyarrow as pa

    money = pa.table({"spend": np.random.default_rng(0).normal(1e6, 10, 2 * ROWS + 5)})
    small = pa.RecordBatchReader.from_batches(money.schema, money.to_batches(max_chunksize=999))
    assert same_bits(gk.moments(small), gk.moments(money))


def test_whole_number_weights_count_like_repeated_respondents():
    answers = likert(80, 4, missing=0.1)
    weights = np.random.default_rng(2).integers(0, 4, 80)
    repeated = answers.loc[answers.index.repeat(weights)]
    m = gk.moments(answers, weights=weights)
    np.testing.assert_allclose(m.mean(), repeated.mean(), rtol=1e-14)
    np.testing.assert_allclose(m.correlation(), repeated.corr(), rtol=1e-12)


def test_weighted_covariance_is_the_one_of_r_cov_wt_and_blind_to_the_scale_of_weights():
    x = np.array([1.0, 2.0, 4.0, 5.0])
    w = np.array([1.0, 2.0, 3.0, 4.0])
    by_hand = np.sum(w / 10 * (x - np.average(x, weights=w)) ** 2) / (1 - np.sum((w / 10) ** 2))
    table = pd.DataFrame({"x": x})
    assert gk.moments(table, weights=w).covariance().loc["x", "x"] == pytest.approx(by_hand, rel=1e-14)
    assert gk.moments(table, weights=100 * w).covariance().loc["x", "x"] == pytest.approx(by_hand, rel=1e-14)


def test_effective_number_of_respondents_is_kishs():
    m = gk.moments(pd.DataFrame({"x": [1.0, 2, 3]}), weights=[1, 1, 2])
    assert m.n_effective == pytest.approx(16 / 6)
    assert m.weighted
    assert not gk.moments(pd.DataFrame({"x": [1.0, 2, 3]})).weighted


def test_weights_may_be_a_column_and_are_then_not_counted():
    table = pd.DataFrame({"x": [1.0, 2, 3], "w": [1.0, 1, 2]})
    m = gk.moments(table, weights="w")
    assert m.columns == ("x",)
    assert m.mean()["x"] == 2.25


def test_rows_without_any_answer_are_counted_as_empty():
    m = gk.moments(pd.DataFrame({"x": [1, np.nan, 3], "y": [2, np.nan, np.nan]}))
    assert (m.n, m.n_empty) == (2, 1)


def test_gaps_are_taken_over_respondents_who_answered_both_halves():
    table = pd.DataFrame({"E.q01": [6.0, 7.0, 5.0], "P.q01": [5.0, np.nan, 5.0], "P.q02": [1.0, 2.0, 3.0]})
    gaps = gk.moments(table).gaps()
    assert gaps.index.tolist() == ["q01"]
    assert gaps.loc["q01", ["n", "E", "P", "gap"]].tolist() == [2, 5.5, 5.0, -0.5]
    assert gaps.loc["q01", "sd"] == pytest.approx(np.std([-1, 0], ddof=1))


def test_a_survey_brings_both_halves_and_its_weights():
    instrument = gk.load_instrument("servqual")
    items = list(instrument.item_ids)
    expectations = likert(40, len(items), seed=3).set_axis(items, axis=1)
    perceptions = likert(40, len(items), seed=4, missing=0.1).set_axis(items, axis=1)
    respondents = pd.DataFrame({"weight": np.linspace(0.5, 2, 40), "overall": np.arange(40.0)})
    survey = gk.Survey(
        instrument=instrument, expectations=expectations, perceptions=perceptions, respondents=respondents
    )
    m = gk.moments(survey)
    assert m.columns[:1] + m.columns[-1:] == ("E.q01", "P.q22")
    assert m.weighted
    gap = perceptions["q01"] - expectations["q01"]
    answered = gap.notna()
    weighted_gap = np.average(gap[answered], weights=respondents["weight"][answered])
    assert m.gaps().loc["q01", "gap"] == pytest.approx(weighted_gap, rel=1e-13)
    assert gk.moments(survey, columns=["P.q01", "overall"]).columns == ("P.q01", "overall")


def test_selecting_columns_keeps_their_moments():
    answers = likert(60, 5, missing=0.1)
    assert same_bits(gk.moments(answers).select(["q04", "q02"]), gk.moments(answers[["q04", "q02"]])._replaced(n=60))


def test_saved_moments_come_back_bit_by_bit(tmp_path):
    m = gk.moments(likert(50, 3).assign(spend=np.linspace(1e6, 2e6, 50)), weights=np.linspace(1, 2, 50))
    m.save(tmp_path / "m.npz")
    back = gk.Moments.load(tmp_path / "m.npz")
    assert same_bits(m, back)
    assert (back.columns, back.n, back.weight_sum, back.source) == (m.columns, m.n, m.weight_sum, m.source)


def test_different_columns_refuse_to_merge():
    with pytest.raises(ColumnError, match=r"cannot be merged: q01, q02 and q01, q02, q03\. .*select"):
        gk.moments(likert(5, 2)) + gk.moments(likert(5, 3))


def test_a_column_of_text_is_named_in_the_error():
    table = pd.DataFrame({"q01": [1, 2], "city": ["Lyon", "Paris"]})
    with pytest.raises(
        ColumnError, match=r"Column city holds (large_)?string, not numbers\. Leave it out with columns="
    ):
        gk.moments(table)
    assert gk.moments(table, columns=["q01"]).n == 2


def test_an_absent_column_is_named_with_those_there_are():
    with pytest.raises(ColumnError, match=r"no column q09\. It has: q01, q02\."):
        gk.moments(likert(5, 2), columns=["q09"])


def test_a_negative_weight_is_placed_in_its_row():
    with pytest.raises(ColumnError, match=r"1 weights are missing, negative or infinite \(rows 2\)"):
        gk.moments(likert(3, 2), weights=[1, -1, 1])


def test_an_infinite_value_is_refused():
    with pytest.raises(ColumnError, match="holds an infinite value"):
        gk.moments(pd.DataFrame({"x": [1.5, np.inf]}))


def test_a_table_without_answers_is_refused():
    with pytest.raises(ColumnError, match="No respondent has an answer"):
        gk.moments(pd.DataFrame({"x": [np.nan, np.nan]}))


def test_an_all_missing_column_is_nan_and_spoils_no_other():
    m = gk.moments(pd.DataFrame({"x": [1.0, 2, 4], "y": [np.nan] * 3, "z": [1.0, 3, 2]}))
    assert np.isnan(m.mean()["y"])
    assert np.isnan(m.correlation().loc["y"]).all()
    assert m.correlation().loc["x", "z"] == pytest.approx(np.corrcoef([1, 2, 4], [1, 3, 2])[0, 1])
