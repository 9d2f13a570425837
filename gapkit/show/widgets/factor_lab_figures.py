"""The factor lab's figures as SVG; artists are kept where only their numbers change."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from ...measure.congruence import Congruence
from ...measure.factors import Factors
from ...measure.retention import Retention
from ...survey.survey import Survey
from ..plots.canvas import emptied, new_figure, to_svg
from ..plots.factor_words import describe_loadings, describe_phi, describe_scree
from ..plots.factors import LoadingHeat, factor_diagram, loading_heat, loadings_height
from ..plots.scree import Scree
from ..text import text
from .factor_lab_study import MOST_FACTORS, FactorStudy, Question
from .factor_lab_words import factor_names, loadings_title

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

SMALL_FIGURE = 300.0
MOST_SCREES = 6


class FactorFigures:
    """What was drawn before, by what it can be drawn again for."""

    def __init__(self) -> None:
        self._heats: dict[tuple[Any, ...], tuple[Figure, LoadingHeat]] = {}
        self._screes: dict[tuple[Any, ...], tuple[Retention, Figure, Scree]] = {}
        self._phi: tuple[int, Figure, Axes] | None = None

    def prepare(self, study: FactorStudy, asked: Question, survey: Survey, style: Mapping[str, Any]) -> None:
        """Artists for what may be asked next."""
        factors = study.solution(asked)
        self.loadings(survey, factors, study.place(asked), **style)
        self.scree(study.advice(asked), factors, **style)

    def loadings(
        self, survey: Survey, factors: Factors, place: Congruence, *, width: int, language: str, source: str
    ) -> str:
        """The heat map; the artists of each number of factors are kept while the items are the same."""
        instrument = survey.instrument
        names = {item: instrument.label(item, language) for item in factors.loadings.index}
        expected = place.expected.reindex(factors.loadings.index, fill_value=False)
        marks: dict[str, Any] = {"communalities": factors.communalities, "expected": expected, "language": language}
        key = (width, factors.loadings.shape[1], *names.values())
        if key not in self._heats:
            if len(self._heats) == MOST_FACTORS:
                self._heats.clear()
            figure, axes = new_figure(width, loadings_height(len(names)))
            groups = [instrument.item(item).dimension for item in names]
            labels = list(names.values())
            heat = loading_heat(axes, factors.loadings, labels=labels, groups=groups, source=source, **marks)
            self._heats[key] = figure, heat
        else:
            self._heats[key][1].update(factors.loadings, source=source, **marks)
        said = describe_loadings(factors.loadings, labels=names, language=language, source=source)
        title = loadings_title(factors, language)
        return to_svg(self._heats[key][0], title=title, description=said, name="gk-loadings", themed=True)

    def scree(self, advice: Retention, factors: Factors, *, width: int, language: str, source: str) -> str:
        """The eigenvalues against chance; for another number of factors only the line is moved."""
        key = (id(advice), width, language, source)
        if key not in self._screes:
            if len(self._screes) == MOST_SCREES:
                self._screes.clear()
            figure, axes = new_figure(width, SMALL_FIGURE)
            drawn = Scree(axes, advice.eigenvalues, language=language, source=source)
            self._screes[key] = advice, figure, drawn  # while the result is kept, its id is no other's
        _, figure, drawn = self._screes[key]
        drawn.choose(factors.loadings.shape[1], language=language)
        said = describe_scree(advice.eigenvalues, language=language, source=source)
        title = text("factor_lab.scree_title", language)
        return to_svg(figure, title=title, description=said, name="gk-scree", themed=True)

    def phi(
        self, survey: Survey, factors: Factors, place: Congruence, *, width: int, language: str, source: str
    ) -> str:
        """The factors and their correlations."""
        names = factor_names(place, survey.instrument, language)
        if self._phi is None or self._phi[0] != width:
            self._phi = width, *new_figure(width, SMALL_FIGURE)
        _, figure, axes = self._phi
        labels = list(names.values())
        factor_diagram(emptied(axes), factors.phi, labels=labels, language=language, source=source)
        spoken = {factor: f"{factor} {name}".strip() for factor, name in names.items()}
        said = describe_phi(factors.phi, labels=spoken, language=language, source=source)
        title = text("factor_lab.phi_title", language)
        return to_svg(figure, title=title, description=said, name="gk-phi", themed=True)
