"""Connectionist temporal classification: the likeliest label sequences, by the best path or by a beam of prefixes."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from ...errors import ArgumentError
from .elementwise import cast
from .registry import op
from .shaping import reshape

__all__ = ["ctc_decode"]

_SMALL = 1e-8  # added to probabilities before their logarithm is taken


def ctc_decode(y_pred, input_length, greedy=True, beam_width=100, top_paths=1):
    """The likeliest label sequences of each sample, and how likely they are.

    Shape: `(batch, time, classes)`, `(batch,)` -> (a list of `top_paths` tensors `(batch, labels)` of whole numbers,
        filled up with -1; `(batch, top_paths)`). `labels` is the length of the longest sequence on TensorFlow,
        `time` on Theano.
    Source: Graves et al. 2006, ICML, section 3.2; Hannun et al. 2014, arXiv:1408.2873, algorithm 1.

    Args:
        y_pred: probabilities; the last class is the blank.
        input_length: number of steps of each sample that count.
        greedy: take the likeliest class at each step; the second result is minus the logarithm of that path.
        beam_width: number of prefixes that are kept at each step, if not greedy; the second result is then the
            logarithm of each sequence's probability. Equal labels in a row come out once, as in TensorFlow 1.
        top_paths: number of sequences, at most `beam_width`; 1 if greedy.
    """
    if top_paths > (1 if greedy else beam_width):
        raise ArgumentError(
            f"ctc_decode gives at most {1 if greedy else beam_width} sequences here, asked for top_paths={top_paths}.",
            "Set greedy=False and beam_width at least as large.",
            arguments=("top_paths",),
        )
    *decoded, likely = _ctc_decode(
        y_pred, cast(reshape(input_length, (-1,)), "int32"), bool(greedy), int(beam_width), int(top_paths)
    )
    return decoded, likely


def _decoded_shapes(y_pred, input_length, greedy, beam_width, top_paths):
    return [(y_pred.shape[0], None)] * top_paths + [(y_pred.shape[0], top_paths)]


@op(
    shape=_decoded_shapes,
    dtype=lambda y_pred, input_length, greedy, beam_width, top_paths: ["int64"] * top_paths + ["float32"],
    inputs="y_pred input_length",
)
def _ctc_decode(y_pred, input_length, greedy, beam_width, top_paths):
    """The likeliest label sequences, and how likely they are."""


@_ctc_decode.tensorflow
def _(tf, y_pred, input_length, greedy, beam_width, top_paths):
    logits = tf.math.log(tf.transpose(tf.cast(y_pred, "float32"), (1, 0, 2)) + _SMALL)
    if greedy:
        decoded, likely = tf.compat.v1.nn.ctc_greedy_decoder(logits, input_length)
    else:
        decoded, likely = tf.compat.v1.nn.ctc_beam_search_decoder(logits, input_length, beam_width, top_paths)
    return [tf.sparse.to_dense(one, default_value=-1) for one in decoded] + [likely]


@_ctc_decode.theano
def _(pt, y_pred, input_length, greedy, beam_width, top_paths):
    def decoded(y_pred, input_length):
        logs = np.log(y_pred.astype("float64") + _SMALL)
        paths = [
            _best_path(one[:steps]) if greedy else _beam(one[:steps], beam_width, top_paths)
            for one, steps in zip(logs, input_length, strict=True)
        ]
        likely = np.array([[likely for _, likely in one] for one in paths], "float32")
        return [np.stack([_filled(one[at][0], len(logs[0])) for one in paths]) for at in range(top_paths)] + [likely]

    def sizes(y_pred, input_length):
        return [tuple(y_pred[:2])] * top_paths + [(y_pred[0], top_paths)]

    return pt.on_host(decoded, sizes, ["int64"] * top_paths + ["float32"], y_pred, input_length)


def _filled(labels: list[int], length: int) -> np.ndarray:
    return np.array(labels + [-1] * (length - len(labels)), "int64")


def _merged(labels: Sequence[int]) -> list[int]:
    """Equal labels in a row once."""
    return [label for at, label in enumerate(labels) if at == 0 or label != labels[at - 1]]


def _best_path(logs: np.ndarray) -> list[tuple[list[int], float]]:
    """The labels of the likeliest class at each step, and minus the logarithm of that path."""
    best = logs.argmax(axis=1)
    blank = logs.shape[1] - 1
    return [([int(label) for label in _merged(best) if label != blank], -logs.max(axis=1).sum())]


def _beam(logs: np.ndarray, width: int, count: int) -> list[tuple[list[int], float]]:
    """The likeliest label sequences with the logarithms of their probabilities.

    A prefix has two probabilities: of all paths to it that end with a blank, and of those that end with its last label.
    """
    # made to sum to 1 again, as TensorFlow's beam search does by itself
    logs = logs - np.logaddexp.reduce(logs, axis=1)[:, None]
    prefixes = {(): (0.0, -np.inf)}
    for now in logs:
        found = _extended(prefixes, now)
        best = sorted(found, key=lambda prefix: -np.logaddexp(*found[prefix]))[:width]
        prefixes = {prefix: found[prefix] for prefix in best}
    ranked = [(_merged(prefix), float(np.logaddexp(*ends))) for prefix, ends in prefixes.items()]
    return ranked[:count] + [([], -np.inf)] * (count - len(ranked))


def _extended(prefixes: dict, now: np.ndarray) -> dict:
    """All prefixes one step later."""
    found: dict[tuple, list[float]] = {}

    def reach(prefix, end, likely):
        ends = found.setdefault(prefix, [-np.inf, -np.inf])
        ends[end] = np.logaddexp(ends[end], likely)

    for prefix, (by_blank, by_label) in prefixes.items():
        either = np.logaddexp(by_blank, by_label)
        # p_blank(l, t) = (p_blank + p_label)(l, t - 1) . y(blank)
        reach(prefix, 0, either + now[-1])
        if prefix:
            # the last label once more, without a blank between, is still the same label
            reach(prefix, 1, by_label + now[prefix[-1]])
        for label, likely in enumerate(now[:-1]):
            # a label after itself is a new one only behind a blank
            reach((*prefix, label), 1, (by_blank if prefix[-1:] == (label,) else either) + likely)
    return found
