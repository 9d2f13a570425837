"""Figures: one function each, drawn on axes that are passed in."""

from .branches import BRANCHES_HEIGHT, branch_gaps, gap_branches
from .canvas import drawn_language, new_figure, to_svg
from .chain_words import describe_chain
from .dumbbell import dumbbell_height, gap_dumbbell
from .dumbbell_artists import GapDumbbell
from .factor_words import describe_loadings, describe_phi, describe_scree
from .factors import LoadingHeat, factor_diagram, loading_heat, loadings_height
from .heat import gap_heat, heat_height
from .likert import likert_bars, likert_height
from .model import gap_model
from .radar import GapRadar, gap_radar, radar_height
from .scree import scree
from .screening import forest_height, missing_map, reliability_forest, screening_effect
from .waterfall import gap_waterfall, waterfall_height
from .words import describe_gaps, describe_heat, describe_likert

__all__ = [
    "BRANCHES_HEIGHT",
    "GapDumbbell",
    "GapRadar",
    "LoadingHeat",
    "branch_gaps",
    "describe_chain",
    "describe_gaps",
    "describe_heat",
    "describe_likert",
    "describe_loadings",
    "describe_phi",
    "describe_scree",
    "drawn_language",
    "dumbbell_height",
    "factor_diagram",
    "forest_height",
    "gap_branches",
    "gap_dumbbell",
    "gap_heat",
    "gap_model",
    "gap_radar",
    "gap_waterfall",
    "heat_height",
    "likert_bars",
    "likert_height",
    "loading_heat",
    "loadings_height",
    "missing_map",
    "new_figure",
    "radar_height",
    "reliability_forest",
    "scree",
    "screening_effect",
    "to_svg",
    "waterfall_height",
]
