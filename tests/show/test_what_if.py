"""The what-if board without a browser: move a slider, read what is shown."""

import base64
import io
import re
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

import gapkit as gk
from gapkit.show.text import interval, number, percent
from gapkit.show.widgets import WhatIf
from gapkit.show.widgets.own_survey import OWN
from gapkit.show.widgets.survey_choice import offered
from gapkit.show.widgets.what_if_view import Case, Ground

NASTY = '<img src=x onerror="alert(1)">'


@pytest.fixture
def board(hotel):
    return WhatIf({"hotel": hotel})


@pytest.fixture(scope="module")
def ready(hotel):
    return gk.prepare_outlook(hotel, outcome="recommend")


def tile(board, key):
    """The number in one tile."""
    return re.search(rf'data-key="{key}">([^<]*)<', board.tiles.value)[1]


def keep(board, name):
    board.name.value = name
    board.save.click()


def press(board, words):
    """Press the button of a scenario kept."""
    next(button for button in board.keep.buttons.children if button.description == words).click()


def file(board, name):
    """The content behind a link."""
    address = re.search(rf'href="data:[^,]*,([^"]*)" download="{name}"', board.files.value)[1]
    return base64.b64decode(address)


def table(board):
    return pd.read_csv(io.BytesIO(file(board, "what-if.csv")), encoding="utf-8-sig")


def test_at_first_nothing_moves(board, hotel):
    gap = number(gk.gap_scores(hotel).overall.loc["overall", "gap"])
    assert tile(board, "gap") == f"{gap} → {gap}"
    assert tile(board, "change") == "0.00"
    assert board.ceiling.value == ""
    assert "Nothing moves." in board.status.value
    assert board.alert.value == ""


def test_a_slider_shows_what_the_library_computes(board, hotel, ready):
    board.sliders["reliability"].value = 0.4
    scenario = gk.Scenario({"reliability": 0.4})
    before, after = (gk.gap_scores(survey).overall.loc["overall"] for survey in (hotel, gk.apply(hotel, scenario)))
    assert tile(board, "gap") == f"{number(before['gap'])} → {number(after['gap'])}"
    assert interval(after["low"], after["high"]) in board.tiles.value
    row = ready.change(scenario).change.loc["mean"]
    assert tile(board, "change") == number(row["change"], signed=True)
    assert interval(row["low"], row["high"]) in board.tiles.value
    assert number(row["change"], signed=True) in board.outlook.value
    after = gk.gap_scores(gk.apply(hotel, scenario)).dimensions.loc["reliability", "P"]
    assert f"→ {number(after)}" in board.figure.value


def test_a_slider_brought_back_leaves_nothing_behind(board):
    first = (board.figure.value, board.outlook.value, board.tiles.value)
    board.sliders["empathy"].value = 1.2
    assert board.figure.value != first[0]
    board.sliders["empathy"].value = 0.0
    assert (board.figure.value, board.outlook.value, board.tiles.value) == first


def test_the_end_of_the_scale_is_noted(board, hotel):
    board.sliders["reliability"].value = 2.0
    moves = gk.dimension_moves(hotel, gk.Scenario({"reliability": 2.0})).loc["reliability"]
    assert moves["missing"] > 0.3
    said = f"No room on the scale: Reliability (asked +2.00, possible {number(moves['attained'], signed=True)})."
    assert said in board.ceiling.value
    assert "end of scale: +2.00 asked" in board.figure.value
    board.sliders["reliability"].value = 0.2
    assert board.ceiling.value == ""


def test_answers_at_the_end_of_the_scale_are_counted(make_survey):
    board = WhatIf({"s": make_survey([6] * 12)})
    assert tile(board, "top") == "0% → 0%"
    for slider in board.sliders.values():
        slider.value = 1.0
    assert tile(board, "top") == "0% → 100%"


