"""Every layer, `Input` and `merge`, on one import path."""

from ..carried import CARRYING, carry
from ..engine.inputs import Input, InputLayer  # noqa: F401
from ..engine.layer import InputSpec, Layer  # noqa: F401
from ..engine.sequential import Sequential as _Sequential  # noqa: F401 - a config may hold a whole model
from .adaptive_pooling import *  # noqa: F403
from .advanced_activations import *  # noqa: F403
from .aliases import ALIASES
from .attention import *  # noqa: F403
from .cells import *  # noqa: F403
from .convolutional import *  # noqa: F403
from .convolutional_cells import *  # noqa: F403
from .convolutional_recurrent import *  # noqa: F403
from .core import *  # noqa: F403
from .cudnn_recurrent import *  # noqa: F403
from .depthwise import *  # noqa: F403
from .einsum_dense import *  # noqa: F403
from .embeddings import *  # noqa: F403
from .feature_normalization import *  # noqa: F403
from .group_normalization import *  # noqa: F403
from .grouped_query_attention import *  # noqa: F403
from .identity import *  # noqa: F403
from .image_sizes import *  # noqa: F403
from .later_along_time import *  # noqa: F403
from .layer_normalization import *  # noqa: F403
from .local import *  # noqa: F403
from .lookup import *  # noqa: F403
from .merge import *  # noqa: F403
from .multi_head_attention import *  # noqa: F403
from .noise import *  # noqa: F403
from .normalization import *  # noqa: F403
from .operator import *  # noqa: F403
from .pooling import *  # noqa: F403
from .random_colours import *  # noqa: F403
from .random_images import *  # noqa: F403
from .random_tones import *  # noqa: F403
from .recurrent import *  # noqa: F403
from .rescaling import *  # noqa: F403
from .rms_normalization import *  # noqa: F403
from .rnn import *  # noqa: F403
from .serialization import *  # noqa: F403
from .spatial import *  # noqa: F403
from .spectral_normalization import *  # noqa: F403
from .transposed import *  # noqa: F403
from .unit_normalization import *  # noqa: F403
from .wrappers import *  # noqa: F403

globals().update(ALIASES)

# what `*` leaves out: the later names that programs for Keras 1.2 give to classes of their own, and the modules that
# Keras has not
_LATER = """adaptive_pooling attention cells convolutional_cells einsum_dense feature_normalization
group_normalization grouped_query_attention identity image_sizes later_along_time layer_normalization
lookup multi_head_attention operator random_colours random_images random_tones rescaling rms_normalization rnn
spectral_normalization unit_normalization"""
LATER = [name for module in _LATER.split() for name in globals()[module].__all__]
_LEFT_OUT = {*LATER, "LATER", "ALIASES", "CARRYING", "carry", "GroupedQueryAttention"}
_MODULES = {one.rpartition(".")[2] for one in CARRYING if one.startswith("layers.")}


def _is_taken(name: str, value: object) -> bool:
    is_own = getattr(value, "__package__", None) == __name__
    return not name.startswith("_") and name not in _LEFT_OUT and (not is_own or name in _MODULES)


__all__ = [name for name, value in sorted(globals().items()) if _is_taken(name, value)]
carry(__name__)
