"""CTC: costs against sums over all paths, derivatives, decoding, and Theano's inner steps."""

import itertools

import numpy as np
import pytest

from kerasnb import backend as K
from kerasnb.errors import ArgumentError, BackendError

CLASSES, BLANK = 4, 3
LABELS = np.array([[0, 1, 1], [2, 0, -1], [1, -1, -1]], "int32")
COUNTS = np.array([[3], [2], [1]], "int32")
STEPS = np.array([[5], [4], [3]], "int32")
_random = np.random.RandomState(4)
PREDICTED = _random.dirichlet(np.ones(CLASSES), (3, 5)).astype("float32")


def labels_of(path):
    """The labels that a path of classes stands for: repeated ones once, blanks left out."""
    return [label for label, _ in itertools.groupby(path) if label != BLANK]


def probability(predicted, labels):
    """The sum over all paths that stand for these labels."""
    paths = itertools.product(range(CLASSES), repeat=len(predicted))
    return sum(
        np.prod([predicted[time, label] for time, label in enumerate(path)])
        for path in paths
        if labels_of(path) == list(labels)
    )


def costs(backend, predicted=PREDICTED):
    """Minus the logarithms of the probabilities; Theano's with its spread and without the division by time."""
    found = []
    for one, labels, steps, count in zip(predicted, LABELS, STEPS[:, 0], COUNTS[:, 0], strict=True):
        one = one[:steps].astype("float64")
        if backend == "theano":
            one = 0.9999 * one + 0.0001 / (2 * count + 1)
        likely = probability(one, labels[:count])
        found.append(-np.log(likely) - (np.log(steps) if backend == "theano" else 0))
    return np.array(found)


def given():
    return [
        K.placeholder((None, None), dtype="int32"),
        K.placeholder((None, None, CLASSES)),
        K.placeholder((None, 1), dtype="int32"),
        K.placeholder((None, 1), dtype="int32"),
    ]


ARRAYS = [LABELS, PREDICTED, STEPS, COUNTS]


def test_cost_is_minus_the_logarithm_of_the_sum_over_all_paths(backend):
    inputs = given()
    (found,) = K.function(inputs, [K.ctc_batch_cost(*inputs)])(ARRAYS)
    assert found.shape == ((1, 3) if backend == "theano" else (3, 1))
    np.testing.assert_allclose(found.ravel(), costs(backend), rtol=1e-4)


def test_derivatives_of_the_cost_are_finite_differences(backend):
    inputs = given()
    slopes = K.gradients(K.sum(K.ctc_batch_cost(*inputs)), [inputs[1]])
    (found,) = K.function(inputs, slopes)(ARRAYS)
    for place in ((0, 0, 0), (0, 2, 1), (1, 3, 3), (2, 1, 1)):
        moved = [PREDICTED.astype("float64"), PREDICTED.astype("float64")]
        for array, step in zip(moved, (1e-5, -1e-5), strict=True):
            array[place] += step
        if backend == "tensorflow":  # which divides by the sum
            moved = [array / array.sum(-1, keepdims=True) for array in moved]
        expected = (costs(backend, moved[0]).sum() - costs(backend, moved[1]).sum()) / 2e-5
        np.testing.assert_allclose(found[place], expected, rtol=2e-3, atol=2e-3)
    assert not found[2, 3:].any()


@pytest.mark.parametrize(
    ("labels", "steps", "count", "reason"),
    [
        ([0, 1, 2], 2, 3, "do not fit into their steps"),
        ([0, 1, 1], 3, 3, "do not fit into their steps"),
        ([0, 4, -1], 5, 2, "takes labels from 0 to 2"),
        ([0, -1, -1], 5, 2, "takes labels from 0 to 2"),
        ([3, 1, 1], 5, 3, "takes labels from 0 to 2"),
        ([0, 1, 2], 5, 4, "larger than its array"),
        ([0, 1, 2], 6, 3, "larger than its array"),
    ],
)
def test_labels_for_which_there_is_no_path_are_refused_and_nothing_is_written(labels, steps, count, reason, backend):
    inputs, runs = given(), K.variable(0.0)
    cost = K.function(inputs, [K.ctc_batch_cost(*inputs)], updates=[(runs, runs + 1)])
    cost(ARRAYS)
    with pytest.raises(BackendError, match=rf"test_ctc.py:\d+: ctc_batch_cost.*{reason}"):
        cost([np.array([labels], "int32"), PREDICTED[:1], [[steps]], [[count]]])
    assert K.get_value(runs) == 1 and np.isfinite(cost(ARRAYS)[0]).all()


def test_blanks_that_fill_up_the_labels_are_none_of_them(backend):
    inputs = given()
    cost = K.function(inputs, [K.ctc_batch_cost(*inputs)])
    (filled,) = cost([np.array([[0, 1, BLANK]], "int32"), PREDICTED[:1], [[4]], [[3]]])
    (shorter,) = cost([np.array([[0, 1, 0]], "int32"), PREDICTED[:1], [[4]], [[2]]])
    np.testing.assert_allclose(filled, shorter, rtol=1e-6)


def test_labels_that_just_fit_have_a_cost(backend):
    inputs = given()
    labels = np.array([[0, 1, 1]], "int32")
    (found,) = K.function(inputs, [K.ctc_batch_cost(*inputs)])([labels, PREDICTED[:1], [[4]], [[3]]])
    assert np.isfinite(found).all() and found < 20