def test_one_group_moves_and_the_outlook_stays_that_of_all(board, hotel, ready):
    board.whose.value = ("hotel", "B")
    board.sliders["empathy"].value = 0.5
    part = hotel.where(hotel="B")
    after = gk.gap_scores(gk.apply(part, gk.Scenario({"empathy": 0.5}))).overall.loc["overall", "gap"]
    assert tile(board, "gap").endswith(f"→ {number(after)}")
    row = ready.change(gk.Scenario({"empathy": 0.5}, where={"hotel": "B"})).change.loc["mean"]
    assert tile(board, "change") == number(row["change"], signed=True)
    assert "Overall gap, hotel = B" in board.tiles.value
    assert f"hotel = B, simulated, n = {part.n}" in board.figure.value
    assert "n = 1150" in board.outlook.value


def test_another_outcome_has_its_own_targets(board, hotel):
    board.sliders["assurance"].value = 0.3
    assert "Net Promoter Score" in board.outlook.value
    board.outcome.value = "satisfaction"
    row = gk.outlook(hotel, gk.Scenario({"assurance": 0.3}), outcome="satisfaction").change.loc["mean"]
    assert tile(board, "change") == number(row["change"], signed=True)
    assert "Net Promoter Score" not in board.outlook.value
    assert "Mean of satisfaction" in board.outlook.value


def test_columns_that_are_no_outcome_are_not_offered(board):
    assert [value for _, value in board.outcome.options] == ["recommend", "overall", "satisfaction"]


def test_an_extrapolation_is_flagged_in_words(board):
    board.sliders["empathy"].value = 2.0
    assert ">Extrapolation: " in board.outlook.value


def test_the_tile_itself_warns_of_an_extrapolation(board, ready):
    board.sliders["assurance"].value = 2.0
    board.sliders["empathy"].value = -1.0
    found = ready.change(gk.Scenario({"assurance": 2.0, "empathy": -1.0}))
    assert found.extrapolates
    said = f"Caution: extrapolation, {percent(found.beyond)} of respondents are moved beyond what was observed."
    assert said in board.tiles.value
    assert said in board.status.value
    board.language.value = "zh-Hant"
    assert 'class="gk-caution"' in board.tiles.value


def test_a_second_model_stands_beside_the_straight_line(board, hotel):
    assert "Second model" not in board.tiles.value, "nothing moves"
    step = gk.Scenario({"reliability": 0.4})
    board.sliders["reliability"].value = 0.4
    other = gk.outlook(hotel, step, outcome="recommend", model="ordinal").change.loc["mean", "change"]
    assert f"Second model (proportional odds, no interval): {number(other, signed=True)}" in board.tiles.value
    assert "Caution" not in board.tiles.value


def test_where_the_models_disagree_the_tile_says_for_what(board, hotel, ready):
    step = gk.Scenario({"all": 1.2})
    for slider in board.sliders.values():
        slider.value = 1.2
    line, curve = (gk.outlook(hotel, step, model=model).change for model in ("linear", "ordinal"))
    outside = line.index[(curve["change"] < line["low"]) | (curve["change"] > line["high"])]
    assert "top two" in outside
    assert "mean" not in outside
    assert board.view().apart == list(outside)
    shares = [number(100 * table.loc["top two", "change"], 1, signed=True) for table in (line, curve)]
    assert f"{shares[0]} against {shares[1]}" in board.tiles.value
    assert "outside the interval of the straight line" in board.tiles.value


def test_an_outcome_that_is_no_rating_scale_has_no_second_model(hotel):
    money = hotel.respondents["recommend"] * 10 + hotel.respondents["overall"].fillna(0)
    ground = Ground(replace(hotel, respondents=hotel.respondents.assign(money=money)))
    assert ground.second("money") is None
    moved = ground.view(Case((("empathy", 0.5),), outcome="money"))
    assert (moved.second, moved.apart) == (None, [])
    assert moved.outlook is not None


def test_words_never_say_that_anything_is_caused(board):
    board.sliders["empathy"].value = 1.0
    shown = (
        board.tiles.value + board.outlook.value + board.status.value + board.heading.value + board.outlook_head.value
    )
    assert "cause" not in shown.replace("no proof of cause", "")
    assert "goes with it" in shown


