"""Other names of layer classes: Keras 1.2's short ones and the later ones."""

from ..engine.layer import Layer
from . import convolutional, depthwise, grouped_query_attention, later_along_time, pooling, transposed

__all__ = ["ALIASES"]

_LATER = {
    convolutional: {
        "Convolution1D": ["Conv1D"],
        "Convolution2D": ["Conv2D"],
        "Convolution3D": ["Conv3D"],
        "AtrousConvolution1D": ["AtrousConv1D"],
        "AtrousConvolution2D": ["AtrousConv2D"],
        "SeparableConvolution2D": ["SeparableConv2D"],
        "Deconvolution2D": ["Deconv2D", "Conv2DTranspose", "Convolution2DTranspose"],
    },
    depthwise: {"SeparableConvolution1D": ["SeparableConv1D"]},
    grouped_query_attention: {"GroupQueryAttention": ["GroupedQueryAttention"]},
    transposed: {"Deconvolution3D": ["Deconv3D", "Conv3DTranspose", "Convolution3DTranspose"]},
    later_along_time: {"Conv1DTranspose": ["Convolution1DTranspose"]},
    pooling: {
        f"{kind}Pooling{axes}D": [f"{short}Pool{axes}D"]
        for kind, short in (
            ("Max", "Max"),
            ("Average", "Avg"),
            ("GlobalMax", "GlobalMax"),
            ("GlobalAverage", "GlobalAvg"),
        )
        for axes in (1, 2, 3)
    },
}

ALIASES: dict[str, type[Layer]] = {
    other: getattr(module, name)
    for module, names in _LATER.items()
    for name, others in names.items()
    if hasattr(module, name)
    for other in others
}
Layer.aliases.update(ALIASES)
