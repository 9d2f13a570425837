"""Outlooks: coefficients against their peers, the scale's ends, honest intervals, and the miss under a confounder."""

import numpy as np
import pandas as pd
import pytest

import gapkit as gk
from gapkit.decide.outcome_models import _categories
from gapkit.decide.proportional_odds import proportional_odds
from gapkit.measure.resampling import resampling_counts
from gapkit.survey.population import population
from gapkit.survey.simulate import draw
from gapkit.survey.truth import Truth

SERVQUAL = gk.load_instrument("servqual")
DIMENSIONS = list(SERVQUAL.dimension_ids)
EFFECTS = np.array([0.1, 0.5, 0.3, 0.2, 0.4])


def survey_of(n=400, seed=1, weighted=False, effects=EFFECTS, noise=0.8):
    """Answers with an outcome 0-10 that their dimension scores cause, so that the effect of moving them is known."""
    people = population(Truth(expectations=5.8, gaps=-1.3, ceiling=None, spread=1.1, outcomes=(), importance=None))
    survey = draw(people, n=n, seed=seed).survey()
    return with_outcome(survey, seed=seed, weighted=weighted, effects=effects, noise=noise)


def with_outcome(survey, *, seed, weighted=False, effects=EFFECTS, noise=0.8, more=None):
    rng = np.random.default_rng((seed, 7))
    latent = (
        (survey.dimension_scores("perceptions").to_numpy() - 4.5) @ effects + 6 + noise * rng.logistic(size=survey.n)
    )
    columns = {"recommend": np.clip(np.floor(latent + 0.5), 0, 10), "hotel": rng.choice(["A", "B"], survey.n)}
    columns |= {"weight": rng.uniform(0.5, 2, survey.n)} if weighted else {}
    people = pd.DataFrame(columns, index=survey.respondents.index).assign(**(more or {}))
    return gk.Survey(SERVQUAL, expectations=survey.expectations, perceptions=survey.perceptions, respondents=people)


def least_squares(survey, y, weights):
    X = np.column_stack([np.ones(survey.n), survey.dimension_scores("perceptions")])
    root = np.sqrt(weights)
    return np.linalg.lstsq(X * root[:, None], y * root, rcond=None)[0][1:]


@pytest.mark.parametrize("weighted", [False, True])
def test_the_linear_change_is_least_squares_times_the_shift(weighted):
    survey = survey_of(weighted=weighted)
    w = survey.weights.to_numpy() if weighted else np.ones(survey.n)
    y = survey.respondents["recommend"].to_numpy()
    result = gk.outlook(survey, gk.Scenario({"reliability": 0.3}), draws=20)
    targets = {"mean": y, "top two": (y >= 9) * 1.0, "NPS": (y >= 9) * 1.0 - (y <= 6)}
    for name, target in targets.items():
        expected = 0.3 * least_squares(survey, target, w)[1]
        assert result.change.loc[name, "change"] == pytest.approx(expected, rel=1e-9)
        assert result.change.loc[name, "before"] == pytest.approx(w @ target / w.sum(), rel=1e-12)


def test_each_draw_is_the_model_fitted_again_to_the_respondents_drawn():
    survey = survey_of(n=120, weighted=True)
    scenario = gk.Scenario({"empathy": 0.5}, where={"hotel": "B"})
    result = gk.outlook(survey, scenario, draws=4, seed=9)
    counts = resampling_counts(120, draws=4, rng=np.random.default_rng(9)) * survey.weights.to_numpy()
    moves = (gk.apply(survey, scenario).perceptions - survey.perceptions)[list(SERVQUAL.dimension("empathy").items)]
    for d, w in enumerate(counts.astype(float)):
        slope = least_squares(survey, survey.respondents["recommend"].to_numpy(), w)[4]
        assert result.draws[d, 0] == pytest.approx(slope * (w @ moves.mean(axis=1)) / w.sum(), rel=1e-5)


def test_proportional_odds_agree_with_statsmodels():
    ordinal = pytest.importorskip("statsmodels.miscmodels.ordinal_model")
    survey = survey_of(n=500)
    X = survey.dimension_scores("perceptions").to_numpy()
    codes, _ = _categories(survey.respondents["recommend"].to_numpy(), np.zeros((500, 1)))
    ours = proportional_odds(X, codes, np.ones((1, 500)))
    peer = ordinal.OrderedModel(codes, X, distr="logit").fit(method="newton", disp=0, maxiter=200)
    assert ours.slopes[0] == pytest.approx(peer.params[:5], abs=1e-6)
    assert ours.thresholds[0] == pytest.approx(peer.model.transform_threshold_params(peer.params)[1:-1], abs=1e-6)


