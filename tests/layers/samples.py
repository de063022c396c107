"""One row, or more, for each layer class: how to make it, what to feed it, what comes out."""

from __future__ import annotations

import functools
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import numpy as np

from kerasnb import layers as L
from kerasnb.engine.layer import LAYERS, Layer

from . import formulas as f

ABSTRACT = {"Recurrent", "Wrapper", "InputLayer", "Container", "Model", "Sequential", "ConvRecurrent2D"}
CELLS = {"SimpleRNNCell", "GRUCell", "LSTMCell", "StackedRNNCells"}
CELLS |= {"ConvLSTM1DCell", "ConvLSTM2DCell", "ConvLSTM3DCell"}  # RNN's rows hold them


@dataclass(eq=False)
class Sample:
    """A layer on sample inputs.

    `shapes` are those of one sample, one for each input; `expected(inputs..., *weights)` is what numpy says, None
    where only
    the other backend is asked. `below` makes inputs whole numbers below it. Smooth ones have derivatives everywhere
    near. `keras3` makes the same layer of Keras 3's module of layers, or of ours; `arguments` are those of the call.
    """

    make: Callable[[], Layer]
    shapes: Sequence[tuple]
    expected: Callable | None = None
    below: int | None = None
    smooth: bool = True
    batch: int = 4
    kind: str = ""
    keras3: Callable | None = None
    arguments: dict = field(default_factory=dict)

    @functools.cached_property
    def id(self) -> str:
        return f"{type(self.make()).__name__}{'-' + self.kind if self.kind else ''}"

    def arrays(self) -> list[np.ndarray]:
        random = np.random.RandomState(3)
        if self.below:
            return [random.randint(0, self.below, (self.batch, *shape)).astype("int32") for shape in self.shapes]
        return [random.uniform(-1, 1, (self.batch, *shape)).astype("float32") for shape in self.shapes]

    def inputs(self, batch: int | None = None) -> list:
        dtype = "int32" if self.below else None
        return [L.Input(batch_shape=(batch, *shape), dtype=dtype) for shape in self.shapes]

    def on(self, layer, inputs: list):
        """What the layer, or Keras 3's, makes of the inputs."""
        return layer(inputs if len(inputs) > 1 else inputs[0], **self.arguments)


def _one(make, shape, expected=None, kind="", **options) -> Sample:
    return Sample(make, [shape], expected, kind=kind, **options)


def _many(make, shapes, expected=None, kind="", **options) -> Sample:
    return Sample(make, shapes, expected, kind=kind, **options)


def _both(keras3, shapes, expected=None, kind="", **options) -> Sample:
    """A layer that Keras 3 writes in the same way: `keras3(layers)` makes either."""
    return Sample(lambda: keras3(L), shapes, expected, kind=kind, keras3=keras3, **options)


_RNN = {"inner_activation": "sigmoid"}

