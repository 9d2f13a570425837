"""Boards: ipywidgets that read, compute and draw."""

from .board import Board
from .factor_lab import FactorLab
from .five_gaps import FiveGapsBoard
from .gap_explorer import GapExplorer

__all__ = ["Board", "FactorLab", "FiveGapsBoard", "GapExplorer"]
