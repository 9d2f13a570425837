"""The README's picture, made by gapkit: ``python docs/make_picture.py``."""

from pathlib import Path

import gapkit as gk
from gapkit.show import plots
from gapkit.show.plots.words import describe_gaps
from gapkit.show.text import text

PICTURE = Path(__file__).with_name("hotel_gaps.svg")


def picture() -> str:
    """Gaps of the bundled study by dimension, as an SVG that explains itself."""
    survey = gk.datasets.load("hotel")
    gaps = gk.gap_scores(survey)
    labels = [dimension.label("en") for dimension in survey.instrument.dimensions]
    figure, axes = plots.new_figure(760, plots.dumbbell_height(len(labels), 760))
    plots.gap_dumbbell(axes, gaps.dimensions, labels=labels, source=gaps.source)
    figure.set_facecolor("white")
    description = describe_gaps(gaps.dimensions, labels=labels, source=gaps.source)
    return str(
        plots.to_svg(figure, title=text("figure.gap_with_interval", level="95"), description=description, name="gaps")
    )


if __name__ == "__main__":
    PICTURE.write_text(picture() + "\n", encoding="utf-8")