def test_reset_puts_every_slider_back(board):
    first = board.tiles.value
    for slider in board.sliders.values():
        slider.value = 0.7
    assert board.tiles.value != first
    board.reset.click()
    assert {slider.value for slider in board.sliders.values()} == {0.0}
    assert board.tiles.value == first


def test_three_scenarios_are_compared_with_their_intervals(board, hotel, ready):
    for name, dimension in (("plain", "reliability"), ("kind", "empathy"), ("fine", "tangibles")):
        board.reset.click()
        board.sliders[dimension].value = 0.5
        keep(board, name)
    assert re.findall(r'data-scenario="([^"]*)"', board.compare.value) == ["plain", "kind", "fine"]
    row = ready.change(gk.Scenario({"empathy": 0.5})).change.loc["NPS"] * 100
    line = board.compare.value.split('data-scenario="kind"')[1].split("</tr>")[0]
    assert "Empathy +0.50" in line
    assert number(row["change"], 1, signed=True) in line
    assert interval(row["low"], row["high"], 1) in line
    gap = gk.gap_scores(gk.apply(hotel, gk.Scenario({"empathy": 0.5}))).overall.loc["overall", "gap"]
    assert f"<b>{number(gap)}</b>" in line


def test_a_fourth_scenario_is_refused_in_words_and_the_three_stay(board):
    for name in "abcd":
        keep(board, name)
    assert 'role="alert"' in board.alert.value
    assert "3 scenarios are kept at a time. Remove one, then save “d”." in board.alert.value
    assert list(board.saved) == ["a", "b", "c"]
    press(board, "Remove “b”")
    assert board.alert.value == ""
    keep(board, "d")
    assert list(board.saved) == ["a", "c", "d"]


def test_a_scenario_saved_under_a_known_name_replaces_it_and_says_so(board):
    keep(board, "a")
    board.sliders["empathy"].value = 0.5
    keep(board, "a")
    assert "saved anew" in board.keep.said.value
    assert board.saved["a"].amounts == {"empathy": 0.5}


def test_a_scenario_without_a_name_gets_one(board):
    keep(board, "  ")
    keep(board, "")
    assert list(board.saved) == ["Scenario 1", "Scenario 2"]


def test_a_scenario_kept_can_be_shown_again(board):
    board.whose.value = ("hotel", "C")
    board.sliders["empathy"].value = 0.6
    keep(board, "mine")
    shown = board.tiles.value
    board.whose.value = ("", "")
    board.reset.click()
    press(board, "Show “mine”")
    assert (board.whose.value, board.sliders["empathy"].value) == (("hotel", "C"), 0.6)
    assert board.tiles.value == shown


def test_another_language_keeps_sliders_and_scenarios(board):
    board.sliders["reliability"].value = 0.8
    board.outcome.value = "overall"
    keep(board, "mine")
    before, number_shown = board.case(), tile(board, "change")
    board.language.value = "zh-Hans"
    assert (board.case(), tile(board, "change"), list(board.saved)) == (before, number_shown, ["mine"])
    assert board.sliders["reliability"].description == "可靠性"
    assert "总差距" in board.tiles.value
    assert "可靠性 +0.80" in board.compare.value
    assert board.reset.description == "全部归零"
    board.language.value = "en"
    assert board.case() == before
    assert board.sliders["reliability"].description == "Reliability"


def test_no_english_is_left_on_a_chinese_board(board):
    board.language.value = "zh-Hans"
    board.sliders["reliability"].value = 2.0
    keep(board, "甲")
    shown = [board.tiles, board.ceiling, board.status, board.compare, board.files, board.keep.said, board.note]
    spoken = " ".join(re.sub(r"<[^>]*>", " ", part.value) for part in shown)
    assert set(re.findall(r"[A-Za-z]{3,}", spoken)) == {"recommend", "NPS", "CSV", "SVG", "PNG"}


