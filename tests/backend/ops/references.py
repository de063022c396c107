"""What numpy makes of the ops that it has no function for."""

import numpy as np


def sigmoid(x):
    return 1 / (1 + np.exp(-x))


def softmax(x):
    e = np.exp(x - x.max(-1, keepdims=True))
    return e / e.sum(-1, keepdims=True)


def crossentropy(output, target):
    return -(target * np.log(output / output.sum(-1, keepdims=True))).sum(-1)


def _pads(sizes, window, strides, dilation, border_mode):
    """Zeros before and after each spatial axis, by TensorFlow's rule for 'same'."""
    for size, taps, stride, spread in zip(sizes, window, strides, dilation, strict=True):
        reach = (taps - 1) * spread + 1
        same = max((int(np.ceil(size / stride)) - 1) * stride + reach - size, 0)
        yield {"valid": (0, 0), "same": (same // 2, same - same // 2), "full": (reach - 1, reach - 1)}[border_mode]


def _windows(x, window, strides, dilation, border_mode, outside):
    """Every window that a sliding frame meets: (batch, rows, cols, window rows, window cols, features)."""
    pads = list(_pads(x.shape[1:3], window, strides, dilation, border_mode))
    padded = np.pad(x, [(0, 0), *pads, (0, 0)], constant_values=outside)
    reach = [(taps - 1) * spread + 1 for taps, spread in zip(window, dilation, strict=True)]
    places = [
        range(0, size - need + 1, stride) for size, need, stride in zip(padded.shape[1:3], reach, strides, strict=True)
    ]
    return np.array(
        [
            [padded[:, row : row + reach[0] : dilation[0], col : col + reach[1] : dilation[1]] for col in places[1]]
            for row in places[0]
        ]
    ).transpose(2, 0, 1, 3, 4, 5)


def conv2d(x, kernel, strides=(1, 1), border_mode="valid", dim_ordering="tf", dilation=(1, 1), flip=False):
    """A convolution, the kernel flipped as on Theano or not as on TensorFlow."""
    if dim_ordering == "th":
        x, kernel = x.transpose(0, 2, 3, 1), kernel.transpose(2, 3, 1, 0)
    if flip:
        kernel = kernel[::-1, ::-1]
    y = np.einsum("bijrcf,rcfo->bijo", _windows(x, kernel.shape[:2], strides, dilation, border_mode, 0), kernel)
    return y.transpose(0, 3, 1, 2) if dim_ordering == "th" else y


def pool2d(x, pool_size, strides=(1, 1), border_mode="valid", dim_ordering="tf", pool_mode="max"):
    """Pooling; values outside the image count for nothing."""
    x = x.transpose(0, 2, 3, 1) if dim_ordering == "th" else x
    windows = _windows(x, pool_size, strides, (1, 1), border_mode, np.nan)
    y = (np.nanmax if pool_mode == "max" else np.nanmean)(windows, axis=(3, 4))
    return y.transpose(0, 3, 1, 2) if dim_ordering == "th" else y


def conv3d(x, kernel):
    """A convolution of volumes inside their borders, the kernel not flipped."""
    windows = np.lib.stride_tricks.sliding_window_view(x, kernel.shape[:3], axis=(1, 2, 3))
    return np.einsum("bdrcixyz,xyzio->bdrco", windows, kernel)


def depthwise_conv2d(x, kernel):
    """Each feature convolved by itself inside the borders, the kernel not flipped."""
    windows = np.lib.stride_tricks.sliding_window_view(x, kernel.shape[:2], axis=(1, 2))
    result = np.einsum("brcfxy,xyfm->brcfm", windows, kernel)
    return result.reshape(*result.shape[:3], -1)


def deconv2d(x, kernel, sizes, stride):
    """Each value of `x` puts the kernel, times itself, where a convolution's window would be."""
    result = np.zeros((len(x), *sizes, kernel.shape[-1]), np.result_type(x, kernel))
    for row, col in np.ndindex(*x.shape[1:3]):
        to = slice(row * stride, row * stride + len(kernel)), slice(col * stride, col * stride + kernel.shape[1])
        result[(slice(None), *to)] += np.einsum("bi,xyio->bxyo", x[:, row, col], kernel)
    return result


def normalized_features(x, gamma, beta, axis, epsilon):
    """Batch normalization, with mean and variance of each feature."""
    x = np.moveaxis(x, axis, -1)
    mean, var = (moment(x, axis=tuple(range(x.ndim - 1))) for moment in (np.mean, np.var))
    return np.moveaxis(gamma * (x - mean) / np.sqrt(var + epsilon) + beta, -1, axis), mean, var
