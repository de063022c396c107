"""Small trainings, done by this process and by machines."""

import os

import numpy as np

from kerasnb.layers import BatchNormalization, Dense
from kerasnb.machines import using
from kerasnb.models import Sequential

RANDOM = np.random.RandomState(3)
X = RANDOM.randn(58, 6).astype("float32")
Y = np.eye(3, dtype="float32")[RANDOM.randint(0, 3, 58)]


def mlp(loss="categorical_crossentropy", optimizer="sgd", metrics=("accuracy",), more=()):
    np.random.seed(1)
    model = Sequential([Dense(8, input_dim=6, activation="tanh"), BatchNormalization(), *more])
    model.add(Dense(3, activation="softmax"))
    model.compile(optimizer, loss, metrics=list(metrics))
    return model


def both(make, x=X, y=Y, where="local:2", batch_size=12, **arguments):
    """Models and logs of the same training in this process and on machines."""
    results = []
    for machines_asked in (None, where):
        model = make()
        np.random.seed(7)
        logs = model.fit(x, y, batch_size, 2, verbose=0, machines=machines_asked, **arguments).history
        results.append((model, logs))
    return results


def apart(one, other):
    """How far the weights of two models lie apart."""
    pairs = zip(one.get_weights(), other.get_weights(), strict=True)
    return max(np.abs(mine - theirs).max() for mine, theirs in pairs)


def in_use():
    return list(using._kept.values())[-1]


def processes():
    return in_use().group.pids


def lives(pid):
    return os.path.exists(f"/proc/{pid}")