def test_the_csv_holds_the_exact_numbers(board, hotel, ready):
    board.sliders["reliability"].value = 2.0
    keep(board, "kept")
    board.sliders["reliability"].value = 0.4
    board.prepare.click()
    numbers = table(board).set_index(["scenario", "what", "row"])
    assert numbers.index.unique("scenario").tolist() == ["Sliders now", "kept"]
    row = ready.change(gk.Scenario({"reliability": 0.4})).change.loc["NPS"]
    for name in ("before", "after", "change", "low", "high"):
        assert numbers.loc[("Sliders now", "recommend", "NPS"), name] == pytest.approx(row[name], abs=1e-12)
    kept = numbers.loc[("kept", "perceptions", "reliability")]
    moves = gk.dimension_moves(hotel, gk.Scenario({"reliability": 2.0})).loc["reliability"]
    assert kept[["asked", "attained"]].tolist() == pytest.approx(moves[["asked", "attained"]].tolist())
    after = gk.gap_scores(gk.apply(hotel, gk.Scenario({"reliability": 2.0}))).dimensions.loc["reliability"]
    assert kept["after"] == pytest.approx(after["P"], abs=1e-12)
    assert kept["expected"] == pytest.approx(after["E"], abs=1e-12)


@pytest.mark.parametrize("name", ["=1+1", "+1", "-1", "@SUM(A1)", '=HYPERLINK("http://x")'])
def test_no_name_becomes_a_formula(board, name):
    keep(board, name)
    board.prepare.click()
    assert set(table(board)["scenario"]) == {"Sliders now", f"'{name}"}


def test_a_column_name_from_a_file_becomes_no_formula_either(make_survey):
    people = pd.DataFrame({"=cmd": ["A"] * 6 + ["B"] * 6, "@nps": list(range(1, 7)) * 2})
    rng = np.random.default_rng(0)
    survey = make_survey([5] * 12, respondents=people)
    noisy = survey.perceptions + rng.integers(-2, 3, survey.perceptions.shape)
    board = WhatIf({"s": replace(survey, perceptions=noisy)})
    board.whose.value = ("=cmd", "A")
    board.prepare.click()
    numbers = table(board)
    assert set(numbers["whose"]) == {"'=cmd = A"}
    assert set(numbers["what"]) == {"perceptions", "'@nps"}


def test_figures_can_be_taken_along(board):
    board.sliders["empathy"].value = 0.5
    board.prepare.click()
    svg = file(board, "what-if.svg").decode("utf-8")
    assert svg.startswith("<svg")
    assert svg.count(">Empathy<") == 1
    assert ">Net Promoter Score<" in svg
    assert "var(--gk" not in svg, "colours of its own, not the page's"
    assert file(board, "what-if.png").startswith(b"\x89PNG")


def test_files_that_are_no_longer_what_is_shown_are_taken_away(board):
    board.prepare.click()
    assert "download=" in board.files.value
    board.sliders["empathy"].value = 0.5
    assert "download=" not in board.files.value
    assert "prepare the files again" in board.files.value
    board.prepare.click()
    assert "download=" in board.files.value


def test_nothing_from_a_file_or_a_reader_becomes_markup(make_survey):
    people = pd.DataFrame({NASTY: [NASTY] * 6 + ["b"] * 6, "recommend": [0, 3, 6, 9, 10, 5] * 2})
    survey = make_survey([5] * 12, respondents=people, title=NASTY)
    noisy = survey.perceptions + np.random.default_rng(0).integers(-2, 3, survey.perceptions.shape)
    board = WhatIf({NASTY: replace(survey, perceptions=noisy)})
    board.whose.value = (NASTY, NASTY)
    keep(board, NASTY)
    board.prepare.click()
    assert board.alert.value == ""
    shown = [board.heading, board.tiles, board.figure, board.figure_head, board.outlook, board.compare, board.status]
    for part in (*shown, board.foot, board.keep.said, board.files, board.ceiling, board.note):
        assert "<img" not in part.value
    assert "&lt;img" in board.compare.value
    for name in "abc":
        keep(board, name + NASTY)
    assert "<img" not in board.alert.value
    assert all(button.description.count(NASTY[:12]) == 1 for button in board.keep.buttons.children)


