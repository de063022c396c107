"""The six models of the training benchmark: many steps a call give the weights of one step a call.

By SGD: Adam divides a gradient by its own size, so that where it is nothing but rounding (a bias before batch
normalization) the sign of a rounding becomes a whole step; TensorFlow rounds otherwise by XLA than by its own kernels.
"""

import numpy as np
import pytest

from benchmarks.models import WORKLOADS, build, data_for
from kerasnb import backend as K
from kerasnb.callbacks import Callback
from kerasnb.optimizers import SGD

SAMPLES, BATCH = 28, 4


class BatchWatcher(Callback):
    """Looks at every batch, so that each is a call of its own."""

    def __init__(self):
        super().__init__()
        self.batches = 0

    def on_batch_end(self, batch, logs=None):
        self.batches += 1


def trained(workload, callbacks):
    np.random.seed(3)
    K.reset_uids()
    model = build(workload)
    model.compile(SGD(0.05), "sparse_categorical_crossentropy", metrics=["accuracy"])
    x, y = data_for(workload, SAMPLES)
    np.random.seed(4)
    model.fit(x, y, batch_size=BATCH, nb_epoch=2, verbose=0, callbacks=callbacks)
    return model.get_weights()


@pytest.mark.slow
@pytest.mark.parametrize("workload", WORKLOADS)
def test_many_steps_a_call_give_the_weights_of_one_step_a_call(workload, backend):
    watcher = BatchWatcher()
    many, single = trained(workload, []), trained(workload, [watcher])
    assert watcher.batches == 2 * SAMPLES // BATCH
    for one, other in zip(many, single, strict=True):
        np.testing.assert_allclose(one, other, rtol=1e-6, atol=1e-6)
