"""A callback that writes what TensorBoard shows."""

from __future__ import annotations

import os
from collections.abc import Iterator
from typing import Any

import numpy as np

from .. import backend as K
from ..errors import ArgumentError
from ..spelling.door import accepts
from .base import Callback
from .tensorboard_events import EventWriter, histogram, images, scalar
from .tensorboard_graph import graph_of

__all__ = ["TensorBoard"]

# later arguments that can only say what Keras 1.2 does
_ONLY = {"write_grads": False, "embeddings_freq": 0, "update_freq": "epoch", "profile_batch": 0}


def _refuse_later(**given: Any) -> None:
    for name, value in given.items():
        if value != _ONLY[name]:
            raise ArgumentError(
                f"TensorBoard: {name} can only be {_ONLY[name]!r} here.", "Leave it out.", arguments=(name,)
            )


class TensorBoard(Callback):
    """Writes an event file for TensorBoard (`tensorboard --logdir ./logs`); needs the package tensorboard.

    Args:
        log_dir: the folder of the event files.
        histogram_freq: every how many epochs to write histograms of weights, and of the layers' outputs for the
            validation data where there is some (outputs as '<layer>_out'); 0 writes none.
        write_graph: whether to write the graph of layers.
        write_images: whether to write weights as pictures, in the epochs of histograms.
        batch_size: later: how many validation samples are computed at once.
    """

    keeps_unvalidated = True

    @accepts({})
    def __init__(
        self,
        log_dir="./logs",
        histogram_freq=0,
        write_graph=True,
        write_images=False,
        *,
        batch_size=32,
        write_grads=False,
        embeddings_freq=0,
        update_freq="epoch",
        profile_batch=0,
    ):
        super().__init__()
        _refuse_later(write_grads=write_grads, embeddings_freq=embeddings_freq)
        _refuse_later(update_freq=update_freq, profile_batch=profile_batch)
        self.log_dir = os.fspath(log_dir)
        self.histogram_freq = histogram_freq
        self.write_graph = write_graph
        self.write_images = write_images
        self.batch_size = batch_size
        self.writer: EventWriter | None = None

    def set_model(self, model):
        """Begin a new event file for the model, with its graph where `write_graph` says so."""
        super().set_model(model)
        if self.writer is not None:
            self.writer.close()
        self.writer = EventWriter(self.log_dir)
        self._outputs: Any = None  # the function from inputs to the layers' outputs, made when first needed
        if self.write_graph:
            self.writer.add_graph(graph_of(model))
            self.writer.flush()

    def on_epoch_end(self, epoch, logs=None):
        if self.histogram_freq and epoch % self.histogram_freq == 0:
            for value in self._of_weights():
                self.writer.add_summary([value], epoch)
            for value in self._of_outputs():
                self.writer.add_summary([value], epoch)
        for name, value in (logs or {}).items():
            if name not in ("batch", "size"):
                self.writer.add_summary([scalar(name, value)], epoch)
        self.writer.flush()

    def on_train_end(self, _=None):
        self.writer.close()

    def _of_weights(self) -> Iterator[Any]:
        for layer in self.model.layers:
            for weight in layer.weights:
                name, value = weight.name.replace(":", "_"), K.get_value(weight)
                yield histogram(name, [value])
                if self.write_images:
                    yield from images(name, value)

    def _of_outputs(self) -> Iterator[Any]:
        """Histograms of the layers' outputs for the validation data, of layers that are used once."""
        if not self.model.validation_data:
            return
        data = self.model.validation_data[: len(self.model.inputs)]
        size = K.int_shape(self.model.inputs[0])[0] or self.batch_size
        parts = [self._compute(data, start, start + size) for start in range(0, data[0].shape[0], size)]
        for name, arrays in zip(self._output_names, zip(*parts, strict=True), strict=True):
            yield histogram(f"{name}_out", arrays)

    def _compute(self, data: list, start: int, stop: int) -> list[np.ndarray]:
        if self._outputs is None:
            layers = [layer for layer in self.model.layers if len(layer.inbound_nodes) == 1]
            named = [(layer.name, tensor) for layer in layers for tensor in layer.inbound_nodes[0].output_tensors]
            self._output_names, tensors = zip(*named, strict=True)
            self._outputs = K.function([*self.model.inputs, K.learning_phase()], list(tensors))
        return self._outputs([*(np.asarray(array[start:stop]) for array in data), 0])
