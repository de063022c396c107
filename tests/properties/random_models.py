"""Small models of many kinds of layers, which a seed chooses."""

from kerasnb import layers as L
from kerasnb.models import Model, Sequential

ACTIVATIONS = ("linear", "relu", "tanh", "sigmoid", "softplus", "hard_sigmoid")


def _dense(random, shape):
    return L.Dense(
        random.randint(1, 4),
        activation=random.choice(ACTIVATIONS),
        bias=random.random() < 0.7,
        W_regularizer=random.choice((None, "l2")),
        W_constraint=random.choice((None, "nonneg")),
    )


def _convolution(random, shape):
    return L.Convolution2D(
        random.randint(1, 3),
        2,
        random.randint(1, 2),
        border_mode=random.choice(("same", "valid")),
        subsample=(random.randint(1, 2), 1),
        init=random.choice(("he_normal", "orthogonal")),
    )


def _recurrent(random, shape):
    cls = random.choice((L.LSTM, L.GRU, L.SimpleRNN))
    layer = cls(
        random.randint(1, 3),
        return_sequences=random.random() < 0.5,
        go_backwards=random.random() < 0.3,
        consume_less=random.choice(("cpu", "gpu")),
    )
    return L.Bidirectional(layer, merge_mode=random.choice(("concat", "sum"))) if random.random() < 0.3 else layer


def _fit_for(shape):
    """What can come next: functions of the generator and the shape."""
    anywhere = [
        lambda random, shape: L.Activation(random.choice(ACTIVATIONS)),
        lambda random, shape: L.Dropout(0.5),
        lambda random, shape: L.LeakyReLU(random.random()),
        lambda random, shape: L.PReLU(),
        lambda random, shape: L.BatchNormalization(mode=random.choice((0, 1)), epsilon=0.01),
    ]
    if len(shape) == 1:
        return [_dense, _dense, lambda random, shape: L.RepeatVector(3), lambda random, shape: L.Highway(), *anywhere]
    flat = [lambda random, shape: L.Flatten(), lambda random, shape: L.Permute(tuple(range(len(shape), 0, -1)))]
    if len(shape) == 2:
        return [
            _recurrent,
            _recurrent,
            lambda random, shape: L.TimeDistributed(_dense(random, shape[1:])),
            lambda random, shape: L.Convolution1D(2, 2, border_mode="same"),
            lambda random, shape: L.GlobalMaxPooling1D(),
            *flat,
            *anywhere,
        ]
    return [
        _convolution,
        _convolution,
        lambda random, shape: L.MaxPooling2D((2, 1), border_mode="same"),
        lambda random, shape: L.UpSampling2D((1, 2)),
        lambda random, shape: L.ZeroPadding2D((1, 0)),
        lambda random, shape: L.SeparableConvolution2D(2, 1, 2, border_mode="same"),
        *flat,
        *anywhere,
    ]


def _next(random, shape):
    layer = random.choice(_fit_for(shape))(random, shape)
    if random.random() < 0.2:
        layer.trainable = False
    return layer


def random_model(random, has_models_inside=True):
    """A model; and the shape of one sample."""
    shape = random.choice(((4,), (3, 4), (6, 5, 2)))
    model = _chain(random, shape) if random.random() < 0.5 else _graph(random, shape, has_models_inside)
    return model, shape


def _chain(random, shape):
    model = Sequential()
    first = _next(random, shape)
    while isinstance(first, L.Wrapper | L.Flatten | L.Activation):
        first = _next(random, shape)
    first.create_input_layer((None, *shape))
    model.add(first)
    for _ in range(random.randint(0, 4)):
        model.add(_next(random, model.output_shape[1:]))
    return model


def _graph(random, shape, has_models_inside):
    x = start = L.Input(shape)
    for _ in range(random.randint(1, 4)):
        layer = _next(random, x._keras_shape[1:])
        if has_models_inside and random.random() < 0.3:
            a = L.Input(x._keras_shape[1:])
            layer = Model(a, layer(a))
        before, x = x, layer(x)
        if x._keras_shape == before._keras_shape and random.random() < 0.7:
            x = L.merge([before, x], mode=random.choice(("sum", "mul", "concat", "ave", "max")))
    return Model(start, x)
