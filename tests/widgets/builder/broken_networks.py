"""Networks of several ideas as people break them: residual blocks, U-Nets, two towers, films, decoders."""

from __future__ import annotations

from kerasnb.widgets.builder.document.document import Document
from tests.widgets.builder.broken_models import (
    BIDIRECTIONAL,
    END,
    FLATTEN,
    WORDS,
    Broken,
    chain,
    conv,
    conv1,
    dense,
    joined,
    layer,
    lstm,
    merge,
    pool,
)

__all__ = ["NETWORKS"]


def residual(shape, *layers, join="Add"):
    """The input added to what the layers make of it."""

    def build():
        document = chain(shape, *layers)()
        document.add(join, name="join")
        document.connect("input_1", "join")
        return document

    return build


def transposed(shape, output_shape, **arguments):
    """A transposed convolution with a kernel of 3 x 3 and border 'same', and the output that was written for it."""
    return chain(
        shape,
        layer("Deconvolution2D", nb_row=3, nb_col=3, border_mode="same", output_shape=output_shape, **arguments),
    )


def towers(first, second, join):
    """Two inputs with their layers, joined; a tower is (shape, layers, dtype)."""

    def build():
        document = Document(input_shape=first[0], input_dtype=first[2])
        for class_name, arguments in first[1]:
            document.add(class_name, **arguments)
        last, kind = "other", {} if second[2] is None else {"input_dtype": second[2]}
        document.add("InputLayer", name=last, input_shape=second[0], **kind)
        for class_name, arguments in second[1]:
            last = document.add(class_name, after=last, **arguments)
        document.add(join[0], after=last, name="join", **join[1])
        return document

    return build


def u_net(rows, cols):
    """Pooled, repeated, and put beside what was there before the pool."""

    def build():
        document = chain((rows, cols, 1), SAME, pool(), conv(border_mode="same"), layer("UpSampling2D"))()
        document.add("Concatenate", name="join")
        document.connect("conv_1", "join")
        return document

    return build


def forgotten_branch():
    document = Document(input_shape=(12,))
    document.add("Dense", name="left", output_dim=4)
    document.add("Dense", after="input_1", branch=True, name="right", output_dim=4)
    document.add("Add", after="left", name="join")
    document.disconnect("right", "join")
    return document


def three_widths():
    document = Document(input_shape=(20, 4))
    for name, length in (("a", 2), ("b", 3), ("c", 4)):
        document.add("Convolution1D", after="input_1", branch=True, name=name, nb_filter=8, filter_length=length)
    document.add("Concatenate", after="c", name="join")
    return document


def wordy(size, **more):
    return layer("Embedding", input_dim=50, output_dim=size, **more)


def steps(units, class_name="LSTM"):
    return layer(class_name, output_dim=units, return_sequences=True)


def each(text):
    return layer("TimeDistributed", layer=text)


SAME = conv(filters=16, border_mode="same")
HALVED = conv(filters=16, border_mode="same", subsample=(2, 2))
AVERAGED = layer("GlobalAveragePooling2D")
WIDER = "Convolution2D(nb_filter=32, nb_row=1, nb_col=1, subsample=(2, 2)) after input_1"

