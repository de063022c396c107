"""What numpy makes of the layers that take more than a line."""

import numpy as np


def sigmoid(x):
    return 1 / (1 + np.exp(-x))


def softmax(x):
    e = np.exp(x - x.max(-1, keepdims=True))
    return e / e.sum(-1, keepdims=True)


def highway(x, W, W_carry, b, b_carry):
    t = sigmoid(x @ W_carry + b_carry)
    return t * np.tanh(x @ W + b) + (1 - t) * x


def cosine(x, y):
    lengths = np.linalg.norm(x, axis=1, keepdims=True) * np.linalg.norm(y, axis=1, keepdims=True)
    return (x * y).sum(1, keepdims=True) / lengths


def convolution_1d(x, W, b):
    taps = W.shape[0]
    places = x.shape[1] - taps + 1
    windows = np.stack([x[:, start : start + taps] for start in range(places)], 1)
    return np.tanh(np.einsum("btki,kio->bto", windows, W[:, 0]) + b)


def convolution_2d(x, W, b):
    rows, cols = W.shape[:2]
    return (
        np.stack(
            [
                np.stack(
                    [
                        np.einsum("brci,rcio->bo", x[:, i : i + rows, j : j + cols], W)
                        for j in range(x.shape[2] - cols + 1)
                    ],
                    1,
                )
                for i in range(x.shape[1] - rows + 1)
            ],
            1,
        )
        + b
    )


def normalized_by_sample(x, gamma, beta, mean, var):
    deviation = np.sqrt(x.var(-1, keepdims=True) + 1e-3)
    return gamma * (x - x.mean(-1, keepdims=True)) / (deviation + 1e-3) + beta


def normalized_by_feature(x, gamma, beta, mean, var):
    return gamma * (x - x.mean(0)) / np.sqrt(x.var(0) + 1e-3) + beta


def normalized_by_layer(x, gamma, beta):
    return gamma * (x - x.mean(-1, keepdims=True)) / np.sqrt(x.var(-1, keepdims=True) + 1e-3) + beta


def normalized_by_group(x, gamma, beta):
    """Two groups of two features, over time too."""
    groups = [x[..., :2], x[..., 2:]]
    apart = [(one - one.mean((1, 2), keepdims=True)) / np.sqrt(one.var((1, 2), keepdims=True) + 1e-3) for one in groups]
    return np.concatenate(apart, -1) * gamma + beta


def normalized_by_instance(x, gamma):
    normal = (x - x.mean((2, 3), keepdims=True)) / np.sqrt(x.var((2, 3), keepdims=True) + 1e-3)
    return normal * gamma[:, None, None]


def srelu(x, t_left, a_left, t_right, a_right):
    right = t_left + np.abs(t_right)
    middle = np.where(x > t_left, x, t_left + a_left * (x - t_left))
    return np.where(x >= right, right + a_right * (x - right), middle)


def simple_rnn(x, W, U, b):
    h, outputs = np.zeros((len(x), U.shape[0])), []
    for step in x.transpose(1, 0, 2):
        h = np.tanh(step @ W + h @ U + b)
        outputs.append(h)
    return np.stack(outputs, 1)


def both_ways(x, W, U, b, W_back, U_back, b_back):
    return np.concatenate([simple_rnn(x, W, U, b)[:, -1], simple_rnn(x[:, ::-1], W_back, U_back, b_back)[:, -1]], 1)


def gru(x, Wz, Uz, bz, Wr, Ur, br, Wh, Uh, bh):
    h, outputs = np.zeros((len(x), Uz.shape[0])), []
    for step in x.transpose(1, 0, 2):
        z, r = sigmoid(step @ Wz + h @ Uz + bz), sigmoid(step @ Wr + h @ Ur + br)
        h = z * h + (1 - z) * np.tanh(step @ Wh + (r * h) @ Uh + bh)
        outputs.append(h)
    return np.stack(outputs, 1)


def gru_joined(x, W, U, b):
    return gru(x, *(part for gate in zip(*(np.split(one, 3, -1) for one in (W, U, b)), strict=True) for part in gate))


def gru_reset_after(x, W, U, b):
    (Wz, Wr, Wh), (Uz, Ur, Uh) = np.split(W, 3, -1), np.split(U, 3, -1)
    (bz, br, bh), (cz, cr, ch) = np.split(b[0], 3), np.split(b[1], 3)
    h, outputs = np.zeros((len(x), U.shape[0])), []
    for step in x.transpose(1, 0, 2):
        z, r = sigmoid(step @ Wz + bz + h @ Uz + cz), sigmoid(step @ Wr + br + h @ Ur + cr)
        h = z * h + (1 - z) * np.tanh(step @ Wh + bh + r * (h @ Uh + ch))
        outputs.append(h)
    return np.stack(outputs, 1)


