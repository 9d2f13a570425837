"""Figures of a factor analysis: what is drawn is what was given, and what is said is what is drawn."""

import re

import numpy as np
import pandas as pd
import pytest

from gapkit.show import plots

NASTY = '<img src=x onerror="alert(1)">'
LOADINGS = pd.DataFrame({"F1": [0.8, 0.72, 0.05], "F2": [-0.12, 0.31, -0.64]}, index=["q01", "q02", "q03"])
PHI = pd.DataFrame([[1, 0.5, -0.2], [0.5, 1, 0], [-0.2, 0, 1]], index=["F1", "F2", "F3"], columns=["F1", "F2", "F3"])


def eigenvalues(observed, mean, high):
    """A table as `retention` gives it, its position 0 empty."""
    table = pd.DataFrame(
        {"common": observed, "common_mean": mean, "common_high": high}, index=range(1, len(observed) + 1)
    )
    table = pd.concat([pd.DataFrame(np.nan, index=[0], columns=table.columns), table])
    return table.assign(
        component=table["common"], component_mean=table["common_mean"], component_high=table["common_high"]
    )


SCREE = eigenvalues([4.0, 1.0, 0.2, 0.5], [0.4, 0.3, 0.2, 0.1], [0.5, 0.4, 0.3, 0.2])


def drawn(figure):
    """The texts of a figure's SVG."""
    svg = plots.to_svg(figure, title="t", description="d", name="n")
    return [text for text in re.findall(r"<text[^>]*>([^<]*)</text>", svg) if text]


# ---------------------------------------------------------------------------------------------------------- loadings


def test_the_heat_holds_the_loadings_and_prints_those_above_the_cutoff():
    figure, axes = plots.new_figure(500, plots.loadings_height(3))
    heat = plots.loading_heat(axes, LOADINGS)
    assert np.asarray(heat.cells.get_array()).reshape(3, 2) == pytest.approx(LOADINGS.to_numpy())
    texts = drawn(figure)
    assert {"0.80", "0.72", "−0.12", "0.31", "−0.64"} <= set(texts)
    assert "0.05" not in texts


def test_communalities_stand_in_a_column_of_their_own():
    figure, axes = plots.new_figure(500, plots.loadings_height(3))
    common = pd.Series([0.41, 0.55, 0.66], index=["q03", "q02", "q01"])
    plots.loading_heat(axes, LOADINGS, communalities=common)
    texts = drawn(figure)
    assert "h²" in texts
    assert texts.index("0.66") < texts.index("0.55") < texts.index("0.41")


def test_cells_are_outlined_where_the_theory_expects_the_item():
    _, axes = plots.new_figure(500, plots.loadings_height(3))
    expected = pd.DataFrame(
        [[True, False], [True, False], [False, True]], index=LOADINGS.index, columns=LOADINGS.columns
    )
    heat = plots.loading_heat(axes, LOADINGS, expected=expected)
    x, y = heat.outlines.get_data()
    corners = {(np.floor(a), np.floor(b)) for a, b in zip(x, y, strict=True) if np.isfinite(a)}
    assert corners == {(0, 0), (0, 1), (1, 2)}


def test_another_solution_is_put_into_the_same_figure():
    figure, axes = plots.new_figure(500, plots.loadings_height(3))
    heat = plots.loading_heat(axes, LOADINGS)
    heat.update(-LOADINGS)
    assert "−0.80" in drawn(figure)
    assert "0.80" not in drawn(figure)


def test_a_solution_of_another_size_needs_another_figure():
    _, axes = plots.new_figure(500, plots.loadings_height(3))
    heat = plots.loading_heat(axes, LOADINGS)
    with pytest.raises(ValueError, match="3 items and 2 factors"):
        heat.update(LOADINGS[["F1"]])


def test_narrow_cells_show_their_colour_only():
    figure, axes = plots.new_figure(110, plots.loadings_height(3))
    plots.loading_heat(axes, LOADINGS)
    assert not {"0.80", "−0.64"} & set(drawn(figure))


def test_a_line_is_drawn_where_the_dimension_changes():
    _, axes = plots.new_figure(500, plots.loadings_height(3))
    plots.loading_heat(axes, LOADINGS, groups=["a", "a", "b"])
    _, plain = plots.new_figure(500, plots.loadings_height(3))
    plots.loading_heat(plain, LOADINGS)
    assert len(axes.lines) == len(plain.lines) + 1


