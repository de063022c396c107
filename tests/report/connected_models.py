"""Models whose layers are models, are shared, have several ends, or are somebody's own."""

from kerasnb.engine.layer import Layer
from kerasnb.layers import BatchNormalization, Convolution2D, Dense, Flatten, Input, TimeDistributed, merge
from kerasnb.models import Model, Sequential


class Scaled(Layer):
    """Weights times a number; it does not say how it was made."""

    def __init__(self, by, **kwargs):
        self.by = by
        super().__init__(**kwargs)

    def build(self, input_shape):
        self.w = self.add_weight((input_shape[-1],), "one", name="w")
        super().build(input_shape)

    def call(self, x, mask=None):
        return x * self.w * self.by


def siamese():
    """Two inputs, listed the second first, through one layer."""
    a, b = Input(shape=(4,), name="a"), Input(shape=(4,), name="b")
    shared = Dense(3, name="shared", activation="relu")
    both = merge([shared(a), shared(b)], mode="concat", name="both")
    return Model(input=[b, a], output=Dense(1, name="out")(both), name="siamese")


def backbone():
    """A convolution, its statistics and a flat output, 6x6 pictures to 32 values."""
    layers = [
        Convolution2D(2, 3, 3, name="conv_1", input_shape=(6, 6, 1)),
        BatchNormalization(name="norm_1"),
        Flatten(name="flat_1"),
    ]
    return Sequential(layers, name="backbone")


def with_backbone():
    """A model in a model, and a head."""
    x = Input(shape=(6, 6, 1), name="picture")
    return Model(input=x, output=Dense(2, activation="softmax", name="head")(backbone()(x)), name="net")


def many_ends():
    """Two inputs; three outputs, one of which other layers read; a model in it that gives two."""
    a, b, c = Input(shape=(4,), name="a"), Input(shape=(4,), name="b"), Input(shape=(2,), name="c")
    two = Model(input=a, output=[Dense(2, name="p")(a), Dense(3, name="q")(a)], name="two")
    p, q = two(b)
    h = Dense(5, name="h")(q)
    return Model(input=[c, b], output=[h, merge([h, c, p], mode="concat", name="m"), q], name="many")


def with_own_layer():
    """A layer of somebody's own in a chain."""
    return Sequential([Dense(3, input_shape=(4,), name="d"), Scaled(2.0, name="mine"), Dense(1, name="o")], name="own")


def video():
    """A model in a wrapper: pictures of a clip, one after the other."""
    clip = Input(shape=(3, 6, 6, 1), name="clip")
    return Model(input=clip, output=TimeDistributed(backbone(), name="each")(clip), name="video")


CONNECTED = [siamese, with_backbone, many_ends, with_own_layer, video]
