"""The six models by Adam with its own state: many steps a call give the weights of one step a call.

Adam divides a gradient by its own size. With the usual epsilon of 1e-8 a gradient that is nothing but rounding (a bias
before batch normalization has none else) becomes a step as large as any, and TensorFlow rounds otherwise by XLA than by
its own kernels; with 1e-3 rounding stays rounding. Theano's two ways round alike, so there Adam is as it comes.
"""

import numpy as np
import pytest

from benchmarks.models import WORKLOADS, build, data_for
from kerasnb import backend as K
from kerasnb.callbacks import LambdaCallback
from kerasnb.optimizers import Adam

SAMPLES, BATCH = 18, 4  # the last of five batches has two samples
EPSILON = {"tensorflow": 1e-3, "theano": 1e-8}


def trained(workload, epsilon, *callbacks):
    """The weights of model and optimizer, and the losses, from the same start."""
    np.random.seed(3)
    K.reset_uids()
    model = build(workload)
    model.compile(Adam(epsilon=epsilon), "sparse_categorical_crossentropy", metrics=["accuracy"])
    x, y = data_for(workload, SAMPLES)
    np.random.seed(4)
    history = model.fit(x, y, batch_size=BATCH, nb_epoch=2, verbose=0, callbacks=callbacks)
    return [*model.get_weights(), *model.optimizer.get_weights()], history.history["loss"]


@pytest.mark.slow
@pytest.mark.parametrize("workload", WORKLOADS)
def test_adam_in_many_steps_a_call_gives_the_weights_of_one_step_a_call(workload, backend):
    sizes = []
    by_batch = LambdaCallback(on_batch_end=lambda batch, logs: sizes.append(logs["size"]))
    many, losses = trained(workload, EPSILON[backend])
    single, losses_by_batch = trained(workload, EPSILON[backend], by_batch)
    assert sizes == [4, 4, 4, 4, 2] * 2
    for one, other in zip(many, single, strict=True):
        np.testing.assert_allclose(one, other, rtol=1e-6, atol=1e-6)
    np.testing.assert_allclose(losses, losses_by_batch, rtol=1e-5)
