"""K: symbolic tensors and the functions of them, the same on every backend; none is loaded to build a model."""

from . import common, tensorflow_backend, theano_backend
from .config import (
    available_backends,
    cast_to_floatx,
    epsilon,
    flips_kernels,
    floatx,
    frozen_statistics,
    image_data_format,
    image_dim_ordering,
    legacy_weight_ordering,
    set_epsilon,
    set_floatx,
    set_frozen_statistics,
    set_image_data_format,
    set_image_dim_ordering,
    set_legacy_weight_ordering,
)
from .functions import Function, eval, function, gradients
from .graph.phase import learning_phase, set_learning_phase
from .graph.tensor import Constant, Placeholder, Tensor, Variable
from .graph.walks import depends_on
from .inner_names import find
from .ops.control import in_test_phase, in_train_phase, rnn
from .ops.convolve import *  # noqa: F403
from .ops.convolve_more import *  # noqa: F403
from .ops.ctc import ctc_batch_cost, ctc_label_dense_to_sparse
from .ops.ctc_decode import ctc_decode
from .ops.ctc_steps import *  # noqa: F403
from .ops.einsum import *  # noqa: F403
from .ops.elementwise import *  # noqa: F403
from .ops.fold import *  # noqa: F403
from .ops.indexing import *  # noqa: F403
from .ops.later.convolve import *  # noqa: F403
from .ops.later.functions import *  # noqa: F403
from .ops.later.spellings import accept_later_spellings
from .ops.linear import *  # noqa: F403
from .ops.nn import *  # noqa: F403
from .ops.pool import *  # noqa: F403
from .ops.random import *  # noqa: F403
from .ops.reduce import *  # noqa: F403
from .ops.registry import OPS
from .ops.shaping import *  # noqa: F403
from .ops.slicing import *  # noqa: F403
from .ops.state import *  # noqa: F403
from .ops.tiling import *  # noqa: F403
from .runtime.chosen import backend, is_native, preload, use
from .session import clear_session, get_session, manual_variable_initialization, set_session

image_ordering, set_image_ordering = image_dim_ordering, set_image_dim_ordering

accept_later_spellings(globals())


def __getattr__(name: str):
    """What Keras 1's backend modules let through: the library itself, and settings under their inner names."""
    return find(name)


__all__ = [name for name in dir() if not name.startswith("_")]
