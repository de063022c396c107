"""Samples a second of hand-written JAX: an epoch is one compiled scan, data and weights stay on the device."""

import sys
from functools import partial

import jax
import jax.numpy as jnp
import numpy as np

from benchmarks.measure import median_seconds, report, seconds
from benchmarks.models import batch_size, classes, data_for

FITS = 3
LR, BETA_1, BETA_2, EPSILON = 1e-3, 0.9, 0.999, 1e-8


def dense(random, rows, columns):
    return [jnp.asarray(random.randn(rows, columns).astype("float32") * rows**-0.5), jnp.zeros(columns)]


def tiny_weights(random):
    return [dense(random, 4, 2)]


def tiny(weights, x):
    return x @ weights[0][0] + weights[0][1]


def mlp_weights(random):
    return [dense(random, 784, 128), dense(random, 128, 10)]


def mlp(weights, x):
    hidden = jax.nn.relu(x @ weights[0][0] + weights[0][1])
    return hidden @ weights[1][0] + weights[1][1]


def lstm_weights(random):
    return [dense(random, 32, 256), dense(random, 64, 256), dense(random, 64, 10)]


def lstm(weights, x):
    (W, b), (U, _), (V, c) = weights
    projected = jnp.swapaxes(x, 0, 1) @ W + b

    def step(state, now):
        h, cell = state
        i, f, g, o = jnp.split(now + h @ U, 4, axis=-1)
        cell = jax.nn.sigmoid(f) * cell + jax.nn.sigmoid(i) * jnp.tanh(g)
        return (jax.nn.sigmoid(o) * jnp.tanh(cell), cell), None

    start = jnp.zeros((len(x), 64)), jnp.zeros((len(x), 64))
    (h, _), _ = jax.lax.scan(step, start, projected)
    return h @ V + c


MODELS = {"tiny": (tiny_weights, tiny), "mlp": (mlp_weights, mlp), "lstm": (lstm_weights, lstm)}


def loss_of(model, weights, x, y):
    logits = jax.nn.log_softmax(model(weights, x))
    return -jnp.mean(jnp.take_along_axis(logits, y[:, None], axis=1))


def step(model, state, batch):
    """One step of Adam on one batch."""
    weights, m, v, count = state
    loss, gradients = jax.value_and_grad(partial(loss_of, model))(weights, *batch)
    count += 1
    m = jax.tree.map(lambda old, g: BETA_1 * old + (1 - BETA_1) * g, m, gradients)
    v = jax.tree.map(lambda old, g: BETA_2 * old + (1 - BETA_2) * g * g, v, gradients)
    rate = LR * jnp.sqrt(1 - BETA_2**count) / (1 - BETA_1**count)
    weights = jax.tree.map(lambda w, m, v: w - rate * m / (jnp.sqrt(v) + EPSILON), weights, m, v)
    return (weights, m, v, count), loss


def main(workload: str) -> None:
    x, y = data_for(workload)
    make, model = MODELS[workload]
    weights = make(np.random.RandomState(0))
    assert weights[-1][1].shape == (classes(workload),)
    zeros = jax.tree.map(jnp.zeros_like, weights)
    state = weights, zeros, zeros, jnp.zeros(())

    @jax.jit
    def epoch(state, x, y, order):
        places = order.reshape(-1, batch_size(workload))
        return jax.lax.scan(lambda state, rows: step(model, state, (x[rows], y[rows])), state, places)

    x, y = jnp.asarray(x), jnp.asarray(y)

    def fit():
        order = jnp.asarray(np.random.permutation(len(x)))
        jax.block_until_ready(epoch(state, x, y, order))

    first = seconds(fit)
    report(samples_per_second=len(x) / median_seconds(fit, FITS), first_epoch_seconds=first)


if __name__ == "__main__":
    main(sys.argv[1])
