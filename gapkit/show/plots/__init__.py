"""Figures: one function each, drawn on axes that are passed in."""

from .before_after import BeforeAfter, before_after, before_after_height
from .before_after_words import describe_before_after, describe_outlook
from .branches import BRANCHES_HEIGHT, branch_gaps, gap_branches
from .canvas import drawn_language, new_figure, to_svg
from .chain_words import describe_chain
from .coverage import interval_coverage
from .driver_words import describe_coverage, describe_drivers, describe_kano, describe_penalties
from .drivers import driver_importance, drivers_height
from .dumbbell import dumbbell_height, gap_dumbbell
from .dumbbell_artists import GapDumbbell
from .factor_words import describe_loadings, describe_phi, describe_scree
from .factors import LoadingHeat, factor_diagram, loading_heat, loadings_height
from .heat import gap_heat, heat_height
from .kano_map import kano_height, kano_map
from .likert import likert_bars, likert_height
from .model import gap_model
from .outlook_forest import OutlookForest, outlook_forest, outlook_height
from .penalties import penalties_height, penalty_reward_bars
from .plan_figures import frontier_height, plan_frontier, plan_probabilities
from .priority_map import map_height, priority_map
from .priority_words import describe_frontier, describe_map, describe_probabilities, describe_robustness
from .radar import GapRadar, gap_radar, radar_height
from .scree import scree
from .screening import forest_height, missing_map, reliability_forest, screening_effect
from .segment_checks import silhouette_bars, silhouette_height, stability_dots, stability_height
from .segment_profiles import parallel_lines, segment_lines, segment_lines_height
from .segment_shares import share_heat, share_heat_height
from .segment_words import (
    describe_parallel,
    describe_profiles,
    describe_shares,
    describe_silhouettes,
    describe_stability,
    segment_name,
)
from .share_bars import priority_robustness, shares_height
from .waterfall import gap_waterfall, waterfall_height
from .words import describe_gaps, describe_heat, describe_likert

__all__ = [
    "BRANCHES_HEIGHT",
    "BeforeAfter",
    "GapDumbbell",
    "GapRadar",
    "LoadingHeat",
    "OutlookForest",
    "before_after",
    "before_after_height",
    "branch_gaps",
    "describe_before_after",
    "describe_chain",
    "describe_coverage",
    "describe_drivers",
    "describe_frontier",
    "describe_gaps",
    "describe_heat",
    "describe_kano",
    "describe_likert",
    "describe_loadings",
    "describe_map",
    "describe_outlook",
    "describe_parallel",
    "describe_penalties",
    "describe_phi",
    "describe_probabilities",
    "describe_profiles",
    "describe_robustness",
    "describe_scree",
    "describe_shares",
    "describe_silhouettes",
    "describe_stability",
    "drawn_language",
    "driver_importance",
    "drivers_height",
    "dumbbell_height",
    "factor_diagram",
    "forest_height",
    "frontier_height",
    "gap_branches",
    "gap_dumbbell",
    "gap_heat",
    "gap_model",
    "gap_radar",
    "gap_waterfall",
    "heat_height",
    "interval_coverage",
    "kano_height",
    "kano_map",
    "likert_bars",
    "likert_height",
    "loading_heat",
    "loadings_height",
    "map_height",
    "missing_map",
    "new_figure",
    "outlook_forest",
    "outlook_height",
    "parallel_lines",
    "penalties_height",
    "penalty_reward_bars",
    "plan_frontier",
    "plan_probabilities",
    "priority_map",
    "priority_robustness",
    "radar_height",
    "reliability_forest",
    "scree",
    "screening_effect",
    "segment_lines",
    "segment_lines_height",
    "segment_name",
    "share_heat",
    "share_heat_height",
    "shares_height",
    "silhouette_bars",
    "silhouette_height",
    "stability_dots",
    "stability_height",
    "to_svg",
    "waterfall_height",
]