def test_a_survey_without_an_outcome_shows_gaps_and_says_so(make_survey):
    board = WhatIf({"s": make_survey([5] * 12)})
    assert board.alert.value == ""
    assert "asked for no outcome" in board.note.value
    assert "This survey asked for no outcome." in board.outlook.value
    board.sliders["empathy"].value = 0.5
    assert tile(board, "gap") == "−1.00 → −0.90"
    keep(board, "a")
    board.prepare.click()
    assert board.alert.value == ""


def test_an_outcome_that_another_survey_lacks_is_said_and_comes_back(hotel):
    other = replace(hotel, respondents=hotel.respondents.drop(columns="recommend"))
    board = WhatIf({"hotel": hotel, "other": other})
    board.outcome.value = "overall"
    board.outcome.value = "recommend"
    board.data.value = "other"
    assert board.alert.value == ""
    assert board.note.value == "<p>other has no “recommend”; shown instead: overall.</p>"
    board.data.value = "hotel"
    assert (board.outcome.value, board.note.value) == ("recommend", "")


def test_an_outcome_that_too_few_answered_is_an_alert_and_another_one_helps(hotel):
    few = hotel.respondents["recommend"].where(np.arange(hotel.n) < 6)
    board = WhatIf({"hotel": hotel, "few": replace(hotel, respondents=hotel.respondents.assign(recommend=few))})
    board.sliders["empathy"].value = 0.5
    shown = board.tiles.value
    board.data.value = "few"
    assert 'role="alert"' in board.alert.value
    assert "a model needs more than 7" in board.alert.value
    assert board.tiles.value == shown
    board.outcome.value = "overall"
    assert board.alert.value == ""
    assert "Goes with it, overall" in board.tiles.value


def test_each_survey_keeps_its_own_sliders_and_scenarios(hotel):
    other = replace(hotel, source=replace(hotel.source, title="Other guests"))
    board = WhatIf({"hotel": hotel, "other": other})
    board.sliders["empathy"].value = 0.5
    keep(board, "a")
    board.data.value = "other"
    assert board.sliders["empathy"].value == 0.0
    assert board.saved == {}
    board.data.value = "hotel"
    assert board.sliders["empathy"].value == 0.5
    assert list(board.saved) == ["a"]


def test_a_survey_without_expectations_shows_perceptions(hotel):
    board = WhatIf({"hotel": replace(hotel, expectations=None)})
    assert board.alert.value == ""
    assert "Overall perception" in board.tiles.value
    board.sliders["empathy"].value = 0.5
    assert ">Expected<" not in board.figure.value


def test_sliders_reach_as_far_as_is_sensible_for_the_scale(board):
    slider = board.sliders["empathy"]
    assert (slider.min, slider.max, slider.step, slider.continuous_update) == (-1.0, 2.0, 0.1, True)


def test_the_artists_stay_while_a_slider_moves(board):
    before = board._figures._dumbbell[2], board._figures._forest[2]
    board.sliders["empathy"].value = 0.3
    assert (board._figures._dumbbell[2], board._figures._forest[2]) == before


def test_the_figures_are_drawn_for_the_width_of_the_page(board):
    board.page.value = "width=345;language=zh-Hans"
    assert 'width="340"' in board.figure.value
    assert 'width="340"' in board.outlook.value
    assert board.language.value == "zh-Hans"


def test_the_kiosk_survey_has_its_own_dimensions_and_outcomes():
    if "kservqual" not in offered():
        pytest.skip("GAPKIT_DATA names no folder with the kiosk survey")
    board = WhatIf()
    board.data.value = "kservqual"
    assert board.alert.value == ""
    survey = gk.datasets.load("kservqual")
    assert list(board.sliders) == list(survey.instrument.dimension_ids)
    board.sliders["security"].value = 0.5
    board.outcome.value = "intention"
    row = gk.outlook(survey, gk.Scenario({"security": 0.5}), outcome="intention").change.loc["mean"]
    assert tile(board, "change") == number(row["change"], signed=True)
    board.data.value = "hotel"
    assert "has no “intention”" in board.note.value


