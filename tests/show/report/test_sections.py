"""The sections beyond the scores: drivers, priorities, segments, validity; their numbers are the library's."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

import gapkit as gk
from gapkit.show.report import segments as segments_section
from gapkit.show.report.parts import Heading, Paragraph
from gapkit.show.report.segments import MINIMUM_N, SETTINGS
from gapkit.show.text import number, percent, text
from gapkit.survey.truth import Truth

NASTY = '<img src=x onerror="alert(1)">'


def column(table, head):
    """One column by its head, name -> value."""
    place = [column.head for column in table.columns[1:]].index(head)
    return {row.name: row.values[place] for row in table.rows if row.values}


def words(report):
    """Every sentence before the methods in full."""
    said = "\n".join(part.words for part in report.parts if isinstance(part, (Heading, Paragraph)))
    return said.split("Methods in full")[0]


@pytest.fixture
def quick(monkeypatch):
    """A search that takes no time."""
    monkeypatch.setattr(segments_section, "SETTINGS", SETTINGS | {"max_segments": 3, "draws": 19, "resamples": 2})


@pytest.fixture(scope="module")
def found(hotel):
    return gk.segment(hotel, on="gaps", progress=False, **SETTINGS)


def test_drivers_are_those_of_the_library(english, hotel):
    known = gk.drivers(hotel, outcome="overall")
    table = english.tables["drivers"]
    for id, row in known.johnson.iterrows():
        name = hotel.instrument.label(id)
        assert column(table, "Share of R²")[name] == row["share"]
        assert column(table, "95% interval")[name] == (row["share_low"], row["share_high"])
        assert column(table, "Ranks first")[name] == row["first"]
        assert column(table, "Share by dominance")[name] == known.dominance.loc[id, "share"]
        assert column(table, "β")[name] == known.regression.loc[id, "beta"]
    leader = hotel.instrument.label(known.johnson["share"].idxmax())
    share = percent(known.johnson["share"].max())
    assert f"Most goes with “overall”: {leader} ({share} of R²" in english.parts[2].words
    assert f"{leader} goes with it most: {share} of R²" in words(english)
    assert leader in english.figures["drivers"].description
    assert f"n = {known.n}" in english.figures["drivers"].description, "those behind the figure, not all"


def test_every_outcome_has_its_leader(english, hotel):
    table = english.tables["outcomes"]
    assert [row.name for row in table.rows] == ["overall", "satisfaction", "recommend"]
    for outcome, r2 in column(table, "R²").items():
        known = gk.drivers(hotel, outcome=outcome)
        assert r2 == known.fit["r2"].iloc[0]
        assert column(table, "Goes most with")[outcome] == hotel.instrument.label(known.johnson["share"].idxmax())


def test_an_order_that_is_not_settled_is_called_so(hotel):
    few = hotel.only(np.arange(hotel.n) < 60, why="the first")
    assert gk.drivers(few).johnson["first"].max() < 0.95
    assert "Which dimension comes first is not settled." in words(gk.report(few, sections=["drivers"]))


def test_without_an_outcome_there_are_no_drivers_and_importance_is_not_derived(make_survey):
    people = pd.DataFrame({"overall": [5.0] * 30, "recommend": ["yes", "no"] * 15, "age": np.arange(30.0)})
    report = gk.report(make_survey([4, 5, 6] * 10, respondents=people), sections=["drivers", "priorities"])
    assert not {"drivers", "priorities_dimensions"} & set(report.tables)
    assert "What goes with" not in words(report)


def test_why_drivers_cannot_be_computed_is_told(make_survey):
    people = pd.DataFrame({"overall": [4.0, 5.0, 6.0] * 10})
    report = gk.report(make_survey([4, 5, 6] * 10, respondents=people), sections=["drivers"])
    assert "drivers" not in report.tables
    assert "For “overall” this could not be computed: " in words(report)
    assert "cannot be told apart" in words(report)


def test_the_map_is_that_of_the_library(made, hotel, language):
    known = gk.quadrants(hotel, level="dimensions", draws=500)
    table = made.tables["priorities_dimensions"]
    heads = {key: text(f"priority_map.{key}", language) for key in ("importance", "grand_means", "midpoints")}
    for id, row in known.positions.iterrows():
        name = hotel.instrument.label(id, language)
        assert column(table, heads["importance"])[name] == row["importance"]
        for rule in ("grand means", "midpoints"):
            quadrant = text(f"priority_map.{known.quadrants.loc[id, rule].replace(' ', '_')}", language)
            assert column(table, heads[rule.replace(" ", "_")])[name] == quadrant
    assert "priorities_items" not in made.tables  # nobody rated the items


def test_importance_that_was_not_asked_is_derived_and_said_to_be(hotel):
    bare = replace(hotel, allocations=None)
    known = gk.quadrants(bare, level="dimensions", importance="derived", outcome="overall", draws=500)
    report = gk.report(bare, sections=["priorities"])
    assert "Importance was not asked. It is derived here" in words(report)
    shown = column(report.tables["priorities_dimensions"], "Importance")
    assert shown["Reliability"] == known.positions.loc["reliability", "importance"]


def test_items_that_were_rated_are_placed_one_by_one(hotel):
    rated = replace(hotel, allocations=None, importance=hotel.expectations)
    report = gk.report(rated, sections=["priorities"])
    known = gk.quadrants(rated, level="items", draws=500)
    shown = column(report.tables["priorities_items"], "Importance")
    assert shown[hotel.instrument.label("q07")] == known.positions.loc["q07", "importance"]
    assert f"For {len(known.changed)} of 22 items the quadrant depends" in words(report)


def test_the_settings_are_those_with_which_the_board_opens():
    from gapkit.show.widgets import segments_board

    assert segments_board.SETTINGS | {"centre": segments_board.CENTRES[0]} == SETTINGS


def test_segments_are_those_of_the_library(english, hotel, found):
    known = gk.segment_profiles(found, hotel, minimum_n=MINIMUM_N)
    table = english.tables["segments"]
    assert len(table.rows) == found.recommended == 3  # what was planted
    for place, (id, row) in enumerate(known.sizes.iterrows()):
        shown = dict(zip([head.head for head in table.columns[1:]], table.rows[place].values, strict=True))
        assert table.rows[place].name.startswith(f"{id}: ")
        assert (shown["Share"], shown["n"]) == (row["share"], row["n"])
        assert shown["95% interval"] == (row["low"], row["high"])
        assert shown["Jaccard"] == found.stability.loc[id, "jaccard"]
    gaps = [row.values[3] for row in english.tables["segment_scores"].rows if row.values]
    assert gaps == known.profile["gap"].tolist()
    means = [row.values[1] for row in english.tables["segment_outcomes"].rows if row.values]
    assert means == known.outcomes["mean"].tolist()
    shares = [row.values for row in english.tables["segment_people"].rows if row.values]
    assert np.array(shares).ravel().tolist() == known.demographics["share"].tolist()
    assert f"mean Jaccard similarity of {number(found.stability['jaccard'].min())}: highly stable" in words(english)


def test_every_number_of_segments_that_was_tried_is_told_with_its_test(english, found):
    table = english.tables["segment_choices"]
    assert [row.name for row in table.rows] == ["1", "2", "3 (found)", "4", "5", "6"]
    for head, known in (("BIC", "bic"), ("p", "p"), ("Gain by chance", "gain_null")):
        shown = list(column(table, head).values())
        assert shown == pytest.approx(found.table[known].tolist(), nan_ok=True, rel=0, abs=0)
    tested = found.table[found.table["p"].notna()]
    shown = [value for value in column(table, "Draws").values() if value == value]
    assert shown == tested["draws"].tolist()
    assert found.reason in words(english)


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("en", "No segments were found: a single population"),
        ("zh-Hans", "没有发现细分群体"),
        ("zh-Hant", "沒有發現區隔"),
    ],
)
def test_one_population_is_the_answer_where_there_is_one(quick, language, said):
    survey = gk.simulate("servqual", n=150, seed=3, truth=Truth(importance=None, outcomes=()))
    report = gk.report(survey, sections=["segments"], language=language)
    assert report.parts[2].words.startswith(said)
    assert "segment_choices" in report.tables
    assert not {"segments", "segment_scores"} & set(report.tables)
    assert "segments" not in report.figures


def test_a_segment_of_few_is_not_shown_anywhere(quick, hotel, monkeypatch):
    small = hotel.only(np.arange(hotel.n) % 4 == 0, why="every fourth")
    found = gk.segment(small, on="gaps", progress=False, **segments_section.SETTINGS)
    sizes = found.membership.value_counts()
    assert found.recommended > 1
    monkeypatch.setattr(segments_section, "MINIMUM_N", int(sizes.min()) + 1)
    report = gk.report(small, sections=["segments"])
    hidden = sizes.index[sizes == sizes.min()][0]
    assert f"Not shown: {hidden} (fewer than {sizes.min() + 1} respondents)." in words(report)
    for key in ("segments", "segment_scores", "segment_outcomes"):
        assert not [row for row in report.tables[key].rows if row.name.startswith(f"{hidden}:")]
    assert hidden not in [head.head for head in report.tables["segment_people"].columns]
    assert f"{hidden}:" not in report.figures["segments"].description


@pytest.mark.parametrize(("perceived", "why"), [([4, 5, 6], "segments need at least 20"), ([4, 5, 6] * 10, "")])
def test_why_segments_were_not_searched_for_is_told(make_survey, perceived, why):
    report = gk.report(make_survey(perceived), sections=["segments"])
    assert "Segments were not searched for: " in words(report)
    assert why in words(report)
    assert "segment_choices" not in report.tables


def test_scores_that_are_combinations_of_each_other_are_no_cloud(make_survey):
    survey = make_survey([4, 5, 5, 6] * 10)
    survey.perceptions.loc[:, "q02"] = 5.0
    assert "combinations of each other" in words(gk.report(survey, sections=["segments"]))


def test_validity_is_that_of_the_library(english, hotel):
    known = gk.validity(hotel)
    table = english.tables["validity"]
    for id, row in known.dimensions.iterrows():
        name = hotel.instrument.label(id)
        assert column(table, "AVE")[name] == row["ave"]
        assert column(table, "Composite reliability")[name] == row["composite_reliability"]
        others = known.htmt.loc[id].drop(id)
        assert column(table, "Largest HTMT")[name] == others.max()
        assert column(table, "Nearest dimension")[name] == hotel.instrument.label(others.idxmax())
    kept = gk.retention(hotel.perceptions, weights=hotel.weights)
    assert f"Parallel analysis finds {kept.n_factors} factors beyond chance" in words(english)
    assert "Responsiveness and Assurance" in english.parts[2].words  # planted to go together


def test_sections_can_be_left_out_and_an_unknown_one_is_refused(make_survey):
    survey = make_survey([4, 5, 6])
    report = gk.report(survey, sections=[])
    assert list(report.tables) == ["batteries", "data", "dimensions", "items", "consistency", "screening"]
    with pytest.raises(ValueError, match='no section "kano"; there are: drivers, priorities, segments, validity'):
        gk.report(survey, sections=["kano"])


def test_names_from_a_file_are_only_ever_text_in_the_sections(quick, hotel):
    people = hotel.respondents.rename(columns={"purpose": NASTY})
    people["hotel"] = people["hotel"].replace({"B": NASTY})
    report = gk.report(replace(hotel, respondents=people), sections=["segments", "drivers"])
    page = gk.report_file(report, "html")[1].decode()
    assert "<img" not in page
    assert page.count("&lt;img") >= 2


def test_the_kiosk_survey_has_every_section():
    from gapkit.show.widgets.survey_choice import offered

    if "kservqual" not in offered():
        pytest.skip("GAPKIT_DATA names no folder with the kiosk survey")
    survey = gk.datasets.load("kservqual")
    report = gk.report(survey, sections=["drivers", "priorities", "validity"])
    known = gk.drivers(survey, outcome="overall")
    assert column(report.tables["drivers"], "Share of R²")["Economy"] == known.johnson.loc["economy", "share"]
    assert known.regression["turned"].any()
    assert "a sign of overlap: Convenience." in words(report)
    assert {"priorities_dimensions", "priorities_items", "validity"} <= set(report.tables)