def test_proportional_odds_with_weights_are_those_of_repeated_respondents():
    rng = np.random.default_rng(2)
    X, codes = rng.normal(size=(80, 2)), np.resize([0, 1, 2, 3], 80)
    times = rng.integers(1, 4, 80)
    weighted = proportional_odds(X, codes, times[None].astype(float))
    repeated = proportional_odds(X.repeat(times, axis=0), codes.repeat(times), np.ones((1, times.sum())))
    assert weighted.slopes[0] == pytest.approx(repeated.slopes[0], abs=1e-8)
    assert weighted.converged.all()


def test_rare_categories_join_a_neighbour_of_the_same_kind():
    """Four 9s may not join the 8s, which are no promoters, but the 10s."""
    answers = np.repeat([5.0, 8.0, 9.0, 10.0], [30, 30, 4, 30])
    codes, words = _categories(answers, (answers >= 9)[:, None] * 1.0)
    assert [int(codes[answers == y][0]) for y in (5, 8, 9, 10)] == [0, 1, 2, 2]
    assert words == ["9 to 10"]


def test_what_the_scale_forbids_is_not_predicted():
    survey = survey_of()
    asked = gk.Scenario({"reliability": 6})
    slope = least_squares(survey, survey.respondents["recommend"].to_numpy(), np.ones(survey.n))[1]
    room = 7 - survey.dimension_scores("perceptions")["reliability"].mean()
    result = gk.outlook(survey, asked, draws=20)
    assert result.change.loc["mean", "change"] == pytest.approx(slope * room, rel=1e-9)


def test_an_empty_scenario_predicts_no_change_at_all():
    for model in ("linear", "ordinal"):
        change = gk.outlook(survey_of(), gk.Scenario(), model=model, draws=20).change
        assert (change[["change", "low", "high"]] == 0).all(axis=None)


def test_a_move_beyond_everybody_observed_is_flagged_and_a_small_one_is_not():
    survey = survey_of()
    small = gk.outlook(survey, gk.Scenario({"all": 0.1}), draws=20)
    assert not small.extrapolates
    low = gk.Scenario({"tangibles": -6}) + gk.Scenario({"reliability": 6})
    far = gk.outlook(survey, low, draws=20)
    assert far.beyond > 0.9
    assert "extrapolates for" in far.headline
    assert far.support.loc["reliability", "after"] == pytest.approx(7)


def test_the_straight_line_says_when_it_leads_beyond_the_end():
    steep = survey_of(effects=EFFECTS * 2.5)
    assert "beyond the end of the scale" in gk.outlook(steep, gk.Scenario({"all": 2.4}), draws=20).method


def test_three_models_agree_on_a_small_move_of_a_straight_relation():
    survey = survey_of(n=1500)
    mean = gk.model_agreement(survey, gk.Scenario({"all": 0.3}), draws=50).xs("mean", level="target")
    truth = 0.3 * EFFECTS.sum()
    assert mean["change"].tolist() == pytest.approx([truth] * 3, rel=0.2)


def test_models_disagree_where_the_relation_is_bent():
    """So that agreement above can fail: nothing below 5 matters, everything above does, and the ends differ."""
    survey = survey_of(n=1500)
    score = survey.dimension_scores("perceptions")["reliability"].to_numpy()
    rng = np.random.default_rng(1)
    y = np.floor(2 + 6 * (score > 5.5) + rng.uniform(0, 2, survey.n))
    bent = gk.Survey(SERVQUAL, perceptions=survey.perceptions, respondents=pd.DataFrame({"recommend": y}))
    scenario = gk.Scenario({"reliability": -1.5})
    change = gk.model_agreement(bent, scenario, draws=20).xs("mean", level="target")["change"]
    moved = gk.apply(bent, scenario).dimension_scores("perceptions")["reliability"].to_numpy()
    truth = 6 * ((moved > 5.5).mean() - (score > 5.5).mean())
    assert change["monotone"] == pytest.approx(truth, rel=0.15)
    assert abs(change["linear"] / truth) > 1.5


def test_expectations_matter_to_gaps_only():
    survey = survey_of()
    scenario = gk.Scenario({"reliability": -0.5}, of="expectations")
    with pytest.raises(
        ValueError, match=r"moves expectations, which the scores of the model \(on='perceptions'\) do not"
    ):
        gk.outlook(survey, scenario, draws=20)
    on_gaps = gk.prepare_outlook(survey, on="gaps", draws=20)
    lower, higher = (on_gaps.change(s).change for s in (scenario, gk.Scenario({"reliability": 0.5})))
    assert lower.loc["mean", "change"] == pytest.approx(higher.loc["mean", "change"], rel=1e-9)


