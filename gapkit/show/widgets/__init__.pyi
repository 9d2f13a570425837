from .board import Board as Board
from .factor_lab import FactorLab as FactorLab
from .five_gaps import FiveGapsBoard as FiveGapsBoard
from .gap_explorer import GapExplorer as GapExplorer
from .priorities_board import PrioritiesBoard as PrioritiesBoard
from .segments_board import SegmentsBoard as SegmentsBoard
from .what_if import WhatIf as WhatIf
