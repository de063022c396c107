"""Small Keras models of every kind, with a few rows for each: what the table of doors is made with."""

import numpy as np

from benchmarks.keras_used import IS_KERAS_2, keras, layers, ops

ROWS = 6
_random = np.random.RandomState(0)


def numbers(*shape):
    return _random.rand(ROWS, *shape).astype("float32")


def words(length=7, most=20):
    return _random.randint(1, most, (ROWS, length)).astype("int32")


def _chain(*parts, shape, dtype="float32"):
    return keras.Sequential([keras.Input(shape, dtype=dtype), *parts])


class Scale(layers.Layer):
    """A layer of somebody's own."""

    def build(self, shape):
        self.scale = self.add_weight(shape=(shape[-1],), initializer="ones", name="scale")

    def call(self, x):
        return x * self.scale


class Written(keras.Model):
    """A model whose call is code."""

    def __init__(self, **arguments):
        super().__init__(**arguments)
        self.first, self.drop, self.last = layers.Dense(8, "relu"), layers.Dropout(0.3), layers.Dense(3, "softmax")

    def call(self, x, training=False):
        return self.last(self.drop(self.first(x), training=training))


def dense():
    return _chain(layers.Dense(8, "relu"), layers.Dropout(0.3), layers.Dense(3, "softmax"), shape=(5,)), numbers(5)


def cnn():
    parts = [layers.Conv2D(4, 3, activation="relu"), layers.BatchNormalization(), layers.MaxPooling2D()]
    parts += [layers.Flatten(), layers.Dense(3, "softmax")]
    return _chain(*parts, shape=(8, 8, 1)), numbers(8, 8, 1)


def separable():
    parts = [layers.SeparableConv2D(4, 3, padding="same"), layers.DepthwiseConv2D(3), layers.LeakyReLU()]
    return _chain(*parts, layers.GlobalAveragePooling2D(), layers.Dense(3), shape=(8, 8, 2)), numbers(8, 8, 2)


def transposed():
    parts = [layers.Conv2DTranspose(3, 3, strides=2, padding="same"), layers.UpSampling2D(interpolation="bilinear")]
    return _chain(*parts, layers.Conv2D(1, 1), layers.GlobalMaxPooling2D(), layers.Dense(3), shape=(4, 4, 1)), numbers(
        4, 4, 1
    )


def conv1d():
    parts = [layers.Conv1D(4, 3, padding="causal", activation="gelu"), layers.AveragePooling1D(2), layers.Flatten()]
    return _chain(*parts, layers.Dense(3), shape=(8, 2)), numbers(8, 2)


def conv3d():
    parts = [layers.Conv3D(2, 2), layers.GlobalAveragePooling3D(), layers.Dense(3)]
    return _chain(*parts, shape=(4, 4, 4, 1)), numbers(4, 4, 4, 1)


def residual():
    image = keras.Input((6, 6, 2))
    x = layers.Conv2D(4, 3, padding="same")(image)
    y = layers.Activation("relu")(layers.BatchNormalization()(layers.Conv2D(4, 3, padding="same")(x)))
    return keras.Model(image, layers.Dense(3)(layers.GlobalAveragePooling2D()(layers.add([x, y])))), numbers(6, 6, 2)


def lstm():
    return _chain(layers.LSTM(4, return_sequences=True), layers.LSTM(3), layers.Dense(3), shape=(5, 2)), numbers(5, 2)


def gru():
    return _chain(layers.GRU(4), layers.Dense(3), shape=(5, 2)), numbers(5, 2)


def bidirectional():
    return _chain(layers.Bidirectional(layers.LSTM(3)), layers.Dense(3), shape=(5, 2)), numbers(5, 2)


def text():
    parts = [layers.Embedding(20, 4, mask_zero=True), layers.LSTM(3), layers.Dense(3)]
    return _chain(*parts, shape=(7,), dtype="int32"), words()


def cells():
    cell = layers.StackedRNNCells([layers.GRUCell(3), layers.LSTMCell(2)])
    return _chain(layers.RNN(cell), layers.Dense(3), shape=(5, 2)), numbers(5, 2)