def test_it_speaks_of_association_and_of_what_was_left_out():
    survey = survey_of()
    survey.respondents.loc[:9, "recommend"] = np.nan
    result = gk.outlook(survey, gk.Scenario({"empathy": 0.2}), draws=20)
    assert "Association in this survey, not proof of cause" in result.method
    assert "10 of 400 respondents left out" in result.method
    assert "goes with empathy +0.2" in result.headline
    assert result.n == 390


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"outcome": "stars"}, 'no outcome "stars" with numbers among the respondents; there are: recommend'),
        ({"outcome": "hotel"}, 'no outcome "hotel" with numbers'),
        ({"model": "forest"}, 'model is one of linear, ordinal, not "forest"'),
        ({"adjust": ["age"]}, 'adjust: no column "age"'),
        ({"scale": (0, 5)}, "answers lie outside the scale 0-5"),
        ({"draws": 1}, "draws must be at least 2"),
        ({"on": "minimum"}, 'on is "perceptions" or "gaps"'),
    ],
)
def test_what_cannot_be_computed_says_why(options, message):
    with pytest.raises(ValueError) as error:  # noqa: PT011
        gk.outlook(survey_of(n=60), gk.Scenario({"empathy": 0.2}), **options)
    assert message in str(error.value)


def test_the_ordinal_model_is_for_rating_scales():
    survey = survey_of(n=100)
    spent = survey.respondents.assign(spent=np.arange(100) / 10)
    survey = gk.Survey(SERVQUAL, expectations=survey.expectations, perceptions=survey.perceptions, respondents=spent)
    with pytest.raises(ValueError, match=r"rating scales of up to 11 points; this outcome takes 100 different values"):
        gk.prepare_outlook(survey, outcome="spent", model="ordinal", draws=5)
    agreement = gk.model_agreement(survey, gk.Scenario({"empathy": 0.2}), outcome="spent", draws=5)
    assert agreement.index.unique("model").tolist() == ["linear", "monotone"]


def test_an_outcome_or_a_dimension_that_does_not_vary_is_named():
    survey = survey_of(n=60)
    survey.respondents["recommend"] = 7.0
    with pytest.raises(ValueError, match="recommend does not vary: every answer is 7"):
        gk.outlook(survey, gk.Scenario({"empathy": 0.2}))
    flat = survey_of(n=60)
    flat.perceptions[list(SERVQUAL.dimension("empathy").items)] = 4.0
    with pytest.raises(ValueError, match="empathy does not vary"):
        gk.outlook(flat, gk.Scenario({"empathy": 0.2}))


def held(surveys, scenario, truth, **options):
    """In how many surveys the interval of the mean holds the truth."""
    rows = [gk.outlook(survey, scenario, scale=(0, 10), **options).change.loc["mean"] for survey in surveys]
    return float(np.mean([row["low"] <= truth <= row["high"] for row in rows]))


PEOPLE = population(Truth(expectations=5.8, gaps=-1.3, ceiling=None, spread=1.1, outcomes=(), importance=None))


@pytest.mark.simulation
def test_95_percent_intervals_hold_a_known_cause_in_93_to_97_percent_of_600_surveys():
    """The effect on the mean is the shift times the effect: rounding is even, and almost nobody is near the ends."""
    surveys = draw(PEOPLE, n=250, seed=5, surveys=600)
    made = (with_outcome(surveys.survey(i), seed=i, noise=0.5) for i in range(600))
    assert 0.93 <= held(made, gk.Scenario({"reliability": 0.4}), 0.4 * EFFECTS[1], draws=200) <= 0.97


def confounded(surveys, number):
    """Mood raises what people answer and what they recommend; the scores themselves cause nothing."""
    for i in range(number):
        survey = surveys.survey(i)
        level = survey.perceptions.mean(axis=1)
        mood = level - level.mean() + np.random.default_rng(i).normal(0, 0.4, survey.n)
        made = with_outcome(survey, seed=i, effects=0 * EFFECTS, noise=0.3, more={"mood": mood})
        people = made.respondents.assign(recommend=np.clip(np.floor(made.respondents["recommend"] + mood), 0, 10))
        yield gk.Survey(SERVQUAL, perceptions=survey.perceptions, respondents=people)


def test_a_confounder_makes_the_interval_miss_and_adjusting_for_it_mends_that():
    surveys = draw(PEOPLE, n=250, seed=6, surveys=60)
    nothing, scenario = 0.0, gk.Scenario({"all": 0.4})
    assert held(confounded(surveys, 60), scenario, nothing, draws=60) < 0.05
    assert held(confounded(surveys, 60), scenario, nothing, draws=60, adjust=["mood"]) > 0.8


def test_noise_in_the_scores_makes_the_outlook_too_small():
    """The outcome follows the latent level of a dimension here, as in simulate: the scores see it through noise."""
    latent = gk.simulate(n=6000, seed=3, truth=Truth(gaps=-1.3, ceiling=None, spread=1.1, loadings=0.6))
    result = gk.outlook(latent, gk.Scenario({"all": 0.3}))
    planted = 0.3 * 5 * 0.35
    assert result.change.loc["mean", "high"] < planted
