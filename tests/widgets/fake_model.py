"""A model that trains by a script: no backend, no waiting, for tests of the panels' logic."""

import threading

import numpy as np

from kerasnb import backend as K
from kerasnb.callbacks import CallbackList, History
from kerasnb.engine.fitting.control import TrainingControl
from kerasnb.engine.statistics import Statistics


class FakeOptimizer:
    def __init__(self):
        self.lr = K.variable(0.001)


class FakeLayer:
    trainable, spelt_later, is_graph = True, False, False

    def __init__(self, name, values):
        self.name = name
        self.weights = self._trainable_weights = [K.variable(value, name=f"{name}_W") for value in values]
        self._non_trainable_weights, self.inner_layers, self.inbound_nodes = [], [], []
        self.output_shape = (None, 2)

    @property
    def trainable_weights(self):
        return self.weights if self.trainable else []

    def get_weights(self):
        return [weight.get_value() for weight in self.weights]

    def count_params(self):
        return sum(value.size for value in self.get_weights())


class FakeModel:
    """`script(epoch)` gives the logs of an epoch, or raises; `gate` holds training after the first epoch."""

    name = "digits_cnn"
    output_shape = (None, 2)
    batches = 4
    trainable, spelt_later, all_updates = True, False, ()

    def __init__(self, script=None):
        self.script = script or (lambda epoch: {"loss": 1.0 / (epoch + 1), "val_loss": 1.5 / (epoch + 1), "acc": 0.5})
        self.layers = [FakeLayer("dense_1", [np.ones((3, 4))]), FakeLayer("dense_2", [np.ones((4, 2))])]
        self.control, self.lock = TrainingControl(), threading.RLock()
        self.compile_arguments = self.optimizer = None
        self.compiled_with, self.recompiled = [], 0
        self.gate, self.reached_gate = None, threading.Event()

    is_compiled = property(lambda self: self.compile_arguments is not None)
    _weighted_layers = property(lambda self: self.layers)
    trainable_weights = property(lambda self: [one for layer in self.layers for one in layer.trainable_weights])

    def compile(self, **arguments):
        self.compiled_with.append(arguments)
        self.compile_arguments, self.optimizer = arguments, FakeOptimizer()
        self._statistics = Statistics(self)

    def refuse_data(self, compile_arguments, x, y, **data):
        """Takes any data."""

    def recompile(self):
        self.recompiled += 1

    def hold(self):
        self.gate = threading.Event()
        return self.gate

    def fit(self, x, y, batch_size=32, nb_epoch=10, verbose=1, callbacks=None, **rest):
        history = History()
        called = CallbackList([*(callbacks or []), history])
        called.set_model(self)
        called.set_params(
            {"batch_size": 1, "nb_epoch": nb_epoch, "nb_sample": self.batches, "metrics": ["loss", "acc"]}
        )
        with self.control.running(self.name):
            called.on_train_begin()
            for epoch in range(nb_epoch):
                if self.control.checkpoint():
                    break
                self._epoch(epoch, called)
            called.on_train_end()
        return history

    def _epoch(self, epoch, called):
        called.on_epoch_begin(epoch)
        logs = self.script(epoch)
        for batch in range(self.batches):
            called.on_steps_end(batch, {"batch": batch, "size": 1, "seen": batch + 1, "loss": logs["loss"]})
        called.on_epoch_end(epoch, logs)
        if self.gate is not None:
            self.reached_gate.set()
            self.gate.wait(10)