def stateful():
    start = keras.Input(batch_shape=(ROWS, 5, 2))
    return keras.Model(start, layers.Dense(3)(layers.LSTM(3, stateful=True)(start))), numbers(5, 2)


def conv_lstm():
    parts = [layers.ConvLSTM2D(2, 2), layers.Flatten(), layers.Dense(3)]
    return _chain(*parts, shape=(3, 4, 4, 1)), numbers(3, 4, 4, 1)


def along_time():
    parts = [layers.TimeDistributed(layers.Conv2D(2, 2)), layers.TimeDistributed(layers.Flatten()), layers.GRU(3)]
    return _chain(*parts, layers.Dense(3), shape=(3, 4, 4, 1)), numbers(3, 4, 4, 1)


def model_along_time():
    inner = _chain(layers.Dense(4, "relu"), layers.Dense(2), shape=(3,))
    return _chain(layers.TimeDistributed(inner), layers.Flatten(), layers.Dense(3), shape=(4, 3)), numbers(4, 3)


def transformer():
    start = keras.Input((6, 8))
    x = layers.LayerNormalization()(start + layers.MultiHeadAttention(2, 4)(start, start))
    x = layers.LayerNormalization()(x + layers.Dense(8)(layers.Dense(16, "gelu")(x)))
    return keras.Model(start, layers.Dense(3)(layers.GlobalAveragePooling1D()(x))), numbers(6, 8)


def attention():
    query, value = keras.Input((4, 5)), keras.Input((6, 5))
    x = layers.Concatenate(axis=1)([layers.Attention()([query, value]), layers.AdditiveAttention()([query, value])])
    return keras.Model([query, value], layers.Dense(3)(layers.Flatten()(x))), [numbers(4, 5), numbers(6, 5)]


def grouped_attention():
    start = keras.Input((6, 8))
    x = layers.RMSNormalization()(layers.GroupQueryAttention(4, 4, 2)(start, start))
    return keras.Model(start, layers.EinsumDense("abc,cd->ad", output_shape=(3,))(x)), numbers(6, 8)


def normalized():
    parts = [layers.LayerNormalization(), layers.UnitNormalization()]
    if not IS_KERAS_2:  # tf_keras 2.21 cannot build these two of its own: they come with Keras 3's InputSpec
        parts += [layers.GroupNormalization(2), layers.SpectralNormalization(layers.Dense(4))]
    return _chain(layers.Dense(4), *parts, layers.Dense(3), shape=(5,)), numbers(5)


def nested():
    backbone = _chain(layers.Conv2D(3, 3), layers.BatchNormalization(), layers.ReLU(), shape=(6, 6, 1))
    image = keras.Input((6, 6, 1))
    return keras.Model(image, layers.Dense(3)(layers.Flatten()(backbone(image)))), numbers(6, 6, 1)


def shared():
    left, right, tower = keras.Input((5,)), keras.Input((5,)), _chain(layers.Dense(4, "relu"), shape=(5,))
    both = layers.Concatenate()([tower(left), tower(right)])
    return keras.Model([left, right], layers.Dense(3)(both)), [numbers(5), numbers(5)]


def shared_layer():
    start, again = keras.Input((4,)), layers.Dense(4, "tanh")
    return keras.Model(start, layers.Dense(3)(again(again(start)))), numbers(4)


def several_outputs():
    start = keras.Input((5,))
    x = layers.Dense(6, "relu")(start)
    return keras.Model(start, [layers.Dense(3, name="a")(x), layers.Dense(1, name="b")(x)]), numbers(5)


def dictionaries():
    image, tags = keras.Input((4, 4, 1), name="image"), keras.Input((3,), name="tags")
    x = layers.Concatenate()([layers.Flatten()(image), tags])
    given = {"kind": layers.Dense(3, name="kind")(x), "age": layers.Dense(1, name="age")(x)}
    return keras.Model({"image": image, "tags": tags}, given), {"image": numbers(4, 4, 1), "tags": numbers(3)}


