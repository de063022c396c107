"""Models as students break them: the layer that is to blame, and what mends it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from kerasnb.widgets.builder.document.document import Document

__all__ = ["BROKEN", "Broken"]


@dataclass(frozen=True)
class Broken:
    """A document with a mistake in it, the layer that shows it, and the label of the first fix."""

    build: Callable[[], Document]
    layer: str
    fix: str


def chain(shape, *layers, dtype=None):
    """One layer after the other."""

    def build():
        document = Document(input_shape=shape, input_dtype=dtype)
        for class_name, arguments in layers:
            document.add(class_name, **arguments)
        return document

    return build


def joined(shape, left, right, merge=("Merge", {"mode": "sum"})):
    """Two branches of one input, merged."""

    def build():
        document = Document(input_shape=shape)
        for branch in (left, right):
            last = "input_1"
            for class_name, arguments in branch:
                last = document.add(class_name, after=last, branch=True, **arguments)
        document.add(merge[0], after=last, name="merge_1", **merge[1])
        return document

    return build


def skipping(shape, *layers, mode="sum"):
    """A residual block: the input merged with what the layers make of it."""

    def build():
        document = chain(shape, *layers)()
        document.add("Merge", name="merge_1", mode=mode)
        document.connect("input_1", "merge_1")
        return document

    return build


def two_inputs(shape, other, *layers, dtype=None):
    """A second input, merged with what the layers make of the first."""

    def build():
        document = chain(shape, *layers, dtype=dtype)()
        end = document.graph.ends[-1]
        document.add("InputLayer", name="extra", input_shape=other)
        document.add("Dense", after="extra", name="side", output_dim=8)
        document.add("Merge", after="side", name="merge_1", mode="concat")
        assert set(document.graph.inputs_of("merge_1")) == {end, "side"}
        return document

    return build


def layer(class_name, **arguments):
    return class_name, arguments


def conv(kernel=3, filters=8, **more):
    return layer("Convolution2D", nb_filter=filters, nb_row=kernel, nb_col=kernel, **more)


def conv1(kernel=3, **more):
    return layer("Convolution1D", nb_filter=6, filter_length=kernel, **more)


def dense(units=10, **more):
    return layer("Dense", output_dim=units, **more)


def lstm(units=8, **more):
    return layer("LSTM", output_dim=units, **more)


def pool(size=2):
    return layer("MaxPooling2D", pool_size=(size, size))


def merge(mode, **more):
    return layer("Merge", mode=mode, **more)


FLATTEN = layer("Flatten")
WORDS = layer("Embedding", input_dim=50, output_dim=8)
MASKED_WORDS = layer("Embedding", input_dim=50, output_dim=8, mask_zero=True)
BIDIRECTIONAL = layer("Bidirectional", layer="LSTM(8)")
ON_PICTURES = layer("TimeDistributed", layer="Convolution2D(8, 3, 3)")
STEPS = lstm(6, return_sequences=True)
END = (FLATTEN, dense())

BROKEN = {
    # windows
    "kernel larger than the picture": Broken(chain((8, 8, 1), conv(9), *END), "conv_1", "border_mode='same'"),
    "kernel after too many pools": Broken(
        chain((8, 8, 1), conv(), pool(), pool(), conv(), *END), "conv_2", "border_mode='same'"
    ),
    "pooled away": Broken(chain((8, 8, 1), *[pool()] * 4, *END), "pool_4", "remove pool_4"),
    "pool larger than the picture": Broken(chain((8, 8, 1), conv(), pool(8), *END), "pool_1", "pool_size=(2, 2)"),
    "kernel longer than the sequence": Broken(chain((5, 4), conv1(7), *END), "conv_1", "border_mode='same'"),
    "gaps wider than the sequence": Broken(
        chain((8, 4), layer("AtrousConvolution1D", nb_filter=2, filter_length=3, atrous_rate=4), *END),
        "conv_1",
        "atrous_rate=1",
    ),
    "local window larger than the picture": Broken(
        chain((4, 4, 3), layer("LocallyConnected2D", nb_filter=4, nb_row=6, nb_col=6), *END),
        "locallyconnected2d_1",
        "kernel 4x4",
    ),
    "kernel in a wrapper larger than the frames": Broken(
        chain((5, 8, 8, 1), layer("TimeDistributed", layer="Convolution2D(8, 9, 9)"), *END),
        "each_1",
        "border_mode='same'",
    ),
    "cropped away": Broken(
        chain((8, 8, 1), layer("Cropping2D", cropping=((4, 4), (4, 4))), *END), "crop_1", "cropping ((3, 3), (3, 3))"
    ),
    "cropped to less than nothing": Broken(
        chain((4, 3), layer("Cropping1D", cropping=(3, 3)), *END), "crop_1", "cropping 1x1"
    ),
    "output of a transposed convolution": Broken(
        chain((8, 8, 4), layer("Deconvolution2D", nb_filter=4, nb_row=3, nb_col=3, output_shape=(None, 20, 20, 4))),
        "deconv_1",
        "output_shape=(None, 10, 10, 4)",
    ),
    # the input as it was described
    "grey picture from a flat vector": Broken(
        chain((784,), conv(), pool(), *END), "conv_1", "Reshape((28, 28, 1)) before it"
    ),
    "coloured picture from a flat vector": Broken(
        chain((3072,), conv(), pool(), *END), "conv_1", "Reshape((32, 32, 3)) before it"
    ),
    "grey picture without its channel": Broken(
        chain((28, 28), conv(), pool(), *END), "conv_1", "Reshape((28, 28, 1)) before it"
    ),
    "volume without its channel": Broken(
        chain((8, 8, 8), layer("Convolution3D"), *END), "conv_1", "Reshape((8, 8, 8, 1)) before it"
    ),
    "batch axis in the shape": Broken(
        chain((None, 28, 28, 1), conv(), *END), "conv_1", "input_shape=(28, 28, 1) in input_1"
    ),
    "number of samples in the shape": Broken(
        chain((60000, 28, 28, 1), conv(), *END), "conv_1", "input_shape=(28, 28, 1) in input_1"
    ),
    "number of sequences in the shape": Broken(
        chain((1000, 20, 4), lstm(), dense()), "lstm_1", "input_shape=(20, 4) in input_1"
    ),
    "rows of numbers to a recurrent layer": Broken(
        chain((20,), lstm(), dense()), "lstm_1", "Reshape((20, 1)) before it"
    ),
    "rows of numbers to a convolution": Broken(chain((20,), conv1(), *END), "conv_1", "Reshape((20, 1)) before it"),
    "numbers of words without Embedding": Broken(
        chain((10,), lstm(), dense(), dtype="int32"), "lstm_1", "Embedding(input_dim=1000, output_dim=32) before it"
    ),
    "flat picture made larger": Broken(
        chain((49,), layer("UpSampling2D"), conv()), "up_1", "Reshape((7, 7, 1)) before it"
    ),
    "an input that nothing reads": Broken(
        chain((4,), dense(), layer("InputLayer", name="extra", input_shape=(5,))), "extra", "remove extra"
    ),
    # the order of axes
    "th data in tf order": Broken(
        chain((1, 28, 28), conv(), pool(), *END), "conv_1", "dim_ordering='th' in conv_1 and pool_1"
    ),
    "th data in tf order, seen later": Broken(
        chain((3, 32, 32), conv(), pool(), *END), "pool_1", "dim_ordering='th' in conv_1 and pool_1"
    ),
    "th data in many layers": Broken(
        chain((1, 28, 28), layer("ZeroPadding2D"), conv(), conv(), pool(), *END),
        "conv_2",
        "dim_ordering='th' in 4 layers",
    ),
    "th volume in tf order": Broken(
        chain((1, 16, 16, 16), layer("Convolution3D"), FLATTEN), "conv_1", "dim_ordering='th'"
    ),
    "tf data in th layers": Broken(
        chain((28, 28, 1), conv(dim_ordering="th"), layer("MaxPooling2D", dim_ordering="th"), *END),
        "conv_1",
        "dim_ordering='tf' in conv_1 and pool_1",
    ),
    "th order made by Reshape": Broken(
        chain((784,), layer("Reshape", target_shape=(1, 28, 28)), conv(), *END),
        "conv_1",
        "target_shape=(28, 28, 1) in reshape_1",
    ),
    # sizes that are open
    "pictures of any size flattened": Broken(
        chain((None, None, 3), conv(), *END), "flatten_1", "GlobalAveragePooling2D() instead"
    ),
    "sequences of any length flattened": Broken(
        chain((None, 4), conv1(), *END), "flatten_1", "GlobalAveragePooling1D() instead"
    ),
    "steps of any number flattened": Broken(
        chain((None, 4), STEPS, *END), "flatten_1", "GlobalAveragePooling1D() instead"
    ),
    "unrolled over any length": Broken(chain((None, 4), lstm(unroll=True), dense()), "lstm_1", "unroll=False"),
    "unrolled inside a wrapper": Broken(
        chain((None, 4), layer("Bidirectional", layer="LSTM(8, unroll=True)"), dense()), "both_1", "unroll=False"
    ),
    "local windows on any size": Broken(
        chain((None, None, 1), layer("LocallyConnected2D"), layer("GlobalMaxPooling2D")),
        "locallyconnected2d_1",
        "Convolution2D instead",
    ),
    "a weight for each of any number of steps": Broken(
        chain((None, 4), layer("PReLU"), lstm()), "prelu_1", "shared_axes=(1,)"
    ),
    # arguments of the layer itself
    "stateful without a batch size": Broken(chain((10, 4), lstm(stateful=True), dense()), "lstm_1", "stateful=False"),
    "stateful inside a wrapper": Broken(
        chain((10, 4), layer("Bidirectional", layer="LSTM(8, stateful=True)"), dense()), "both_1", "stateful=False"
    ),
    "normalized along an axis that is not there": Broken(
        chain((8,), dense(), layer("BatchNormalization", axis=3)), "norm_1", "axis=-1"
    ),
    "both directions apart": Broken(
        chain((10, 4), layer("Bidirectional", layer="LSTM(8)", merge_mode=None), dense()),
        "both_1",
        "merge_mode='concat'",
    ),
    "identity of a matrix that is not square": Broken(
        chain((8,), dense(10, init="identity")), "dense_1", "init='glorot_uniform'"
    ),
    "weights shared along an axis that is not there": Broken(
        chain((8, 8, 1), layer("PReLU", shared_axes=(1, 5)), *END), "prelu_1", "shared_axes=None"
    ),
    "noise of another shape": Broken(
        chain((8, 4), layer("Dropout", p=0.5, noise_shape=(3, 3, 3)), *END), "drop_1", "noise_shape=None"
    ),
    "axes in an order of too many": Broken(
        chain((10, 4), layer("Permute", dims=(2, 1, 3)), lstm()), "permute_1", "dims=(2, 1)"
    ),
    "axes in an order of too few": Broken(
        chain((8, 8, 1), layer("Permute", dims=(2, 1)), *END), "permute_1", "dims=(2, 1, 3)"
    ),
    "reshaped to too many values": Broken(
        chain((784,), layer("Reshape", target_shape=(28, 28, 3)), conv(), *END),
        "reshape_1",
        "target_shape=(28, 28, 1)",
    ),
    "reshaped with the batch in the target": Broken(
        chain((784,), layer("Reshape", target_shape=(32, 28, 28, 1)), conv(), *END),
        "reshape_1",
        "target_shape=(28, 28, 1)",
    ),
    "a generator's first layer too small": Broken(
        chain((100,), dense(128), layer("Reshape", target_shape=(7, 7, 32)), layer("UpSampling2D"), conv()),
        "reshape_1",
        "output_dim=1568 in dense_1",
    ),
    "a picture of a decoder without its channel": Broken(
        chain((784,), dense(32), dense(784), layer("Reshape", target_shape=(28, 28)), conv(), FLATTEN),
        "conv_1",
        "target_shape=(28, 28, 1) in reshape_1",
    ),
    # sequences and vectors
    "recurrent layers stacked": Broken(
        chain((10, 4), lstm(), lstm(), dense()), "lstm_2", "return_sequences=True in lstm_1"
    ),
    "recurrent layers with dropout between": Broken(
        chain((10, 4), lstm(), layer("Dropout", p=0.5), lstm(), dense()), "lstm_2", "return_sequences=True in lstm_1"
    ),
    "a recurrent layer after a bidirectional one": Broken(
        chain((10, 4), BIDIRECTIONAL, lstm(), dense()), "lstm_1", "return_sequences=True in both_1"
    ),
    "bidirectional layers stacked": Broken(
        chain((10, 4), BIDIRECTIONAL, BIDIRECTIONAL, dense()), "both_2", "return_sequences=True in both_1"
    ),
    "a convolution after a recurrent layer": Broken(
        chain((10, 4), lstm(), conv1(), *END), "conv_1", "return_sequences=True in lstm_1"
    ),
    "a layer on each step of one vector": Broken(
        chain((10, 4), lstm(), layer("TimeDistributed", layer="Dense(8)")), "each_1", "return_sequences=True in lstm_1"
    ),
    "recurrent convolutions stacked": Broken(
        chain((5, 8, 8, 1), *[layer("ConvLSTM2D", nb_filter=4, nb_row=3, nb_col=3)] * 2, *END),
        "convlstm2d_2",
        "return_sequences=True in convlstm2d_1",
    ),
    "steps repeated": Broken(
        chain((10, 4), STEPS, layer("RepeatVector", n=10), lstm()), "repeatvector_1", "return_sequences=False in lstm_1"
    ),
    "a vector flattened": Broken(chain((8,), *END), "flatten_1", "remove flatten_1"),
    "flattened twice": Broken(chain((8, 8, 1), conv(), FLATTEN, *END), "flatten_2", "remove flatten_1"),
    # masks
    "masked words flattened": Broken(
        chain((10,), MASKED_WORDS, *END, dtype="int32"), "flatten_1", "mask_zero=False in embed_1"
    ),
    "masked words in a convolution": Broken(
        chain((10,), MASKED_WORDS, layer("Dropout", p=0.2), conv1(), *END, dtype="int32"),
        "conv_1",
        "mask_zero=False in embed_1",
    ),
    "masked steps flattened": Broken(chain((10, 4), layer("Masking"), *END), "flatten_1", "remove masking_1"),
    # too many axes, or too few
    "one picture to a layer on each frame": Broken(
        chain((28, 28, 1), ON_PICTURES, *END), "each_1", "Convolution2D without TimeDistributed"
    ),
    "one vector to a layer on each step": Broken(
        chain((16,), layer("TimeDistributed", layer="Dense(8)"), dense()), "each_1", "Dense without TimeDistributed"
    ),
    "pictures to a recurrent layer": Broken(chain((8, 8, 1), lstm(), dense()), "lstm_1", "Reshape((8, 8)) before it"),
    "frames to a recurrent layer": Broken(
        chain((5, 8, 8, 1), ON_PICTURES, lstm(), dense()), "lstm_1", "TimeDistributed(Flatten()) before it"
    ),
    "frames to a pool of pictures": Broken(
        chain((5, 8, 8, 1), ON_PICTURES, pool(), *END), "pool_1", "TimeDistributed(MaxPooling2D)"
    ),
    "frames to a convolution of pictures": Broken(
        chain((5, 8, 8, 1), conv(), FLATTEN), "conv_1", "TimeDistributed(Convolution2D)"
    ),
    "a flattened picture to a recurrent layer": Broken(
        chain((8, 8, 1), conv(), FLATTEN, lstm(), dense()), "lstm_1", "Reshape((6, 48)) instead of flatten_1"
    ),
    "flattened words to a recurrent layer": Broken(
        chain((10,), WORDS, FLATTEN, lstm(), dense(), dtype="int32"), "lstm_1", "remove flatten_1"
    ),
    "a flattened picture to a convolution": Broken(
        chain((8, 8, 1), conv(), FLATTEN, conv(), *END), "conv_2", "remove flatten_1"
    ),
    "a flattened picture pooled": Broken(
        chain((8, 8, 1), conv(), FLATTEN, layer("GlobalAveragePooling2D"), dense()), "pool_1", "remove flatten_1"
    ),
    "a vector pooled": Broken(chain((64,), dense(32), pool(), dense()), "pool_1", "remove pool_1"),
    "words to a convolution of pictures": Broken(
        chain((10,), WORDS, conv(), *END, dtype="int32"), "conv_1", "Convolution1D instead"
    ),
    "steps to a pool of pictures": Broken(chain((20, 8), conv1(), pool(), *END), "pool_1", "MaxPooling1D instead"),
    "pictures to a pool of steps": Broken(
        chain((8, 8, 3), conv(), layer("GlobalMaxPooling1D"), dense()), "pool_1", "GlobalMaxPooling2D instead"
    ),
    "a picture to a recurrent convolution": Broken(
        chain((8, 8, 1), layer("ConvLSTM2D"), *END), "convlstm2d_1", "Convolution2D instead"
    ),
    "steps to a recurrent convolution": Broken(
        chain((10, 4), layer("ConvLSTM2D", nb_filter=6), *END), "convlstm2d_1", "LSTM(6) instead, without flatten_1"
    ),
    "steps to a recurrent convolution that gives each": Broken(
        chain((10, 4), layer("ConvLSTM2D", nb_filter=6, return_sequences=True), *END),
        "convlstm2d_1",
        "LSTM(output_dim=6, return_sequences=True) instead",
    ),
    "a vector to a recurrent convolution": Broken(
        chain((10,), layer("ConvLSTM2D", nb_filter=6), *END), "convlstm2d_1", "Dense(6) instead, without flatten_1"
    ),
    "pictures embedded before a recurrent layer": Broken(
        chain((8, 8, 1), layer("Embedding", input_dim=20, output_dim=4), lstm(), dense()),
        "lstm_1",
        "remove embed_1, Reshape((8, 8)) before it",
    ),
    "a vector drawn": Broken(chain((64,), dense(49), conv(), *END), "conv_1", "Reshape((7, 7, 1)) before it"),
    "steps to a layer of vectors": Broken(
        chain((10, 4), layer("Highway"), FLATTEN), "highway_1", "TimeDistributed(Highway)"
    ),
    # inputs that do not go together
    "pictures of two sizes added": Broken(
        joined((8, 8, 3), [conv(3)], [conv(5)]), "merge_1", "border_mode='same' in conv_1 and conv_2"
    ),
    "pictures of two sizes put together": Broken(
        joined((8, 8, 3), [conv(3)], [conv(5)], merge("concat")),
        "merge_1",
        "border_mode='same' in conv_1 and conv_2",
    ),
    "a pooled picture and one that is not": Broken(
        joined((8, 8, 3), [conv(border_mode="same"), pool()], [conv(border_mode="same")], merge("concat")),
        "merge_1",
        "MaxPooling2D((2, 2)) after conv_2",
    ),
    "a convolution with steps and one without": Broken(
        joined((8, 8, 3), [conv(border_mode="same", subsample=(2, 2))], [conv(1)]),
        "merge_1",
        "MaxPooling2D((2, 2)) after conv_2",
    ),
    "a pool beside convolutions": Broken(
        joined((8, 8, 3), [conv(1)], [layer("MaxPooling2D", pool_size=(3, 3), strides=(1, 1))], merge("concat")),
        "merge_1",
        "border_mode='same' in pool_1",
    ),
    "pictures of two numbers of features": Broken(
        joined((8, 8, 3), [conv(1)], [conv(1, filters=16)]), "merge_1", "mode='concat'"
    ),
    "a residual block that shrinks": Broken(
        skipping((8, 8, 3), conv(filters=3)), "merge_1", "border_mode='same' in conv_1"
    ),
    "a residual block that shrinks and widens": Broken(
        skipping((8, 8, 3), conv(filters=8)), "merge_1", "border_mode='same' in conv_1, nb_filter=3 in conv_1"
    ),
    "sequences of two lengths": Broken(
        joined((9, 4), [conv1(3)], [conv1(2)], merge("concat")), "merge_1", "border_mode='same' in conv_1 and conv_2"
    ),
    "a picture and a vector": Broken(two_inputs((8, 8, 1), (5,), conv()), "merge_1", "Flatten() after conv_1"),
    "steps and a vector": Broken(two_inputs((10, 4), (5,), STEPS), "merge_1", "return_sequences=False in lstm_1"),
    "steps and the last step": Broken(joined((5, 4), [STEPS], [lstm(6)]), "merge_1", "return_sequences=True in lstm_2"),
    "vectors of two lengths": Broken(joined((7,), [dense(4)], [dense(5)]), "merge_1", "mode='concat'"),
    "vectors of two lengths in a later layer": Broken(
        joined((7,), [dense(4)], [dense(5)], layer("Add")), "merge_1", "Concatenate() instead"
    ),
    "products along an axis that is not there": Broken(
        joined((7,), [dense(4)], [dense(4)], merge("dot", dot_axes=2)), "merge_1", "dot_axes=-1"
    ),
    "products of a later layer along no axis": Broken(
        joined((7,), [dense(4)], [dense(4)], layer("Dot", axes=3)), "merge_1", "axes=-1"
    ),
    "products of vectors of two lengths": Broken(
        joined((7,), [dense(4)], [dense(5)], merge("dot")), "merge_1", "output_dim=4 in dense_2"
    ),
    "put together along an axis that is not there": Broken(
        joined((7,), [dense(4)], [dense(5)], merge("concat", concat_axis=3)), "merge_1", "concat_axis=-1"
    ),
    "one layer alone merged": Broken(chain((4,), dense(), merge("sum")), "merge_1", "remove merge_1"),
}
