"""Layout of labels without the reader's fonts at hand."""

import pytest

from gapkit.show.plots.labels import text_width, wrap


def test_a_chinese_character_is_as_wide_as_the_font_is_high():
    assert text_width("差距", 12) == 24


def test_latin_text_is_estimated_no_narrower_than_dejavu_sans_draws_it():
    from matplotlib.font_manager import FontProperties
    from matplotlib.textpath import TextPath

    for label in ("Responsiveness", "Sincere effort when there is a problem", "Staff WOMBAT MMM"):
        drawn = TextPath((0, 0), label, size=12, prop=FontProperties(family="DejaVu Sans")).get_extents().width
        assert text_width(label, 12) >= drawn


@pytest.mark.parametrize("label", ["Clear, appealing printed matter", "自助服务机的界面设计很有趣而且好看"])
def test_no_line_is_wider_than_asked(label):
    lines = wrap(label, 90, 11)
    assert len(lines) == 2
    assert all(text_width(line, 11) <= 90 for line in lines)


def test_what_does_not_fit_ends_in_an_ellipsis():
    assert wrap("Sincere effort when there is a problem", 100, 11, lines=1)[0].endswith("…")


def test_nothing_is_lost_where_there_is_room():
    assert " ".join(wrap("Right at the first attempt", 100, 11)) == "Right at the first attempt"


def test_a_word_wider_than_the_column_is_cut_and_not_endless():
    assert len(wrap("x" * 10_000, 100, 11)[0]) < 20


def test_an_empty_label_is_one_empty_line():
    assert wrap("", 100, 11) == [""]