def operators():
    start = keras.Input((5,))
    x = layers.Dense(4)(start * 2 - 1)
    x = ops.concatenate([x, ops.mean(x, axis=-1, keepdims=True), ops.exp(x[:, :2])], axis=-1)
    return keras.Model(start, layers.Dense(3)(x)), numbers(5)


def images():
    parts = [layers.Rescaling(1 / 255), layers.Resizing(6, 6), layers.CenterCrop(4, 4), layers.RandomFlip()]
    return _chain(*parts, layers.Flatten(), layers.Dense(3), shape=(8, 8, 3)), 255 * numbers(8, 8, 3)


def adapted():
    normalization, rows = layers.Normalization(), numbers(5)
    normalization.adapt(rows)
    return _chain(normalization, layers.Dense(3), shape=(5,)), rows


def lookup():
    parts = [layers.Discretization([0.2, 0.5, 0.8]), layers.CategoryEncoding(4, output_mode="multi_hot")]
    return _chain(*parts, layers.Dense(3), shape=(5,)), numbers(5)


def own_layer():
    return _chain(layers.Dense(4, "relu"), Scale(), layers.Dense(3), shape=(5,)), numbers(5)


def lambdas():
    return _chain(layers.Dense(4), layers.Lambda(lambda x: x * 2), layers.Dense(3), shape=(5,)), numbers(5)


def subclassed():
    model, rows = Written(), numbers(5)
    model(rows)
    return model, rows


def own_in_nested():
    inner = _chain(layers.Dense(4), Scale(), shape=(5,))
    start = keras.Input((5,))
    return keras.Model(start, layers.Dense(3)(inner(start))), numbers(5)


def mixed():
    parts = [layers.Dense(4, "relu", dtype="mixed_bfloat16"), layers.Dense(3, dtype="float32")]
    return _chain(*parts, shape=(5,)), numbers(5)


def lora():
    model, rows = dense()
    model.layers[0].enable_lora(2)
    return model, rows


def quantized():
    model, rows = _chain(layers.Dense(8, "relu"), layers.Dense(3), shape=(5,)), numbers(5)
    model.quantize("int8")
    return model, rows


def any_size():
    parts = [layers.Conv2D(3, 3, padding="same"), layers.GlobalAveragePooling2D(), layers.Dense(3)]
    return _chain(*parts, shape=(None, None, 1)), numbers(7, 5, 1)


def features_first():
    parts = [layers.Conv2D(3, 3, data_format="channels_first"), layers.Flatten(), layers.Dense(3)]
    return _chain(*parts, shape=(2, 6, 6)), numbers(2, 6, 6)


def hub_bert():
    import keras_hub

    net = keras_hub.models.BertBackbone(20, 1, 2, 8, 16, max_sequence_length=8)
    ids = words(8)
    return net, {"token_ids": ids, "segment_ids": 0 * ids, "padding_mask": 0 * ids + 1}


def hub_gpt2():
    import keras_hub

    net = keras_hub.models.GPT2Backbone(20, 1, 2, 8, 16, max_sequence_length=8)
    ids = words(8)
    return net, {"token_ids": ids, "padding_mask": 0 * ids + 1}


def hub_resnet():
    import keras_hub

    net = keras_hub.models.ResNetBackbone(
        [64], [3], [64], [1], [1], block_type="basic_block", image_shape=(16, 16, 3), use_pre_activation=False
    )
    return net, numbers(16, 16, 3)


def hub_vit():
    import keras_hub

    net = keras_hub.models.ViTBackbone((8, 8, 3), (4, 4), 1, 2, 8, 16)
    return net, numbers(8, 8, 3)


class TwoWays(layers.Layer):
    """Gives a dictionary, takes a dictionary."""

    def call(self, given):
        return {"sum": given["a"] + given["b"], "difference": given["a"] - given["b"]}


class Attention(layers.Layer):
    """A layer of somebody's own that is called as one of Keras's."""

    def build(self, shape):
        self.score = self.add_weight(shape=(shape[-1], 1), name="score")

    def call(self, x):
        return ops.sum(ops.softmax(ops.matmul(x, self.score), axis=1) * x, axis=1)