SAMPLES = [
    # core
    _one(lambda: L.Masking(0.0), (4, 3), lambda x: x),
    _one(lambda: L.Dropout(0.4), (5,), lambda x: x),
    _one(lambda: L.SpatialDropout1D(0.4), (4, 3), lambda x: x),
    _one(lambda: L.SpatialDropout2D(0.4), (4, 4, 2), lambda x: x),
    _one(lambda: L.SpatialDropout3D(0.4, dim_ordering="th"), (2, 3, 3, 3), lambda x: x),
    _one(lambda: L.Activation("tanh"), (5,), np.tanh),
    _one(lambda: L.Activation("softmax"), (5,), f.softmax, kind="softmax"),
    _one(lambda: L.Reshape((2, -1)), (3, 4), lambda x: x.reshape(4, 2, 6)),
    _one(lambda: L.Permute((2, 1)), (3, 4), lambda x: x.transpose(0, 2, 1)),
    _one(lambda: L.Flatten(), (3, 4), lambda x: x.reshape(4, 12)),
    _one(
        lambda: L.Flatten(data_format="channels_first"),
        (2, 3, 4),
        lambda x: x.transpose(0, 2, 3, 1).reshape(4, 24),
        kind="features-first",
    ),
    _one(lambda: L.RepeatVector(3), (4,), lambda x: np.repeat(x[:, None], 3, 1)),
    _one(lambda: L.Lambda(lambda x: x**2), (4,), lambda x: x**2),
    _one(lambda: L.Dense(3, activation="sigmoid"), (4,), lambda x, W, b: f.sigmoid(x @ W + b)),
    _one(lambda: L.Dense(3, bias=False, init="orthogonal"), (2, 4), lambda x, W: x @ W, kind="time"),
    _one(lambda: L.ActivityRegularization(0.1, 0.1), (4,), lambda x: x),
    _one(lambda: L.MaxoutDense(3), (4,), lambda x, W, b: (np.einsum("bi,fio->bfo", x, W) + b).max(1), smooth=False),
    _one(lambda: L.Highway(activation="tanh"), (4,), f.highway),
    _one(lambda: L.TimeDistributedDense(3), (2, 4), lambda x, W, b: x @ W + b),
    # merge
    _many(lambda: L.Merge(mode="sum"), [(4,)] * 3, lambda x, y, z: x + y + z),
    _many(lambda: L.Merge(mode="mul"), [(4,)] * 2, lambda x, y: x * y, "mul"),
    _many(lambda: L.Merge(mode="ave"), [(4,)] * 3, lambda x, y, z: (x + y + z) / 3, "ave"),
    _many(lambda: L.Merge(mode="max"), [(4,)] * 2, np.maximum, "max", smooth=False),
    _many(
        lambda: L.Merge(mode="concat", concat_axis=1),
        [(4, 2), (3, 2)],
        lambda x, y: np.concatenate([x, y], 1),
        "concat",
    ),
    _many(lambda: L.Merge(mode="dot"), [(4,)] * 2, lambda x, y: (x * y).sum(1, keepdims=True), "dot"),
    _many(
        lambda: L.Merge(mode="dot", dot_axes=2),
        [(2, 4), (3, 4)],
        lambda x, y: np.einsum("bin,bjn->bij", x, y),
        "dot-3d",
    ),
    _many(lambda: L.Merge(mode="cos"), [(4,)] * 2, f.cosine, "cos"),
    _many(lambda: L.Merge(mode=lambda pair: pair[0] - pair[1], output_shape=(4,)), [(4,)] * 2, np.subtract, "function"),
    _many(lambda: L.Add(), [(4,)] * 2, np.add),
    _many(lambda: L.Multiply(), [(4,)] * 2, np.multiply),
    _many(lambda: L.Average(), [(4,)] * 2, lambda x, y: (x + y) / 2),
    _many(lambda: L.Maximum(), [(4,)] * 2, np.maximum, smooth=False),
    _many(lambda: L.Minimum(), [(4,)] * 2, np.minimum, smooth=False),
    _many(lambda: L.Add(), [(3, 4), (4,)], lambda x, y: x + y[:, None], "repeated"),
    _many(lambda: L.Subtract(), [(4,)] * 2, np.subtract),
    _many(lambda: L.Concatenate(), [(4,), (3,)], lambda x, y: np.concatenate([x, y], 1)),
    _many(lambda: L.Dot(1, normalize=True), [(4,)] * 2, f.cosine),
    # convolutional
    _one(lambda: L.Convolution1D(3, 2, activation="tanh"), (5, 2), f.convolution_1d),
    _one(lambda: L.Convolution1D(3, 2, border_mode="same", subsample_length=2), (5, 2), kind="strided"),
    _one(lambda: L.AtrousConvolution1D(3, 2, atrous_rate=2), (5, 2)),
    _one(
        lambda: L.Conv1D(3, 2, activation="tanh", data_format="channels_first"),
        (2, 5),
        lambda x, W, b: f.convolution_1d(x.swapaxes(1, 2), W, b).swapaxes(1, 2),
        kind="features-first",
    ),
    _one(lambda: L.Convolution2D(3, 2, 3), (4, 5, 2), f.convolution_2d),
    _one(
        lambda: L.Convolution2D(3, 3, 3, border_mode="same", subsample=(2, 2), dim_ordering="th"), (2, 5, 5), kind="th"
    ),
    _one(lambda: L.AtrousConvolution2D(2, 2, 2, atrous_rate=(2, 2)), (5, 5, 2)),
    _one(lambda: L.Convolution3D(2, 2, 2, 2, subsample=(1, 1, 2)), (3, 3, 3, 2)),
    _one(lambda: L.Convolution3D(2, 2, 1, 2, border_mode="same", dim_ordering="th"), (2, 3, 3, 3), kind="th"),
    _one(lambda: L.Deconvolution2D(2, 3, 3, (None, 7, 7, 2), subsample=(2, 2)), (3, 3, 2)),
    _one(
        lambda: L.Conv2DTranspose(2, 3, strides=2, padding="same", data_format="channels_first"), (2, 3, 3), kind="th"
    ),
    _one(lambda: L.SeparableConvolution2D(3, 2, 2, depth_multiplier=2, activation="tanh"), (4, 4, 2)),
    _one(lambda: L.SeparableConvolution2D(3, 2, 2, border_mode="same", dim_ordering="th"), (2, 4, 4), kind="th"),
    _one(lambda: L.Convolution1D(3, 3, border_mode="causal", init="uniform"), (5, 2), f.causal_1d, kind="causal"),
    _one(lambda: L.Convolution3D(2, 2, 2, 2, dilation_rate=2), (4, 4, 4, 1), kind="dilated"),
    _one(lambda: L.Conv2DTranspose(2, 3, strides=2, padding="same", output_padding=0), (3, 3, 2), kind="padded"),
    _one(lambda: L.Conv2DTranspose(2, 2, dilation_rate=(2, 3), activation="tanh"), (3, 3, 2), kind="gaps"),
    _one(lambda: L.Conv2DTranspose(2, 2, dilation_rate=2, data_format="channels_first"), (2, 3, 3), kind="gaps-th"),
    _one(lambda: L.DepthwiseConv2D(2, activation="tanh", depth_multiplier=2), (3, 4, 2), f.depthwise_2d),
    _one(lambda: L.DepthwiseConv2D(3, strides=2, data_format="channels_first"), (2, 5, 5), kind="th"),
    _one(lambda: L.DepthwiseConv2D((2, 2), padding="same", dilation_rate=2), (4, 4, 2), kind="dilated"),
    _one(lambda: L.Conv3DTranspose(2, (2, 3, 2), strides=(2, 1, 2), use_bias=False), (2, 2, 2, 3)),
    _one(
        lambda: L.Conv3DTranspose(2, 3, strides=2, padding="same", data_format="channels_first"),
        (1, 2, 2, 2),
        kind="th",
    ),
    _one(lambda: L.Conv3DTranspose(2, 3, strides=2, padding="same", output_padding=1), (2, 2, 2, 1), kind="padded"),
    _one(lambda: L.SeparableConvolution1D(3, 2, depth_multiplier=2), (4, 2), f.separable_1d),
    _one(
        lambda: L.SeparableConv1D(3, 2, data_format="channels_first"),
        (2, 4),
        lambda x, *weights: f.separable_1d(x.swapaxes(1, 2), *weights).swapaxes(1, 2),
        kind="features-first",
    ),
    _one(lambda: L.SeparableConv2D(2, 2, dilation_rate=2, data_format="channels_first"), (2, 4, 4), kind="dilated"),
    _one(lambda: L.SeparableConv1D(2, 2, dilation_rate=2), (4, 2), kind="dilated"),
    _one(lambda: L.SeparableConv1D(3, 3, strides=2, padding="same"), (5, 2), kind="strided"),
    _one(lambda: L.LocallyConnected1D(3, 2), (5, 2), f.locally_connected_1d),
    _one(lambda: L.LocallyConnected2D(3, 2, 2, subsample=(2, 1)), (4, 3, 2), f.locally_connected_2d),
    _one(lambda: L.LocallyConnected2D(3, 2, 2, dim_ordering="th"), (2, 3, 3), kind="th"),
    _one(lambda: L.UpSampling1D(2), (3, 2), lambda x: x.repeat(2, 1)),
    _one(lambda: L.UpSampling2D((2, 3)), (3, 2, 2), lambda x: x.repeat(2, 1).repeat(3, 2)),
    _one(lambda: L.UpSampling2D((2, 3), interpolation="bilinear"), (3, 2, 2), f.between_pixels, kind="bilinear"),
    _one(lambda: L.UpSampling2D(interpolation="bilinear", dim_ordering="th"), (2, 3, 2), kind="bilinear-th"),
    _one(lambda: L.UpSampling3D((2, 1, 3), dim_ordering="th"), (2, 2, 2, 2), lambda x: x.repeat(2, 2).repeat(3, 4)),
    _one(lambda: L.ZeroPadding1D((1, 2)), (3, 2), lambda x: np.pad(x, [(0, 0), (1, 2), (0, 0)])),
    _one(lambda: L.ZeroPadding2D((1, 2, 3, 0)), (3, 2, 2), lambda x: np.pad(x, [(0, 0), (1, 2), (3, 0), (0, 0)])),
    _one(
        lambda: L.ZeroPadding3D((1, 2, 3)), (2, 2, 2, 1), lambda x: np.pad(x, [(0, 0), (1, 1), (2, 2), (3, 3), (0, 0)])
    ),
    _one(
        lambda: L.ZeroPadding3D(((1, 0), (0, 2), (1, 1)), "th"),
        (1, 2, 2, 2),
        lambda x: np.pad(x, [(0, 0), (0, 0), (1, 0), (0, 2), (1, 1)]),
        kind="sides",
    ),
    _one(lambda: L.Cropping1D((1, 2)), (5, 2), lambda x: x[:, 1:3]),
    _one(lambda: L.Cropping2D(((1, 0), (2, 1)), dim_ordering="th"), (2, 4, 5), lambda x: x[:, :, 1:, 2:4]),
    _one(lambda: L.Cropping3D(((1, 0), (0, 1), (1, 1))), (3, 3, 3, 2), lambda x: x[:, 1:, :2, 1:2]),
    # pooling
    _one(lambda: L.MaxPooling1D(2), (5, 2), lambda x: x[:, :4].reshape(4, 2, 2, 2).max(2), smooth=False),
    _one(
        lambda: L.AveragePooling1D(2, data_format="channels_first"),
        (2, 5),
        lambda x: x[..., :4].reshape(4, 2, 2, 2).mean(3),
        kind="features-first",
    ),
    _one(lambda: L.AveragePooling1D(2), (5, 2), lambda x: x[:, :4].reshape(4, 2, 2, 2).mean(2)),
    _one(lambda: L.MaxPooling2D((2, 2)), (4, 4, 2), lambda x: x.reshape(4, 2, 2, 2, 2, 2).max((2, 4)), smooth=False),
    _one(lambda: L.MaxPooling2D((3, 3), (2, 2), "same", "th"), (2, 5, 5), kind="th", smooth=False),
    _one(lambda: L.AveragePooling2D((2, 2)), (4, 4, 2), lambda x: x.reshape(4, 2, 2, 2, 2, 2).mean((2, 4))),
    _one(lambda: L.AveragePooling2D((2, 2), border_mode="same"), (3, 3, 2), kind="same"),
    _one(lambda: L.MaxPooling3D(), (4, 4, 2, 2), f.max_pooling_3d, smooth=False),
    _one(lambda: L.AveragePooling3D((2, 2, 1), border_mode="same", dim_ordering="th"), (2, 3, 3, 2)),
    _one(lambda: L.GlobalAveragePooling1D(), (4, 3), lambda x: x.mean(1)),
    _one(
        lambda: L.GlobalAveragePooling1D(data_format="channels_first", keepdims=True),
        (3, 4),
        lambda x: x.mean(2, keepdims=True),
        kind="kept",
    ),
    _one(
        lambda: L.GlobalMaxPooling2D(keepdims=True),
        (2, 3, 2),
        lambda x: x.max((1, 2), keepdims=True),
        kind="kept",
        smooth=False,
    ),
    _one(lambda: L.GlobalMaxPooling1D(), (4, 3), lambda x: x.max(1), smooth=False),
    _one(lambda: L.GlobalAveragePooling2D(), (3, 4, 2), lambda x: x.mean((1, 2))),
    _one(lambda: L.GlobalMaxPooling2D("th"), (2, 3, 4), lambda x: x.max((2, 3)), smooth=False),
    _one(lambda: L.GlobalAveragePooling3D(), (2, 3, 2, 2), lambda x: x.mean((1, 2, 3))),
    _one(lambda: L.GlobalMaxPooling3D(), (2, 3, 2, 2), lambda x: x.max((1, 2, 3)), smooth=False),
    # normalization, embeddings, noise
    _one(
        lambda: L.BatchNormalization(),
        (4,),
        lambda x, gamma, beta, mean, var: gamma * (x - mean) / np.sqrt(var + 1e-3) + beta,
    ),
    _one(lambda: L.BatchNormalization(axis=1), (2, 3, 3), kind="th"),
    _one(lambda: L.BatchNormalization(mode=1), (4,), f.normalized_by_sample, kind="by-sample"),
    _one(lambda: L.BatchNormalization(mode=2), (4,), f.normalized_by_feature, kind="by-feature"),
    _both(lambda k: k.LayerNormalization(), [(4,)], f.normalized_by_layer),
    _both(lambda k: k.LayerNormalization(axis=[1, 2], scale=False), [(3, 2, 2)], kind="several-axes"),
    _both(lambda k: k.GroupNormalization(2), [(3, 4)], f.normalized_by_group),
    _both(
        lambda k: k.GroupNormalization(-1, axis=1, center=False), [(3, 2, 2)], f.normalized_by_instance, kind="instance"
    ),
    _both(lambda k: k.UnitNormalization(), [(4,)], lambda x: x / np.sqrt((x**2).sum(-1, keepdims=True))),
    _both(
        lambda k: k.UnitNormalization([1, 2]),
        [(3, 2)],
        lambda x: x / np.sqrt((x**2).sum((1, 2), keepdims=True)),
        kind="axes",
    ),
    _both(lambda k: k.RMSNormalization(), [(4,)], f.normalized_by_root),
    _both(lambda k: k.RMSNormalization([1, 2], 0.1), [(3, 2)], kind="several-axes"),
    _many(
        lambda: L.Operator("Subtract", [{"tensor": 0}, {"tensor": 1}]), [(4,), (4,)], lambda x, y: x - y, kind="of-two"
    ),
    _one(
        lambda: L.Operator("Mean", settings={"axis": 1, "keepdims": True}), (3, 2), lambda x: x.mean(1, keepdims=True)
    ),
    _both(lambda k: k.Rescaling(0.5, -1), [(4,)], lambda x: x / 2 - 1),
    _both(lambda k: k.Rescaling([1, 2], [0, -3]), [(3, 2)], lambda x: x * [1, 2] + [0, -3], kind="features"),
    _both(lambda k: k.Normalization(), [(2, 4)], lambda x, mean, var, _: (x - mean) / np.sqrt(var)),
    _both(
        lambda k: k.Normalization([1, 2], mean=[1.0, -1.0], variance=[2.0, 3.0], invert=True),
        [(3, 2)],
        lambda x: x * np.sqrt([2, 3]) + [1, -1],
        kind="given",
    ),
    _both(lambda k: k.Identity(), [(2, 3)], lambda x: x),
    _both(lambda k: k.Resizing(4, 6, "nearest"), [(2, 3, 2)], lambda x: x.repeat(2, 1).repeat(2, 2)),
    _both(lambda k: k.Resizing(5, 3, crop_to_aspect_ratio=True), [(6, 8, 2)], kind="cropped"),
    _both(lambda k: k.Resizing(3, 4, "lanczos3", pad_to_aspect_ratio=True, fill_value=0.3), [(4, 9, 1)], kind="padded"),
    _both(lambda k: k.Resizing(2, 3, "bicubic", antialias=True), [(5, 7, 1)], kind="bicubic"),
    _both(lambda k: k.CenterCrop(3, 4), [(6, 7, 2)], lambda x: x[:, 1:4, 1:5]),
    _both(lambda k: k.CenterCrop(5, 6), [(4, 7, 1)], kind="enlarged"),
    _both(lambda k: k.RandomFlip("vertical"), [(3, 2, 1)], lambda x: x),
    _both(lambda k: k.RandomRotation(0.2), [(3, 2, 1)], lambda x: x),
    _both(lambda k: k.RandomZoom(0.2, (-0.1, 0.3)), [(3, 2, 1)], lambda x: x),
    _both(lambda k: k.RandomTranslation(0.2, (0.1, 0.2), "nearest"), [(3, 2, 1)], lambda x: x),
    _both(lambda k: k.RandomContrast(0.2, (0, 1), seed=3), [(3, 2, 1)], lambda x: x),
    _both(lambda k: k.RandomBrightness(0.2, (0, 1)), [(3, 2, 1)], lambda x: x),
    _both(lambda k: k.RandomShear(0.2, (0.1, 0.2)), [(3, 2, 1)], lambda x: x),
    _both(lambda k: k.RandomGrayscale(0.3), [(3, 2, 3)], lambda x: x),
    _both(lambda k: k.RandomColorDegeneration(0.3), [(3, 2, 3)], lambda x: x),
    _both(lambda k: k.RandomSaturation(0.3, (0, 1)), [(3, 2, 3)], lambda x: x),
    _both(lambda k: k.RandomHue((0.1, 0.3), seed=3), [(3, 2, 3)], lambda x: x),
    _both(lambda k: k.RandomColorJitter((0, 1), 0.1, 0.2, 0.6, hue_factor=0.3), [(3, 2, 3)], lambda x: x),
    _both(lambda k: k.RandomInvert(0.3), [(3, 2, 1)], lambda x: x),
    _both(lambda k: k.Solarization(0.3, (0.1, 0.2)), [(3, 2, 1)], lambda x: x),
    _both(lambda k: k.RandomPosterization((2, 5), (0, 1)), [(3, 2, 1)], lambda x: x),
    _both(lambda k: k.RandomSharpness(0.3), [(3, 2, 1)], lambda x: x),
    _both(lambda k: k.RandomErasing(0.3, fill_value=0.5), [(3, 2, 1)], lambda x: x),
    _one(lambda: L.RandomCrop(2, 3), (4, 6, 1), lambda x: x.reshape(4, 2, 2, 3, 2, 1).mean((2, 4))),
    *(
        _both(
            lambda k, kind=kind, axes=axes: getattr(k, f"Adaptive{kind}Pooling{axes}D")((2, 3, 2)[:axes]),
            [(*(5, 4, 3)[:axes], 2)],
            smooth=kind == "Average",
        )
        for kind in ("Average", "Max")
        for axes in (1, 2, 3)
    ),
    _both(lambda k: k.Conv1DTranspose(3, 3, strides=2, output_padding=1, activation="tanh"), [(3, 2)]),
    _both(lambda k: k.Conv1DTranspose(3, 2, padding="same", dilation_rate=2, use_bias=False), [(3, 2)], kind="gaps"),
    _one(lambda: L.Conv1DTranspose(2, 3, strides=2, data_format="channels_first"), (2, 3), kind="features-first"),
    _both(lambda k: k.DepthwiseConv1D(2, strides=2, depth_multiplier=2), [(5, 2)]),
    _both(lambda k: k.DepthwiseConv1D(2, dilation_rate=2, padding="same", use_bias=False), [(5, 2)], kind="gaps"),
    _both(lambda k: k.ConvLSTM1D(2, 2, strides=2, return_sequences=True), [(2, 5, 1)]),
    _one(lambda: L.ConvLSTM1D(2, 2, padding="same", data_format="channels_first"), (2, 1, 3), kind="th"),
    _both(lambda k: k.ConvLSTM3D(1, 2), [(2, 2, 2, 3, 1)]),
    _both(lambda k: k.CategoryEncoding(5), [(3,)], lambda x: np.eye(5)[x].max(1), below=5),
    _both(
        lambda k: k.CategoryEncoding(5, output_mode="count"), [(3,)], lambda x: np.eye(5)[x].sum(1), "count", below=5
    ),
    _both(
        lambda k: k.CategoryEncoding(5, output_mode="one_hot"), [(1,)], lambda x: np.eye(5)[x[:, 0]], "ones", below=5
    ),
    _both(
        lambda k: k.Discretization([2.0, 4.5], output_mode="one_hot"),
        [(1,)],
        lambda x: np.eye(3)[np.digitize(x[:, 0], [2, 4.5])],
        below=9,
    ),
    _both(lambda k: k.Discretization([2.0, 4.5]), [(2, 3)], lambda x: np.digitize(x, [2, 4.5]), "numbers", below=9),
    _both(lambda k: k.SpectralNormalization(k.EinsumDense("ab,bc->ac", 3)), [(4,)], lambda x, W, u: x @ W),
    _one(lambda: L.SpectralNormalization(L.Conv2D(2, 2), 2), (3, 3, 1), kind="convolution"),
    # attention and what it is made of
    _both(
        lambda k: k.EinsumDense("abc,cde->abde", (None, 3, 2), "tanh", "de"),
        [(2, 4)],
        lambda x, W, b: np.tanh(np.einsum("abc,cde->abde", x, W) + b),
    ),
    _both(
        lambda k: k.EinsumDense("abc...,bd->adc...", (2, None), bias_axes="d"),
        [(3, 2, 3)],
        lambda x, W, b: np.einsum("abce,bd->adce", x, W) + b,
        kind="first-axes",
    ),
    _both(lambda k: k.EinsumDense("...x,xy->...y", 3), [(2, 4)], np.matmul, kind="last-axis"),
    _both(lambda k: k.Attention(use_scale=True), [(2, 3), (4, 3), (4, 3)], f.attention),
    _both(lambda k: k.Attention(score_mode="concat"), [(2, 3), (4, 3)], f.attention_by_sums, kind="concat"),
    _both(lambda k: k.AdditiveAttention(), [(2, 3), (4, 3)], f.additive_attention),
    _both(lambda k: k.MultiHeadAttention(2, 3), [(2, 4), (3, 5)], f.multi_head_attention),
    _both(
        lambda k: k.MultiHeadAttention(2, 3, 2, output_shape=5, attention_axes=2, sliding_window=2, use_gate=True),
        [(3, 3, 4), (3, 3, 4)],
        kind="gate",
        arguments={"use_causal_mask": True},
    ),
    _both(lambda k: k.MultiHeadAttention(2, 3, use_bias=False), [(2, 3, 4)] * 3, kind="two-axes"),
    _both(
        lambda k: k.GroupQueryAttention(3, 4, 2, use_gate=True),
        [(4, 4), (4, 4)],
        kind="gate",
        arguments={"use_causal_mask": True},
    ),
    _one(lambda: L.Embedding(7, 3, dropout=0.2), (4,), lambda x, W: W[x], below=7),
    _one(lambda: L.GaussianNoise(0.3), (4,), lambda x: x),
    _one(lambda: L.GaussianDropout(0.3), (4,), lambda x: x),
    _one(lambda: L.AlphaDropout(0.3), (4,), lambda x: x),
    # advanced activations
    _one(lambda: L.LeakyReLU(0.2), (4,), lambda x: np.where(x > 0, x, 0.2 * x)),
    _one(lambda: L.PReLU(init="uniform", shared_axes=[1]), (3, 2), lambda x, alphas: np.where(x > 0, x, alphas * x)),
    _one(lambda: L.ELU(0.7), (4,), lambda x: np.where(x > 0, x, 0.7 * np.expm1(x))),
    _one(lambda: L.ParametricSoftplus(), (4,), lambda x, alphas, betas: alphas * np.log1p(np.exp(betas * x))),
    _one(lambda: L.ThresholdedReLU(0.3), (4,), lambda x: x * (x > 0.3)),
    _one(lambda: L.SReLU(a_right_init="uniform"), (3, 2), f.srelu),
    _one(lambda: L.ReLU(0.6, 0.1, 0.2), (4,), f.relu_later, smooth=False),
    _one(lambda: L.Softmax(axis=1), (3, 2), lambda x: np.exp(x) / np.exp(x).sum(1, keepdims=True)),
    # recurrent
    _one(lambda: L.SimpleRNN(3), (4, 2), lambda x, W, U, b: f.simple_rnn(x, W, U, b)[:, -1]),
    _one(lambda: L.SimpleRNN(3, return_sequences=True, unroll=True), (4, 2), f.simple_rnn, kind="unrolled"),
    _one(
        lambda: L.SimpleRNN(3, go_backwards=True, return_sequences=True),
        (4, 2),
        lambda x, W, U, b: f.simple_rnn(x[:, ::-1], W, U, b),
        kind="backwards",
    ),
    _one(lambda: L.GRU(3, return_sequences=True, **_RNN), (4, 2), f.gru),
    _one(lambda: L.GRU(3, consume_less="gpu", dropout_W=0.2, dropout_U=0.2), (4, 2), kind="gpu", smooth=False),
    _one(
        lambda: L.GRU(3, return_sequences=True, reset_after=True, bias_initializer="uniform", **_RNN),
        (4, 2),
        f.gru_reset_after,
        kind="reset-after",
    ),
    _one(lambda: L.LSTM(3, return_sequences=True, **_RNN), (4, 2), f.lstm),
    _one(lambda: L.LSTM(3, dropout_W=0.2, dropout_U=0.2), (4, 2), kind="dropout", smooth=False),
    _one(
        lambda: L.LSTM(3, unroll=True, consume_less="gpu", return_sequences=True, **_RNN),
        (4, 2),
        f.lstm_joined,
        kind="gpu",
    ),
    _one(lambda: L.CuDNNLSTM(3, return_sequences=True), (4, 2), f.lstm_joined),
    _one(lambda: L.CuDNNGRU(3), (4, 2)),
    _one(
        lambda: L.SimpleRNN(3, use_bias=False, kernel_constraint="max_norm", return_state=True),
        (4, 2),
        kind="states",
    ),
    _many(
        lambda: L.LSTM(3, return_sequences=True, use_bias=False, **_RNN),
        [(4, 2), (3,), (3,)],
        kind="begun",
        smooth=False,
    ),
    _one(lambda: L.ConvLSTM2D(2, 2, 2, return_sequences=True, **_RNN), (3, 4, 4, 1)),
    _one(
        lambda: L.ConvLSTM2D(2, 2, 2, border_mode="same", dim_ordering="th", dropout_W=0.1, dropout_U=0.1),
        (3, 1, 4, 4),
        kind="th",
    ),
    # cells
    _one(lambda: L.RNN(L.SimpleRNNCell(3)), (4, 2), lambda x, W, U, b: f.simple_rnn(x, W, U, b)[:, -1]),
    _one(lambda: L.RNN(L.LSTMCell(3), return_sequences=True), (4, 2), f.lstm_joined, kind="lstm"),
    _one(lambda: L.RNN(L.GRUCell(3), return_sequences=True, unroll=True), (4, 2), f.gru_joined, kind="gru"),
    _one(
        lambda: L.RNN(L.GRUCell(3, reset_after=True, bias_initializer="uniform"), return_sequences=True),
        (4, 2),
        f.gru_reset_after,
        kind="reset-after",
    ),
    _one(
        lambda: L.RNN([L.SimpleRNNCell(2), L.SimpleRNNCell(3)], go_backwards=True),
        (4, 2),
        lambda x, W, U, b, V, T, c: f.simple_rnn(f.simple_rnn(x[:, ::-1], W, U, b), V, T, c)[:, -1],
        kind="stacked",
    ),
    _one(lambda: L.RNN(L.LSTMCell(3, dropout=0.2, recurrent_dropout=0.2), return_state=True), (4, 2), kind="dropout"),
    _many(lambda: L.RNN(L.LSTMCell(3, use_bias=False)), [(4, 2), (3,), (3,)], kind="begun"),
    _one(lambda: L.ConvRNN2D(L.ConvLSTM2DCell(2, 2, recurrent_activation="sigmoid")), (3, 4, 4, 1)),
    _one(
        lambda: L.ConvRNN2D(
            L.ConvLSTM2DCell(2, (2, 3), padding="same", data_format="channels_first", recurrent_activation="sigmoid"),
            return_sequences=True,
        ),
        (3, 1, 4, 4),
        kind="th",
    ),
    # wrappers
    _one(lambda: L.TimeDistributed(L.Dense(3)), (2, 4), lambda x, W, b: x @ W + b),
    _one(lambda: L.TimeDistributed(L.Convolution2D(2, 2, 2)), (2, 3, 3, 1), kind="convolution"),
    _one(lambda: L.Bidirectional(L.SimpleRNN(3)), (4, 2), f.both_ways),
    _one(lambda: L.Bidirectional(L.LSTM(3, return_sequences=True), merge_mode="sum"), (4, 2), kind="sum", smooth=False),
]


def layers_without_a_sample() -> set[str]:
    """Layer classes of ours that no row makes; a box that only the Builder's canvas has is in no model."""
    made = {type(sample.make()).__name__ for sample in SAMPLES}
    ours = {name for name, cls in LAYERS.items() if cls.__module__.startswith("kerasnb.")}
    return ours - {name for name in ours if "widgets" in LAYERS[name].__module__} - made - ABSTRACT - CELLS