def test_an_empty_table_is_refused():
    _, axes = plots.new_figure(300, 200)
    with pytest.raises(ValueError, match="no loadings"):
        plots.loading_heat(axes, LOADINGS.iloc[:0])


# ------------------------------------------------------------------------------------------------------------- scree


def test_counting_stops_at_the_first_eigenvalue_within_chance():
    _, axes = plots.new_figure(400, 260)
    assert plots.scree(axes, SCREE) == 2  # the fourth is beyond chance again, but the third is not


def test_all_or_none_of_the_eigenvalues_may_be_beyond_chance():
    _, axes = plots.new_figure(400, 260)
    assert plots.scree(axes, eigenvalues([2.0, 1.0], [0.1, 0.1], [0.2, 0.2])) == 2
    _, axes = plots.new_figure(400, 260)
    assert plots.scree(axes, eigenvalues([0.3, 0.1], [0.4, 0.3], [0.5, 0.4])) == 0


def test_the_number_chosen_is_marked():
    figure, axes = plots.new_figure(400, 260)
    plots.scree(axes, SCREE, chosen=3, of="component")
    assert "3 chosen" in drawn(figure)


def test_the_scree_is_described_by_its_numbers():
    assert (
        plots.describe_scree(SCREE)
        == "Eigenvalues beyond chance: 2 (4.00, 1.00). The next is 0.20, chance reaches 0.30."
    )
    none = eigenvalues([0.3, 0.1], [0.4, 0.3], [0.5, 0.4])
    assert plots.describe_scree(none).startswith("No eigenvalue is beyond chance.")


# ----------------------------------------------------------------------------------------------------------- diagram


def test_the_diagram_draws_every_pair_the_strongest_first():
    figure, axes = plots.new_figure(400, 300)
    assert plots.factor_diagram(axes, PHI) == [0.5, -0.2, 0.0]
    assert {"0.50", "−0.20", "0.00", "F1", "F2", "F3"} <= set(drawn(figure))


def test_one_factor_is_drawn_alone_and_says_so():
    figure, axes = plots.new_figure(400, 300)
    assert plots.factor_diagram(axes, PHI.iloc[:1, :1], source="Ten guests") == []
    assert "One factor: nothing to correlate. Ten guests" in drawn(figure)


@pytest.mark.parametrize("factors", [2, 3, 4, 5, 6, 8])
@pytest.mark.parametrize("width", [320, 700])
def test_no_two_numbers_of_the_diagram_stand_on_each_other(factors, width):
    names = [f"F{number}" for number in range(1, factors + 1)]
    phi = pd.DataFrame(np.full((factors, factors), 0.3), index=names, columns=names)
    _, axes = plots.new_figure(width, 300)
    plots.factor_diagram(axes, phi)
    places = np.array([text.get_position() for text in axes.texts if text.get_text() == "0.30"])
    apart = np.abs(places[:, None] - places[None])
    np.einsum("iik->ik", apart)[:] = 99
    assert ((apart[..., 0] > 10) | (apart[..., 1] > 8)).all()


def test_the_diagram_is_described_by_its_numbers():
    assert plots.describe_phi(PHI) == "F1 with F2: 0.50. F1 with F3: −0.20. F2 with F3: 0.00."


# ------------------------------------------------------------------------------------------------------------- words


def test_loadings_are_described_strongest_first_with_the_items_names():
    said = plots.describe_loadings(LOADINGS, labels={"q01": "Prompt", "q02": "Polite"}, source="Ten guests")
    assert said == "F1: Prompt 0.80, Polite 0.72. F2: q03 −0.64, Polite 0.31. Ten guests."


def test_a_factor_without_salient_loadings_is_said_to_have_none():
    assert plots.describe_loadings(LOADINGS * 0.1).startswith("F1: no loading of 0.3 or more.")


def test_words_come_in_chinese():
    assert plots.describe_phi(PHI.iloc[:2, :2], language="zh-Hans") == "F1 与 F2：0.50。"
    figure, axes = plots.new_figure(400, 260)
    plots.scree(axes, SCREE, chosen=2, language="zh-Hans")
    assert "选取 2 个" in drawn(figure)


def test_names_from_a_file_stay_text():
    figure, axes = plots.new_figure(700, plots.loadings_height(3))
    plots.loading_heat(axes, LOADINGS.set_axis([NASTY, "$x$", "c"]), source=NASTY)
    svg = plots.to_svg(
        figure, title="t", description=plots.describe_loadings(LOADINGS.set_axis([NASTY, "b", "c"])), name="n"
    )
    assert "<img" not in svg
    assert "$x$" in svg
