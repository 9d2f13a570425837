"""gapkit: the service-quality gap model, from a survey file to a decision.

The rooms, left to right: ``survey`` (what was asked and answered), ``measure`` (numbers from answers),
``explain`` (who and why), ``decide`` (what to do), ``show`` (what a person sees).
"""

from typing import TYPE_CHECKING

import lazy_loader as lazy

__version__ = "0.1.0"

__getattr__, __dir__, __all__ = lazy.attach_stub(__name__, __file__)

if TYPE_CHECKING:
    pass