def own_dictionaries():
    a, b = keras.Input((4,), name="a"), keras.Input((4,), name="b")
    given = TwoWays()({"a": layers.Dense(3)(a), "b": layers.Dense(3)(b)})
    return keras.Model([a, b], layers.Multiply()([given["sum"], given["difference"]])), [numbers(4), numbers(4)]


def own_attention():
    return _chain(layers.Dense(4), Attention(), layers.Dense(3), shape=(6, 2)), numbers(6, 2)


def masks():
    start = keras.Input((7,), dtype="int32")
    x = layers.Embedding(20, 6, mask_zero=True)(start)
    x = layers.MultiHeadAttention(2, 3)(x, x, use_causal_mask=True)
    return keras.Model(start, layers.Dense(3)(layers.GlobalAveragePooling1D()(x))), words(most=3)


def shared_across():
    tower, other = layers.Dense(4, name="tower"), layers.Dense(4, name="other")
    first = keras.Sequential([keras.Input((5,)), tower])
    second = keras.Sequential([keras.Input((5,)), tower, other])
    start = keras.Input((5,))
    return keras.Model(start, layers.Dense(3)(layers.add([first(start), second(start)]))), numbers(5)


def states():
    start = keras.Input((5, 3))
    outputs, h, c = layers.LSTM(4, return_sequences=True, return_state=True)(start)
    decoded = layers.LSTM(4)(outputs, initial_state=[h, c])
    return keras.Model(start, layers.Dense(3)(decoded)), numbers(5, 3)


def float16():
    parts = [layers.Dense(4, "relu"), layers.Dense(3)]
    for part in parts:
        part.dtype_policy = "float16"
    return _chain(*parts, shape=(5,)), numbers(5)


def weight_tied():
    start = keras.Input((7,), dtype="int32")
    embedding = layers.Embedding(20, 4)
    x = layers.GRU(4, return_sequences=True)(embedding(start))
    return keras.Model(start, ops.matmul(x, ops.transpose(embedding.embeddings))), words()


def einsum():
    start = keras.Input((6, 4))
    scores = ops.softmax(ops.einsum("bij,bkj->bik", start, start), axis=-1)
    return keras.Model(start, layers.Dense(3)(ops.max(ops.einsum("bik,bkj->bij", scores, start), axis=1))), numbers(
        6, 4
    )


def deep_nest():
    inner = _chain(layers.Dense(4, "relu", name="core"), shape=(5,))
    middle_start = keras.Input((5,))
    middle = keras.Model(middle_start, layers.Dense(5)(inner(middle_start)), name="middle")
    start = keras.Input((5,))
    return keras.Model(start, layers.Dense(3)(middle(middle(start)))), numbers(5)


def one_dimension():
    start = keras.Input(())
    return keras.Model(start, layers.Dense(3)(layers.Reshape((1,))(start))), numbers()


# kind -> models; each gives a model and rows that it takes
KINDS = {
    "dense": [dense],
    "convolutional": [cnn, separable, transposed, conv1d, conv3d, residual, any_size, features_first],
    "recurrent": [lstm, gru, bidirectional, text, cells, stateful, conv_lstm, along_time],
    "attention": [transformer, attention, grouped_attention],
    "normalization": [normalized],
    "nested and shared": [nested, model_along_time, shared, shared_layer],
    "several inputs and outputs": [several_outputs, dictionaries],
    "operator steps": [operators],
    "preprocessing": [images, adapted, lookup],
    "own code": [own_layer, own_in_nested, lambdas, subclassed],
    "later features": [mixed, lora, quantized],
    "odd": [own_dictionaries, own_attention, masks, shared_across, states, float16, weight_tied, einsum, deep_nest]
    + [one_dimension],
    "KerasHub": [hub_bert, hub_gpt2, hub_resnet, hub_vit],
}

# what needs layers or methods that Keras 2 lacks
ONLY_KERAS_3 = {grouped_attention, mixed, float16, lora, quantized, hub_bert, hub_gpt2, hub_resnet, hub_vit}
if IS_KERAS_2:
    KINDS = {kind: [make for make in models if make not in ONLY_KERAS_3] for kind, models in KINDS.items()}
