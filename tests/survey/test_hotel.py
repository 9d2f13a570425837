import json
import runpy
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from gapkit.survey import hotel, hotel_plan
from gapkit.survey.datasets import load

FOLDER = Path(__file__).parents[2] / "data" / "hotel"
WRITTEN = sorted([*hotel.FILES.values(), "truth_guests.csv", "truth.json", "README.md"])


@pytest.fixture(scope="module")
def made_again(tmp_path_factory):
    folder = tmp_path_factory.mktemp("hotel")
    runpy.run_path(str(FOLDER / "make.py"))["main"](folder)
    return folder


@pytest.fixture(scope="module")
def guests():
    return load("hotel")


@pytest.fixture(scope="module")
def hidden():
    return pd.read_csv(FOLDER / "truth_guests.csv", keep_default_na=False)


@pytest.fixture(scope="module")
def attentive(guests, hidden):
    return guests.without((hidden["careless"] != "").to_numpy(), why="careless by truth")


@pytest.mark.parametrize("name", WRITTEN)
def test_every_file_is_made_again_bit_for_bit_from_the_seed(made_again, name):
    assert (made_again / name).read_bytes() == (FOLDER / name).read_bytes()


def test_the_maker_writes_these_files_and_no_others(made_again):
    assert sorted(path.name for path in made_again.iterdir()) == WRITTEN


def test_another_seed_makes_other_files():
    assert not hotel.tables(7)["hotel.csv"].equals(hotel.tables()["hotel.csv"])


def test_one_file_never_changes_another(monkeypatch):
    before = hotel.tables()
    monkeypatch.setitem(hotel_plan.N, "staff", dict.fromkeys("ABCDEF", 9))
    hotel_plan.people.cache_clear()
    after = hotel.tables()
    hotel_plan.people.cache_clear()
    assert len(after["staff.csv"]) == 54
    assert all(after[name].equals(before[name]) for name in before if name != "staff.csv")


def test_the_files_load_as_the_surveys_they_were_written_from():
    for kind, survey in hotel.study().items():
        loaded = load("hotel" if kind == "customers" else f"hotel_{kind}")
        assert list(loaded.batteries) == list(survey.batteries)
        for name, answers in survey.batteries.items():
            assert np.array_equal(loaded.batteries[name].to_numpy(), answers.to_numpy(), equal_nan=True)
        assert loaded.respondents["hotel"].tolist() == survey.respondents["hotel"].tolist()
        assert not [name for name in loaded.respondents if name.startswith("truth")]


def test_gap_means_of_every_hotel_lie_within_sampling_error_of_the_planted_ones(attentive):
    planted = hotel_plan.people().means("gaps")
    scores = attentive.dimension_scores("gaps").groupby(attentive.respondents["hotel"])
    z = (scores.mean() - planted.loc[list("ABCDEF"), list(hotel_plan.DIMENSIONS)]) / scores.sem()
    assert z.abs().max(axis=None) < 4
    assert (z**2).to_numpy().sum() < 30 + 4 * np.sqrt(60)


def test_the_weighted_gap_mean_aims_at_all_guests_and_the_plain_one_elsewhere(attentive):
    planted = hotel_plan.people().means("gaps").loc["all", list(hotel_plan.DIMENSIONS)]
    scores, weight = attentive.dimension_scores("gaps"), attentive.weights
    mean = scores.mul(weight, axis=0).sum() / scores.notna().mul(weight, axis=0).sum()
    error = np.sqrt(((scores - mean).mul(weight, axis=0) ** 2).sum()) / weight.sum()
    assert ((mean - planted) / error).abs().max() < 4
    assert (scores.mean() - planted)[["reliability", *hotel_plan.SOFT]].max() < -0.1


def test_weights_restore_each_hotels_share_of_all_guests(guests):
    share = guests.weights.groupby(guests.respondents["hotel"]).sum() / guests.n
    assert share.to_dict() == pytest.approx(hotel_plan.GUEST_SHARES, abs=1e-4)


def test_points_weighted_gaps_aim_at_the_planted_weighted_gap(attentive):
    own = (attentive.allocations * attentive.dimension_scores("gaps")).sum(axis=1, skipna=False).dropna() / 100
    weight = attentive.weights[own.index]
    mean = np.average(own, weights=weight)
    error = np.sqrt((weight**2 * (own - mean) ** 2).sum()) / weight.sum()
    assert abs(mean - hotel_plan.people().weighted_gap()) < 4 * error


def test_four_percent_of_the_answers_are_missing(guests):
    for answers in guests.batteries.values():
        cells = answers.size
        assert abs(answers.isna().to_numpy().sum() - 0.04 * cells) < 4 * np.sqrt(cells * 0.04 * 0.96)


def test_three_percent_are_careless_a_third_of_each_kind(hidden):
    assert hidden["careless"].value_counts().to_dict() == {"": 1164, "straightline": 12, "random": 12, "identical": 12}


def test_expectations_reach_the_ceiling_as_planted(attentive):
    planted, n = hotel_plan.people().ceiling(), attentive.expectations.notna().sum()
    share = (attentive.expectations == 7).sum() / n
    assert ((share - planted) / np.sqrt(planted * (1 - planted) / n)).abs().max() < 4
    assert share[[f"q{j:02}" for j in range(5, 18)]].mean() > 0.45