NETWORKS = {
    # residual blocks
    "a shortcut beside a pool": Broken(
        residual((32, 32, 16), SAME, pool()), "join", "MaxPooling2D((2, 2)) after input_1"
    ),
    "a shortcut beside a pool of an odd picture": Broken(
        residual((33, 33, 16), SAME, pool()), "join", "MaxPooling2D((2, 2)) after input_1"
    ),
    "a shortcut beside a stride over an odd picture": Broken(
        residual((31, 31, 16), HALVED),
        "join",
        "MaxPooling2D(pool_size=(2, 2), border_mode='same') after input_1",
    ),
    "a shortcut beside a pool and more features": Broken(
        residual((32, 32, 16), conv(filters=32, border_mode="same"), pool()), "join", WIDER
    ),
    "a shortcut beside a stride and more features": Broken(
        residual((32, 32, 16), conv(filters=32, border_mode="same", subsample=(2, 2))), "join", WIDER
    ),
    "a shortcut beside more features": Broken(
        residual((9, 9, 3), conv(filters=8, border_mode="same")),
        "join",
        "Convolution2D(nb_filter=8, nb_row=1, nb_col=1) after input_1",
    ),
    "a shortcut of a sequence beside a stride": Broken(
        residual((20, 4), conv1(border_mode="same", subsample_length=2)),
        "join",
        "Convolution1D(nb_filter=6, filter_length=1, subsample_length=2) after input_1",
    ),
    "gaps that shorten a residual sequence": Broken(
        residual((40, 8), layer("AtrousConvolution1D", nb_filter=8, filter_length=2, atrous_rate=2)),
        "join",
        "border_mode='same' in conv_1",
    ),
    # down and up again
    "a skip of an odd picture": Broken(u_net(25, 25), "join", "Cropping2D(((0, 1), (0, 1))) after conv_1"),
    "a skip of a picture with one odd side": Broken(u_net(30, 45), "join", "Cropping2D(((0, 0), (0, 1))) after conv_1"),
    "a decoder that comes back too small": Broken(
        residual((30, 30, 1), pool(), pool(), *[layer("UpSampling2D")] * 2, join="Subtract"),
        "join",
        "Cropping2D(((1, 1), (1, 1))) after input_1",
    ),
    "a transposed convolution without its strides": Broken(
        transposed((8, 8, 16), (None, 16, 16, 8), nb_filter=8), "deconv_1", "subsample=(2, 2)"
    ),
    "a transposed convolution with the other border": Broken(
        transposed((7, 7, 8), (None, 15, 15, 4), nb_filter=4, subsample=(2, 2)), "deconv_1", "border_mode='valid'"
    ),
    "a transposed convolution of data with features first": Broken(
        transposed((16, 8, 8), (None, 8, 16, 16), nb_filter=8, subsample=(2, 2)), "deconv_1", "dim_ordering='th'"
    ),
    # two towers
    "products of words of two widths": Broken(
        towers(((1,), [wordy(8), FLATTEN], "int32"), ((1,), [wordy(16), FLATTEN], "int32"), layer("Dot", axes=-1)),
        "join",
        "output_dim=8 in embed_2",
    ),
    "cosines of vectors of two widths": Broken(
        towers(((12,), [dense(8)], None), ((7,), [dense(9)], None), merge("cos")), "join", "output_dim=8 in dense_2"
    ),
    "a gate of another width": Broken(
        joined((20,), [dense(8)], [dense(2)], layer("Multiply")), "merge_1", "output_dim=8 in dense_2"
    ),
    "a difference of two widths behind both directions": Broken(
        towers(((9, 4), [BIDIRECTIONAL], None), ((9, 4), [lstm(6)], None), layer("Subtract")),
        "join",
        "output_dim=16 in lstm_1",
    ),
    "last steps to an attention": Broken(
        towers(((10, 4), [lstm()], None), ((6, 5), [lstm()], None), layer("Attention")),
        "join",
        "return_sequences=True in lstm_1 and lstm_2",
    ),
    "queries and keys of two widths": Broken(
        towers(((10, 4), [steps(8)], None), ((6, 5), [steps(12)], None), layer("Attention")),
        "join",
        "output_dim=8 in lstm_2",
    ),
    "products along time of sequences of two lengths": Broken(
        towers(((10, 4), [steps(8)], None), ((6, 5), [steps(8)], None), layer("Dot", axes=1)), "join", "axes=-1"
    ),
    "steps of two texts put together": Broken(
        towers(((10, 4), [steps(8)], None), ((6, 5), [steps(8)], None), layer("Concatenate")),
        "join",
        "return_sequences=False in lstm_1 and lstm_2",
    ),
    "a picture and words put together": Broken(
        towers(((32, 32, 3), [conv(), pool()], None), ((10,), [WORDS], "int32"), layer("Concatenate")),
        "join",
        "Flatten() after pool_1 and Flatten() after embed_1",
    ),
    "a picture as a vector and the steps of its caption": Broken(
        towers(((32, 32, 3), [conv(), AVERAGED], None), ((12,), [WORDS, steps(8)], "int32"), layer("Concatenate")),
        "join",
        "return_sequences=False in lstm_1",
    ),
    "features put together along the rows": Broken(
        joined((8, 8, 3), [conv(filters=4)], [conv(filters=6)], layer("Concatenate", axis=1)), "merge_1", "axis=-1"
    ),
    "a branch that was not joined": Broken(forgotten_branch, "join", "connect right"),
    "kernels of three lengths": Broken(three_widths, "join", "border_mode='same' in a and b and c"),
    # films, sequences of vectors
    "a film flattened before its recurrent layer": Broken(
        chain((6, 16, 16, 3), each("Convolution2D(8, 3, 3)"), FLATTEN, lstm(), dense()),
        "lstm_1",
        "Reshape((6, 1568)) instead of flatten_1",
    ),
    "vectors of a film flattened": Broken(
        chain((5, 16, 16, 1), each("Convolution2D(4, 3, 3)"), each("GlobalAveragePooling2D()"), FLATTEN, lstm()),
        "lstm_1",
        "remove flatten_1",
    ),
    "a film averaged as a picture": Broken(
        chain((6, 16, 16, 3), each("Convolution2D(8, 3, 3)"), AVERAGED, dense()),
        "pool_1",
        "TimeDistributed(GlobalAveragePooling2D)",
    ),
    "an averaged picture to a recurrent layer": Broken(
        chain((16, 16, 3), conv(), AVERAGED, layer("GRU", output_dim=8), dense()),
        "gru_1",
        "Reshape((14, 112)) instead of pool_1",
    ),
    "an averaged picture to a convolution": Broken(
        chain((16, 16, 3), conv(), AVERAGED, conv(), FLATTEN), "conv_2", "remove pool_1"
    ),
    "averaged twice": Broken(chain((16, 16, 3), conv(), AVERAGED, AVERAGED, dense()), "pool_2", "remove pool_2"),
    "words embedded twice": Broken(chain((10,), WORDS, WORDS, lstm(), dtype="int32"), "lstm_1", "remove embed_2"),
    "measurements embedded": Broken(chain((10, 4), WORDS, lstm(), dense()), "lstm_1", "remove embed_1"),
    "units of several slopes on steps": Broken(
        chain((10, 4), layer("MaxoutDense", output_dim=4), lstm()), "maxoutdense_1", "TimeDistributed(MaxoutDense)"
    ),
    "features of a vector dropped": Broken(
        chain((10,), dense(4), layer("SpatialDropout1D", p=0.2), dense()), "drop_1", "Dropout(0.2) instead"
    ),
    "an order of axes with the batch counted": Broken(
        chain((4, 5, 6), layer("Permute", dims=(1, 3, 2, 4)), *END), "permute_1", "dims=(1, 3, 2)"
    ),
    "an order that leaves out the features": Broken(
        chain((3, 8, 8, 4), layer("Permute", dims=(2, 3, 1)), each("Flatten()"), lstm()),
        "permute_1",
        "dims=(2, 3, 1, 4)",
    ),
    "steps repeated": Broken(
        chain((8, 4), each("Dense(5)"), layer("RepeatVector", n=8), lstm()), "repeatvector_1", "Flatten() before it"
    ),
    "normalized along a wrong axis of each frame": Broken(
        chain((6, 8, 8, 3), each("BatchNormalization(axis=4)"), *END),
        "each_1",
        "BatchNormalization without TimeDistributed",
    ),
    # the same mistake in several layers, mended by one step
    "two convolutions more than the picture holds": Broken(
        chain((12, 12, 1), *[conv(4)] * 5, *END), "conv_4", "border_mode='same', border_mode='same' in conv_5"
    ),
    "five convolutions and pools on a small picture": Broken(
        chain((28, 28, 1), *[conv(), pool()] * 5, *END),
        "conv_4",
        "border_mode='same', remove pool_4 and 2 more",
    ),
    "six convolutions on ten steps": Broken(
        chain((10, 4), *[conv1()] * 6, *END), "conv_5", "border_mode='same', border_mode='same' in conv_6"
    ),
    "layers of sequences on a picture": Broken(
        chain((32, 32, 3), conv1(), layer("MaxPooling1D"), *END),
        "conv_1",
        "Convolution2D instead, MaxPooling2D instead of pool_1",
    ),
    "layers of pictures on words": Broken(
        chain((50,), WORDS, conv(), pool(), *END, dtype="int32"),
        "conv_1",
        "Convolution1D instead, MaxPooling1D instead of pool_1",
    ),
    "layers of pictures on thirteen numbers": Broken(
        chain((13,), conv(), pool(), *END),
        "conv_1",
        "Convolution1D instead, Reshape((13, 1)) before it, MaxPooling1D instead of pool_1",
    ),
    # numbers, vectors, places
    "a film with features before rows": Broken(
        chain((5, 3, 32, 32), each("Convolution2D(8, 3, 3)"), each("MaxPooling2D()"), *END),
        "each_2",
        "dim_ordering='th' in each_1 and each_2",
    ),
    "vectors flattened one by one": Broken(chain((10, 4), each("Flatten()"), lstm()), "each_1", "remove each_1"),
    "a generator without its reshape": Broken(
        chain((100,), dense(392), layer("UpSampling2D"), conv()), "up_1", "Reshape((7, 7, 8)) before it"
    ),
    "steps of which the values are no multiple": Broken(
        chain((30,), layer("Reshape", target_shape=(-1, 7)), lstm()), "reshape_1", "target_shape=(-1, 6)"
    ),
    "products along time of words of two lengths and widths": Broken(
        towers(((10,), [wordy(8)], "int32"), ((6,), [wordy(16)], "int32"), layer("Dot", axes=1)),
        "join",
        "axes=-1, output_dim=8 in embed_2",
    ),
    "products along time and features": Broken(
        towers(((10, 4), [steps(8)], None), ((6, 4), [steps(8)], None), layer("Dot", axes=(1, 2))), "join", "axes=-1"
    ),
    "an attention to a picture": Broken(
        towers(((8, 8, 3), [conv()], None), ((10, 4), [steps(6)], None), layer("Attention")),
        "join",
        "Reshape((36, 8)) after conv_1, output_dim=8 in lstm_1",
    ),
    "an attention to a vector": Broken(
        towers(((8,), [dense()], None), ((9,), [dense()], None), layer("Attention")), "join", "Concatenate() instead"
    ),
    "a sequence and a picture to an attention": Broken(
        towers(((8, 8, 3), [conv()], None), ((10, 4), [steps(8)], None), layer("Attention")),
        "join",
        "Reshape((36, 8)) after conv_1",
    ),
}
