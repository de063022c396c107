"""The later path of `objectives`, and losses as objects."""

from .carried import carry
from .later_loss_functions import *  # noqa: F403
from .later_loss_functions import __all__ as _later
from .loss_classes import *  # noqa: F403
from .loss_classes import __all__ as _classes
from .objectives import *  # noqa: F403
from .objectives import KLD, MAE, MAPE, MSE, MSLE  # noqa: F401
from .objectives import __all__ as _functions

__all__ = [*_functions, *_later, *_classes]

# Keras 3's names
huber, kl_divergence, log_cosh = huber_loss, kullback_leibler_divergence, logcosh  # noqa: F405


carry(__name__)
_OWN = frozenset(globals())
