"""Programs whose models have several inputs, outputs or shared parts."""

import numpy as np

from kerasnb import backend as K
from kerasnb.layers import Activation, Dense, Dropout, Embedding, Flatten, Input, Lambda, Merge, Permute, merge
from kerasnb.models import Model, Sequential
from kerasnb.optimizers import SGD, Adam, RMSprop

from .small_data import two_clusters


def test_siamese_towers_learn_which_pairs_belong_together(backend):
    points, labels = two_clusters()
    left, right = points[:60], points[60:]
    together = (labels[:60] == labels[60:]).astype("float32")

    def distance(pair):
        x, y = pair
        return K.sqrt(K.sum(K.square(x - y), axis=1, keepdims=True) + K.epsilon())

    def contrastive(y_true, y_pred):
        return K.mean(y_true * K.square(y_pred) + (1 - y_true) * K.square(K.maximum(1 - y_pred, 0)))

    tower = Sequential([Dense(8, input_shape=(6,), activation="relu"), Dropout(0.1), Dense(4)])
    a, b = Input(shape=(6,)), Input(shape=(6,))
    apart = Lambda(distance, output_shape=lambda shapes: (shapes[0][0], 1))([tower(a), tower(b)])
    model = Model(input=[a, b], output=apart)
    model.compile(loss=contrastive, optimizer=RMSprop(lr=0.01))
    model.fit([left, right], together, batch_size=20, nb_epoch=40, verbose=0)
    found = model.predict([left, right]).ravel() < 0.5
    assert (found == together).mean() > 0.95
    assert len(model.trainable_weights) == 4 and len(tower.inbound_nodes) == 3
    np.testing.assert_allclose(model.predict([right, left]), model.predict([left, right]), rtol=1e-4, atol=1e-5)


def test_two_inputs_and_two_outputs_are_named_in_losses_weights_and_history(backend):
    points, labels = two_clusters()
    one_hot = np.eye(2)[labels]
    main, side = Input(shape=(4,), name="main"), Input(shape=(2,), name="side")
    hidden = merge([Dense(6, activation="tanh")(main), side], mode="concat")
    which = Dense(2, activation="softmax", name="which")(hidden)
    total = Dense(1, name="total")(hidden)
    model = Model(input=[main, side], output=[which, total])
    model.compile(
        optimizer=Adam(lr=0.02),
        loss={"which": "categorical_crossentropy", "total": "mse"},
        loss_weights={"which": 1.0, "total": 0.25},
        metrics={"which": "accuracy"},
    )
    inputs = {"main": points[:, :4], "side": points[:, 4:]}
    targets = {"which": one_hot, "total": points.sum(axis=1)}
    history = model.fit(inputs, targets, batch_size=24, nb_epoch=15, validation_split=0.2, verbose=0).history
    assert set(history) == {
        prefix + name for prefix in ("", "val_") for name in ("loss", "which_loss", "total_loss", "which_acc")
    }
    weighted = np.array(history["which_loss"]) + 0.25 * np.array(history["total_loss"])
    np.testing.assert_allclose(history["loss"], weighted, rtol=1e-4)
    assert history["val_which_acc"][-1] > 0.9 and history["loss"][-1] < 0.5 * history["loss"][0]


def test_a_trained_base_is_frozen_popped_and_built_upon(backend):
    points, labels = two_clusters()
    base = Sequential([Dense(8, activation="tanh", input_dim=6, name="features"), Dense(1, name="old_head")])
    base.compile(SGD(lr=0.1), "mse")
    base.fit(points, points[:, :1], nb_epoch=3, verbose=0)
    base.pop()
    for layer in base.layers:
        layer.trainable = False
    model = Sequential([base, Dense(1, activation="sigmoid", name="new_head")])
    model.compile(Adam(lr=0.1), "binary_crossentropy", metrics=["accuracy"])
    before = base.get_weights()
    history = model.fit(points, labels, nb_epoch=10, verbose=0).history
    assert all(map(np.array_equal, before, base.get_weights()))
    assert history["acc"][-1] > 0.9
    assert [weight.name for weight in model.trainable_weights] == ["new_head_W", "new_head_b"]


def test_a_memory_network_attends_by_dot_products(backend):
    random = np.random.RandomState(0)
    words, story_length, question_length = 8, 5, 2
    stories = random.randint(1, words, (40, story_length))
    questions = stories[:, :question_length]
    answers = np.eye(words)[questions[:, 0]]
    memory = Sequential([Embedding(words, 6, input_length=story_length)])
    question = Sequential([Embedding(words, 6, input_length=question_length)])
    match = Sequential([Merge([memory, question], mode="dot", dot_axes=[2, 2]), Activation("softmax")])
    content = Sequential([Embedding(words, question_length, input_length=story_length)])
    response = Sequential([Merge([match, content], mode="sum"), Permute((2, 1))])
    answer = Sequential([Merge([response, question], mode="concat", concat_axis=-1), Flatten()])
    answer.add(Dense(words, activation="softmax"))
    answer.compile(Adam(lr=0.05), "categorical_crossentropy", metrics=["accuracy"])
    assert match.output_shape == (None, story_length, question_length)
    history = answer.fit([stories, questions, stories], answers, batch_size=20, nb_epoch=15, verbose=0).history
    assert history["acc"][-1] > 0.9
    weights = match.predict([stories, questions])
    np.testing.assert_allclose(weights.sum(axis=-1), 1, rtol=1e-5)


def test_adversaries_train_in_turns_and_only_one_moves_at_a_time(backend):
    random = np.random.RandomState(0)
    real = 2 + 0.1 * random.randn(16, 2)
    generator = Sequential([Dense(4, input_dim=3, activation="tanh"), Dense(2)])
    critic = Sequential([Dense(6, input_dim=2, activation="tanh"), Dense(1, activation="sigmoid")])
    critic.compile(SGD(lr=0.5), "binary_crossentropy")
    noise = Input(shape=(3,))
    critic.trainable = False
    both = Model(noise, critic(generator(noise)))
    both.compile(SGD(lr=0.5), "binary_crossentropy")
    for _ in range(20):
        seeds = random.randn(16, 3)
        old = generator.get_weights(), critic.get_weights()
        critic.train_on_batch(np.concatenate([real, generator.predict(seeds)]), np.repeat([1, 0], 16))
        assert all(map(np.array_equal, old[0], generator.get_weights()))
        assert not np.array_equal(old[1][0], critic.get_weights()[0])
        old = generator.get_weights(), critic.get_weights()
        both.train_on_batch(seeds, np.ones(16))
        assert all(map(np.array_equal, old[1], critic.get_weights()))
        assert not np.array_equal(old[0][0], generator.get_weights()[0])
    assert generator.predict(random.randn(64, 3)).mean() > 0.5
