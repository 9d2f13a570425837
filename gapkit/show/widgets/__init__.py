"""Boards: ipywidgets that read, compute and draw. A page imports its own board only."""

import lazy_loader as lazy

__getattr__, __dir__, __all__ = lazy.attach_stub(__name__, __file__)