@pytest.mark.parametrize("battery", ["expectations", "perceptions"])
def test_three_dimensions_can_hardly_be_told_apart_and_the_others_can(attentive, battery):
    answers = attentive.battery(battery)
    inside = answers - answers.groupby(attentive.respondents["hotel"]).transform("mean")
    items = {d.id: list(d.items) for d in attentive.instrument.dimensions}
    r = inside.corr()

    def between(one, other):
        """The mean correlation of items, corrected for what their noise takes away."""
        own = [r.loc[items[d], items[d]].to_numpy()[np.triu_indices(len(items[d]), 1)].mean() for d in (one, other)]
        return r.loc[items[one], items[other]].to_numpy().mean() / np.sqrt(own[0] * own[1])

    soft = hotel_plan.SOFT
    assert min(between(a, b) for a in soft for b in soft if a < b) > 0.85
    assert max(between(a, b) for a in ("tangibles", "reliability") for b in soft) < 0.45


def test_two_items_are_stored_as_asked_and_turned_on_loading(guests):
    raw = pd.read_csv(FOLDER / "hotel.csv")
    for half, battery in (("E", guests.expectations), ("P", guests.perceptions)):
        for id in ("q12", "q20"):
            as_asked = raw[f"{half}{int(id[1:])}"].to_numpy()
            assert np.array_equal(8 - as_asked, battery[id].to_numpy(), equal_nan=True)
        assert np.corrcoef(raw[[f"{half}12", f"{half}11"]].dropna().to_numpy().T)[0, 1] < -0.3
        assert battery["q12"].corr(battery["q11"]) > 0.3
    assert guests.source.reversed == ("q12", "q20")


def test_points_add_up_to_100_or_were_not_given(guests):
    totals = guests.allocations.sum(axis=1, skipna=False)
    assert set(totals.dropna()) == {100}
    assert abs(totals.isna().sum() - 0.04 * guests.n) < 4 * np.sqrt(guests.n * 0.04 * 0.96)


def test_segments_have_their_shares_and_differ_in_the_planted_gaps(attentive, hidden):
    careful = hidden[hidden["careless"] == ""]
    for segment in hotel_plan.SEGMENTS:
        mine = (careful["segment"] == segment.name).to_numpy()
        assert abs(mine.mean() - segment.share) < 4 * np.sqrt(segment.share * (1 - segment.share) / len(mine))
        scores = attentive.dimension_scores("gaps")[mine]
        weight = attentive.weights[mine]
        mean = scores.mul(weight, axis=0).sum() / scores.notna().mul(weight, axis=0).sum()
        planted = hotel_plan.people().means("gaps", by="segment").loc[segment.name, list(hotel_plan.DIMENSIONS)]
        assert ((mean - planted) / (1.2 * scores.sem())).abs().max() < 4


def test_the_segments_can_be_found_again_once_each_guests_own_level_is_taken_out(attentive, hidden):
    from sklearn.metrics import adjusted_rand_score
    from sklearn.mixture import GaussianMixture

    scores = attentive.dimension_scores("gaps")
    profile = scores.sub(scores.mean(axis=1), axis=0).iloc[:, :4].to_numpy()
    found = GaussianMixture(3, covariance_type="tied", n_init=2, random_state=0).fit_predict(profile)
    assert adjusted_rand_score(hidden.loc[hidden["careless"] == "", "segment"], found) > 0.7


def test_careless_guests_are_quicker_on_the_whole(guests, hidden):
    seconds = guests.respondents["seconds"].groupby(hidden["careless"].to_numpy()).median()
    assert seconds["straightline"] < seconds["identical"] < seconds[""]


def test_managers_have_three_levels_and_hotel_f_has_too_few_of_them():
    managers = load("hotel_managers").respondents
    assert set(managers["level"]) == {"executive", "department head", "supervisor"}
    assert managers["hotel"].value_counts().to_dict() == {"A": 8, "B": 8, "C": 7, "D": 7, "E": 6, "F": 4}


def test_many_studies_at_once_have_the_planted_chain_as_their_mean():
    drawn = hotel.draws(3, surveys=40, careless=0.0)
    for kind, letters in hotel_plan.CHAIN.items():
        group = drawn[kind].group
        for answers, letter in zip(drawn[kind].answers.values(), letters, strict=True):
            for g, name in enumerate("ABCDEF"):
                rows = answers[group == g].astype(float)
                error = np.nanstd(rows, axis=0) / np.sqrt(np.isfinite(rows).sum(axis=0))
                z = (np.nanmean(rows, axis=0) - hotel_plan.planted()[letter].loc[name]) / error
                assert np.abs(z).max() < 4.5, (kind, name)


def test_it_says_simulated_wherever_it_appears():
    truth = json.loads((FOLDER / "truth.json").read_text())
    assert truth["simulated"] is True
    assert "**simulated**" in (FOLDER / "README.md").read_text()
    for card in FOLDER.glob("*.toml"):
        assert "simulated = true" in card.read_text()
    assert len(list(FOLDER.glob("*.toml"))) == 5


def test_the_truth_file_holds_what_was_planted():
    truth = json.loads((FOLDER / "truth.json").read_text())
    assert truth["links"]["B"]["empathy"]["M-E"] == -1.2
    assert truth["guests"]["gap_means"]["A"]["reliability"] == pytest.approx(-0.3, abs=1e-5)
    assert truth["guests"]["separation_of_segments"]["surroundings"]["promises"] > 3
    assert truth["guests"]["careless"] == {"straightline": 0.01, "random": 0.01, "identical": 0.01}