def lstm(x, Wi, Ui, bi, Wc, Uc, bc, Wf, Uf, bf, Wo, Uo, bo):
    h = c = np.zeros((len(x), Ui.shape[0]))
    outputs = []
    for step in x.transpose(1, 0, 2):
        i, f = sigmoid(step @ Wi + h @ Ui + bi), sigmoid(step @ Wf + h @ Uf + bf)
        c = f * c + i * np.tanh(step @ Wc + h @ Uc + bc)
        h = sigmoid(step @ Wo + h @ Uo + bo) * np.tanh(c)
        outputs.append(h)
    return np.stack(outputs, 1)


def lstm_joined(x, W, U, b):
    (Wi, Wf, Wc, Wo), (Ui, Uf, Uc, Uo), (bi, bf, bc, bo) = (np.split(one, 4, -1) for one in (W, U, b))
    return lstm(x, Wi, Ui, bi, Wc, Uc, bc, Wf, Uf, bf, Wo, Uo, bo)


def locally_connected_1d(x, W, b):
    taps = W.shape[1] // x.shape[2]
    windows = np.stack([x[:, at : at + taps].reshape(len(x), -1) for at in range(W.shape[0])], 1)
    return np.einsum("bpn,pno->bpo", windows, W) + b


def locally_connected_2d(x, W, b):
    """Windows of 2 by 2, two rows apart."""
    places = [(row, col) for row in range(0, 3, 2) for col in range(2)]
    windows = np.stack([x[:, row : row + 2, col : col + 2].reshape(len(x), -1) for row, col in places], 1)
    return np.einsum("bpn,pno->bpo", windows, W).reshape(len(x), 2, 2, -1) + b


def max_pooling_3d(x):
    return x.reshape(4, 2, 2, 2, 2, 1, 2, 2).max((2, 4, 6))


def causal_1d(x, W, b):
    """A convolution along time that sees nothing later."""
    return convolution_1d_sums(np.pad(x, [(0, 0), (len(W) - 1, 0), (0, 0)]), W, b)


def convolution_1d_sums(x, W, b):
    places = x.shape[1] - len(W) + 1
    return np.stack([np.einsum("bti,tio->bo", x[:, at : at + len(W)], W[:, 0]) + b for at in range(places)], 1)


def depthwise_2d(x, kernel, b):
    rows, cols, features, multiplier = kernel.shape
    places = [(row, col) for row in range(x.shape[1] - rows + 1) for col in range(x.shape[2] - cols + 1)]
    sums = [np.einsum("brci,rcim->bim", x[:, r : r + rows, c : c + cols], kernel) for r, c in places]
    shape = (len(x), x.shape[1] - rows + 1, x.shape[2] - cols + 1, features * multiplier)
    return np.tanh(np.stack(sums, 1).reshape(shape) + b)


def separable_1d(x, kernel, mix, b):
    places = x.shape[1] - len(kernel) + 1
    sums = [np.einsum("bti,tim->bim", x[:, at : at + len(kernel)], kernel[:, 0]) for at in range(places)]
    return np.stack(sums, 1).reshape(len(x), places, -1) @ mix[0, 0] + b


def between_pixels(x, size=(2, 3)):
    """Each axis by the formula for one value: `np.interp` at the middles of the new pixels."""
    for axis, factor in enumerate(size, 1):
        old, new = np.arange(x.shape[axis]), (np.arange(x.shape[axis] * factor) + 0.5) / factor - 0.5
        x = np.apply_along_axis(lambda values: np.interp(new, old, values), axis, x)  # noqa: B023
    return x


def relu_later(x):
    return np.where(x >= 0.6, 0.6, np.where(x >= 0.2, x, 0.1 * (x - 0.2)))


def normalized_by_root(x, scale):
    return scale * x / np.sqrt((x**2).mean(-1, keepdims=True) + 1e-6)


def attention(query, value, key, scale):
    return softmax(scale * query @ key.swapaxes(1, 2)) @ value


def attention_by_sums(query, value, weight):
    return softmax(weight * np.tanh(query[:, :, None] + value[:, None]).sum(-1)) @ value


def additive_attention(query, value, scale):
    return softmax((scale * np.tanh(query[:, :, None] + value[:, None])).sum(-1)) @ value


def multi_head_attention(query, value, W_q, b_q, W_k, b_k, W_v, b_v, W_o, b_o):
    q, k = np.einsum("btf,fhd->bhtd", query, W_q), np.einsum("bsf,fhd->bhsd", value, W_k)
    v = np.einsum("bsf,fhd->bhsd", value, W_v) + b_v[:, None]
    shares = softmax((q + b_q[:, None]) @ (k + b_k[:, None]).swapaxes(2, 3) / np.sqrt(q.shape[-1]))
    return np.einsum("bhtd,hdf->btf", shares @ v, W_o) + b_o
