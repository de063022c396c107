"""A model written to files and text, and its weights read back."""

from __future__ import annotations

import json

from ..layer import Layer
from ..saving import load_weights, save_model, save_weights
from .configs import as_document
from .weights import read_weights, read_weights_by_name, write_weights

__all__ = ["Written"]


class Written:
    """The methods of a Container that write and read files."""

    name: str
    layers: list[Layer]  # of the container whose part it is

    @property
    def _weighted_layers(self) -> list[Layer]:
        """The layers whose weights are the model's."""
        return self.layers

    def save(self, filepath, overwrite=True, include_optimizer=True) -> None:
        """Write the model with weights, compile arguments and optimizer state; `models.load_model` reads it.

        Args:
            filepath: a path, or an open HDF5 file.
            overwrite: False asks before a file is replaced.
        """
        save_model(self, filepath, overwrite, include_optimizer)

    def save_weights(self, filepath, overwrite=True, later=False) -> None:
        """Write the weights to an HDF5 file, in Keras 1.2's layout.

        Args:
            later: write them as Keras 2 and 3 keep them, for `load_weights` there.
        """
        save_weights(self, filepath, overwrite, later)

    def load_weights(self, filepath, by_name=False, skip_mismatch=False) -> None:
        """Take the weights of a file that `save_weights` or `save` (or Keras 1 or 2) wrote; all or nothing.

        Args:
            by_name: only of layers that have the same name in both; otherwise all, in order.
            skip_mismatch: with `by_name`, leave layers whose weights do not fit as they are, with a warning.

        Raises:
            WeightsError: they do not fit; nothing was changed.
            FileError: it is no file of weights.
        """
        load_weights(self, filepath, by_name, skip_mismatch)

    def save_weights_to_hdf5_group(self, f) -> None:
        """Write the weights into an open HDF5 file or group."""
        write_weights(self._weighted_layers, f)

    def load_weights_from_hdf5_group(self, f) -> None:
        """Take the weights in an open HDF5 file or group, layer by layer in order."""
        read_weights(f'model "{self.name}"', self._weighted_layers, f, by_name=False)

    def load_weights_from_hdf5_group_by_name(self, f, skip_mismatch=False) -> None:
        """Take the weights in an open HDF5 file or group for the layers that have a name in it."""
        read_weights_by_name(f'model "{self.name}"', self._weighted_layers, f, skip_mismatch)

    def to_json(self, **kwargs) -> str:
        """The architecture (no weights) as JSON; `kwargs` go to json.dumps."""
        return json.dumps(as_document(self), **kwargs)

    def to_yaml(self, **kwargs) -> str:
        """The architecture (no weights) as YAML; `kwargs` go to yaml.dump."""
        import yaml  # heavy

        return yaml.dump(as_document(self), **kwargs)
