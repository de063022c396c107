"""Every layer, `Input` and `merge`, on one import path."""

from ..engine.inputs import Input, InputLayer  # noqa: F401
from ..engine.layer import InputSpec, Layer  # noqa: F401
from .advanced_activations import *  # noqa: F403
from .aliases import ALIASES
from .cells import *  # noqa: F403
from .convolutional import *  # noqa: F403
from .convolutional_recurrent import *  # noqa: F403
from .core import *  # noqa: F403
from .cudnn import *  # noqa: F403
from .depthwise import *  # noqa: F403
from .embeddings import *  # noqa: F403
from .local import *  # noqa: F403
from .merge import *  # noqa: F403
from .noise import *  # noqa: F403
from .normalization import *  # noqa: F403
from .pooling import *  # noqa: F403
from .recurrent import *  # noqa: F403
from .serialization import *  # noqa: F403
from .spatial import *  # noqa: F403
from .transposed import *  # noqa: F403
from .wrappers import *  # noqa: F403

globals().update(ALIASES)

__all__ = [name for name in dir() if not name.startswith("_") and name != "ALIASES"]
