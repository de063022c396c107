"""Documents to start from."""

import pytest

from kerasnb.widgets.builder.document.document import Document


@pytest.fixture
def digits():
    """The digits network: one convolution, pooling, two dense layers."""
    document = Document(input_shape=(8, 8, 1), name="digits_cnn")
    document.add("Convolution2D", name="conv_1", nb_filter=16, nb_row=3, nb_col=3, activation="relu")
    document.add("MaxPooling2D", name="pool_1")
    document.add("Flatten", name="flatten_1")
    document.add("Dense", name="dense_1", output_dim=10, activation="softmax")
    return document


@pytest.fixture
def branching():
    """Two convolutions side by side, joined again."""
    document = Document(input_shape=(8, 8, 1), name="branching")
    document.add("Convolution2D", name="conv_a", nb_filter=4, nb_row=3, nb_col=3, border_mode="same")
    document.add("Convolution2D", after="input_1", branch=True, name="conv_b", nb_filter=4, nb_row=1, nb_col=1)
    document.add("Merge", after="conv_b", name="merge_1", mode="concat")
    document.add("Flatten", name="flatten_1")
    return document