def test_no_slow_library_is_imported_before_the_first_figure():
    import subprocess
    import sys

    code = (
        "import sys\n"
        "from gapkit.show.widgets import WhatIf\n"
        "board = WhatIf()\n"
        "board.sliders['empathy'].value = 0.5\n"
        "assert '<svg' in board.figure.value and '<svg' in board.outlook.value and not board.alert.value\n"
        "slow = ['matplotlib.pyplot', 'seaborn', 'sklearn', 'statsmodels', 'scipy.stats', 'scipy.optimize', 'semopy']\n"
        "print([name for name in slow if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_a_group_whose_size_gives_away_a_smaller_one_is_not_offered(make_survey):
    hotels = pd.DataFrame({"hotel": ["A"] * 9 + ["B"] * 6 + ["C"] * 2})
    assert Ground(make_survey([5] * 17, respondents=hotels)).groups == [("hotel", "A")]


def test_a_group_with_a_score_that_few_answered_is_not_offered_nor_is_what_would_give_it_away(make_survey):
    # of hotel A three guests answered empathy; with B and C shown, they are everybody less B and C
    survey = make_survey([5] * 24, respondents=pd.DataFrame({"hotel": ["A"] * 9 + ["B"] * 8 + ["C"] * 7}))
    empathy = list(survey.instrument.dimension("empathy").items)
    survey.perceptions.loc[:5, empathy] = np.nan
    assert Ground(survey).groups == [("hotel", "B")]


# a file of one's own


def own_file(**more):
    """Two hundred guests who see different things, as CSV; each item is answered 3, 4, 5 and 6 equally often."""
    rng = np.random.default_rng(0)
    levels = np.repeat([3, 4, 5, 6], 50)
    return pd.DataFrame({f"P{j}": rng.permutation(levels) for j in range(1, 23)} | more).to_csv(index=False).encode()


def test_an_outcome_of_ones_own_file_is_found(board):
    board.data.value = OWN
    board.own.give("guests.csv", own_file(comes_again=[2, 3, 4, 5, 6] * 40, age=range(200)))
    assert [value for _, value in board.outcome.options] == ["comes_again"]
    board.sliders["empathy"].value = 0.5
    assert "comes_again" in board.tiles.value
    assert board.alert.value == ""


def test_a_column_that_no_model_fits_is_no_outcome_and_said(board):
    board.data.value = OWN
    board.own.give("guests.csv", own_file(answered=[1, 2] + [np.nan] * 198))
    assert "no model can be fitted to them: answered." in board.note.value
    assert tile(board, "gap") == "4.50 → 4.50"
    assert board.alert.value == ""


def test_a_file_without_an_outcome_says_what_is_missing_and_shows_the_rest(board):
    board.data.value = OWN
    board.own.give("guests.csv", own_file())
    assert "guests asked for no outcome: the gaps are shown without an outlook." in board.note.value
    assert tile(board, "gap") == "4.50 → 4.50"
    assert tile(board, "change") == "–"


def test_sliders_and_scenarios_wait_for_the_survey_they_belong_to(board):
    board.sliders["reliability"].value = 0.5
    keep(board, "half a point")
    board.data.value = OWN
    board.own.give("guests.csv", own_file())
    assert board.sliders["reliability"].value == 0
    assert board.saved == {}
    board.own.fields.cancel.click()
    assert board.sliders["reliability"].value == 0.5
    assert list(board.saved) == ["half a point"]


@pytest.mark.parametrize("language", ["zh-Hans", "zh-Hant"])
def test_the_whole_method_is_said_in_chinese(board, english_in, language):
    board.language.value = language
    assert english_in(board.foot.value) == []
    assert {"zh-Hans": "自助抽样", "zh-Hant": "拔靴抽樣"}[language] in board.foot.value
