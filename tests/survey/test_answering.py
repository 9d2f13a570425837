import numpy as np
import pandas as pd
import pytest

from gapkit.survey.population import population
from gapkit.survey.simulate import draw, simulate
from gapkit.survey.truth import Truth, TruthError


def test_points_have_the_planted_means():
    planted = {"tangibles": 10, "reliability": 40, "responsiveness": 20, "assurance": 18, "empathy": 12}
    points = simulate(n=20_000, seed=3, truth=Truth(importance=planted)).allocations
    z = (points.mean() - pd.Series(planted)) / (points.std() / np.sqrt(len(points)))
    assert z.abs().max() < 4.5
    assert (points % 5 == 0).all(axis=None)


def test_points_of_a_low_concentration_are_more_one_sided():
    even, odd = (simulate(n=2_000, seed=3, truth=Truth(concentration=c)).allocations for c in (40, 2))
    assert odd.max(axis=1).mean() > even.max(axis=1).mean() + 15


def test_the_planted_share_is_missing_and_the_other_answers_stay_the_same():
    full, holes = (simulate(n=500, seed=7, truth=Truth(missing=share)) for share in (0.0, 0.08))
    gone = holes.perceptions.isna()
    cells = gone.size
    assert abs(gone.to_numpy().sum() - 0.08 * cells) < 4.5 * np.sqrt(cells * 0.08 * 0.92)
    assert holes.perceptions.equals(full.perceptions.mask(gone))
    assert holes.respondents["recommend"].isna().any()
    assert holes.allocations.isna().all(axis=1).any()


def test_careless_respondents_are_flagged_in_the_planted_numbers_and_the_others_stay_the_same():
    careful, mixed = (simulate(n=300, seed=7, truth=Truth(careless=share)) for share in (0.0, 0.09))
    kinds = mixed.respondents["truth_careless"]
    assert kinds[kinds != ""].value_counts().to_dict() == {"straightline": 9, "random": 9, "identical": 9}
    assert mixed.perceptions[kinds == ""].equals(careful.perceptions[kinds == ""])


def test_each_kind_of_carelessness_looks_its_part():
    survey = simulate(n=400, seed=7, truth=Truth(careless={"straightline": 0.1, "random": 0.2, "identical": 0.1}))
    kind = survey.respondents["truth_careless"]
    both = pd.concat([survey.expectations, survey.perceptions.add_suffix("p")], axis=1)
    straight = both[kind == "straightline"]
    assert straight.eq(straight["q01"], axis=0).all(axis=None)
    assert (straight["q01"] >= 4).all()
    assert survey.gaps[kind == "identical"].eq(0).all(axis=None)
    random = both[kind == "random"].to_numpy().ravel()
    assert np.bincount(random.astype(int))[1:] / random.size == pytest.approx([1 / 7] * 7, abs=0.03)


def test_a_straightliner_contradicts_himself_where_an_item_is_reversed():
    survey = simulate(n=100, seed=7, truth=Truth(careless={"straightline": 1.0}, reversed=("q12", "q20")))
    assert (survey.perceptions["q12"] == 8 - survey.perceptions["q11"]).all()
    assert survey.source.reversed == ("q12", "q20")
    assert survey.instrument.item("q12").reversed
    assert not survey.instrument.item("q11").reversed


def test_an_unknown_kind_of_carelessness_is_refused():
    with pytest.raises(
        TruthError, match=r'^careless: "sleepy" is not known; there are straightline, random, identical\.$'
    ):
        simulate(n=10, seed=1, truth=Truth(careless={"sleepy": 0.1}))


def test_the_first_of_many_carries_as_many_careless_as_a_survey_alone():
    drawn = draw(population(Truth(careless=0.3)), n=20, seed=1, surveys=50)
    assert ((drawn.careless > 0).sum(axis=1) == 6).all()