def test_cost_built_on_tensorflow_means_the_same_on_theano():
    before = K.backend()
    K.use("tensorflow")
    inputs = given()
    cost = K.function(inputs, [K.ctc_batch_cost(*inputs)])
    try:
        expected = cost(ARRAYS)[0]
        K.use("theano")
        np.testing.assert_allclose(cost(ARRAYS)[0], expected, rtol=1e-4)
    finally:
        K.use(before)


def decoded(backend, predicted, steps, **options):
    """Label sequences without what fills them up, and how likely they are."""
    paths, likely = K.ctc_decode(K.variable(predicted), K.variable(steps, dtype="int32"), **options)
    values = K.function([], [*paths, likely])([])
    return [[[int(label) for label in row if label >= 0] for row in path] for path in values[:-1]], values[-1]


def test_greedy_decoding_takes_the_likeliest_class_of_each_step(backend):
    (paths,), cost = decoded(backend, PREDICTED, STEPS)
    best = [one[:steps].argmax(axis=1) for one, steps in zip(PREDICTED, STEPS[:, 0], strict=True)]
    assert paths == [labels_of(path) for path in best]
    expected = [-np.log(one[:steps].max(axis=1)).sum() for one, steps in zip(PREDICTED, STEPS[:, 0], strict=True)]
    np.testing.assert_allclose(cost[:, 0], expected, rtol=1e-4)


def test_wide_beam_finds_the_likeliest_sequences(backend):
    short = PREDICTED[:1, :3]
    paths, likely = decoded(backend, short, [3], greedy=False, beam_width=60, top_paths=2)
    sequences = {tuple(labels_of(path)) for path in itertools.product(range(CLASSES), repeat=3)}
    ranked = sorted(((probability(short[0], one), one) for one in sequences), reverse=True)[:2]
    assert [path[0] for path in paths] == [list(one) for _, one in ranked]
    np.testing.assert_allclose(np.exp(likely[0]), [one for one, _ in ranked], rtol=1e-4)


def test_more_sequences_than_the_beam_is_wide_are_refused():
    with pytest.raises(ArgumentError, match="at most 2 sequences here, asked for top_paths=3"):
        K.ctc_decode(K.placeholder((1, 3, 4)), K.placeholder((1,)), greedy=False, beam_width=2, top_paths=3)


def test_labels_that_count_become_a_sparse_tensor(backend):
    found = K.ctc_label_dense_to_sparse(K.variable(LABELS + 5, dtype="int32"), K.variable(COUNTS, dtype="int32"))
    assert K.is_sparse(found)
    np.testing.assert_array_equal(K.eval(found), [[5, 6, 6], [7, 5, 0], [6, 0, 0]])


def test_cost_of_one_sample_is_the_one_theano_gives_for_a_batch(backend):
    found = [K.eval(K.ctc_cost(K.variable(PREDICTED[at, :n]), LABELS[at, :m])) for at, n, m in ((0, 5, 3), (1, 4, 2))]
    np.testing.assert_allclose(found, costs("theano")[:2], rtol=1e-4)


def test_path_probabilities_sum_to_the_cost_at_every_time(backend):
    paths, mask = K.ctc_path_probs(K.variable(PREDICTED[0]), K.ctc_interleave_blanks(LABELS[0]))
    likely = np.where(K.eval(mask), np.exp(K.eval(paths)), 0).sum(axis=1)
    np.testing.assert_allclose(-np.log(likely), costs("theano")[0] + np.log(5), rtol=1e-4)


def test_blank_after_a_label_is_skipped_only_before_another_label(backend):
    with_blanks = K.ctc_interleave_blanks(np.array([0, 1, 1, 0]))
    assert K.eval(with_blanks).tolist() == [-1, 0, -1, 1, -1, 1, -1, 0, -1]
    assert K.eval(K.ctc_create_skip_idxs(K.eval(with_blanks))).tolist() == [1, 5]
    assert K.eval(K.ctc_create_skip_idxs(with_blanks)).tolist() == [1, 9, 5]


def test_step_of_the_forward_algorithm_adds_the_ways_to_each_state(backend):
    skips = K.ctc_create_skip_idxs(np.array([-1, 0, -1, 1, -1]))
    now = np.log([0.5, 0.2, 0.5, 0.3, 0.5]).astype("float32")
    before = np.log([0.1, 0.4, 1, 1, 1]).astype("float32")
    active, after = K.ctc_update_log_p(skips, K.zeros((5,)), 2, K.variable(now), K.variable(before))
    assert K.eval(active) == 4
    expected = [0.5 * 0.1, 0.2 * (0.4 + 0.1), 0.5 * 0.4, 0.3 * 0.4, 1]
    np.testing.assert_allclose(np.exp(K.eval(after)), expected, rtol=1e-4)


def test_model_learns_by_the_cost_of_a_lambda(backend):
    from kerasnb.layers import Dense, Input, Lambda, TimeDistributed
    from kerasnb.models import Model

    shapes = ((5, 2), (3,), (1,), (1,))
    inputs = [Input(shape, dtype=kind) for shape, kind in zip(shapes, ("float32", *["int32"] * 3), strict=True)]
    likely = TimeDistributed(Dense(CLASSES, activation="softmax"))(inputs[0])
    cost = Lambda(lambda parts: K.ctc_batch_cost(*parts), output_shape=(1,))
    model = Model(input=inputs, output=cost([inputs[1], likely, *inputs[2:]]))
    model.compile("sgd", loss=lambda target, cost: cost)
    arrays = [PREDICTED[..., :2], LABELS, STEPS, COUNTS]
    losses = model.fit(arrays, np.zeros(3), batch_size=3, nb_epoch=3, verbose=0).history["loss"]
    assert losses[2] < losses[1] < losses[0]
    assert model.predict(arrays).shape == (3, 1)
