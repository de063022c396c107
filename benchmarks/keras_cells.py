"""What each widget and each door of files makes of one Keras model: every cell is done, not looked up."""

import contextlib
import io
import os
import tempfile
import warnings

import numpy as np

from benchmarks.keras_used import IS_KERAS_2, flatten, keras, map_structure, ops
from kerasnb import backend as K
from kerasnb.models import load_model
from kerasnb.report.graph_svg import model_svg
from kerasnb.views import view_of
from kerasnb.widgets import Builder, FitPanel, FreezePanel, Inspector, LiveHistory

YES, CLOSE = "yes", 1e-5


class Known:
    """A model with rows, targets, and what Keras itself gives for them."""

    def __init__(self, model, x):
        self.model, self.x = model, x
        self.given = flat(numbers(model(x, training=False)))
        self.y = like_targets(numbers(model(x, training=False)))
        self.folder = tempfile.mkdtemp()

    def compile(self):
        self.model.compile("adam", "mse" if not isinstance(self.y, dict) else dict.fromkeys(self.y, "mse"))

    def path(self, name):
        return os.path.join(self.folder, name)

    def check(self, other, what):
        """That another model gives the same."""
        found = flat(other.predict(arrays(self.x)) if hasattr(other, "nb_layers") else other)
        worst = max(far(one, two) for one, two in zip(found, self.given, strict=True))
        kinds = {layer.compute_dtype for layer in self.model.layers} - {"float32"}
        why = f", computed in float32 here, in {kinds.pop()} there" if kinds else ""
        assert worst <= CLOSE, f"{what}: outputs differ by {worst:.1e}{why}"


def numbers(tensors):
    return map_structure(lambda one: np.asarray(ops.to_numpy(one), "float32"), tensors)


def flat(tensors):
    return [np.asarray(one) for one in flatten(tensors)]


def like_targets(given):
    return map_structure(lambda one: np.zeros_like(one), given)


def arrays(x):
    found = flat(x)
    return found if len(found) > 1 else found[0]


def far(one, two):
    """The largest difference, against what is large there."""
    one, two = np.asarray(one, "float64"), np.asarray(two, "float64")
    assert one.shape == two.shape, f"shape {one.shape}, Keras gives {two.shape}"
    return float(np.abs(one - two).max(initial=0) / max(1.0, np.abs(two).max(initial=0)))


# ---- cells


def inspector(known):
    """Each output that the Inspector shows, beside what the layer gave when Keras called the model."""
    view, seen = view_of(known.model), {}
    panel = Inspector(known.model, known.x)
    inputs = flatten(getattr(known.model, "inputs", None) or [])
    is_fixed = any(one.shape[0] is not None for one in inputs)
    first = known.x if is_fixed else map_structure(lambda one: one[:1], known.x)
    placed = view.placed_calls(view.viewable)
    own = {id(one.layer.layer): one.layer.layer for one in placed}
    before = {name: vars(layer).get(run_by(layer)) for name, layer in own.items()}  # Keras 2's operations have one
    for layer in own.values():
        vars(layer)[run_by(layer)] = recording(layer, getattr(layer, run_by(layer)), seen)
    try:
        known.model(first, training=False)
    finally:
        for name, layer in own.items():
            vars(layer).pop(run_by(layer), None)
            vars(layer).update({run_by(layer): before[name]} if before[name] is not None else {})
    equal, silent = 0, []
    for one in placed:
        calls = seen.get(id(one.layer.layer), [])
        if one.layer.call >= len(calls):
            silent += [one.path] if type(one.layer.layer).__name__ != "InputLayer" else []
            continue
        panel.layer = one.path
        assert panel.output is not None, f"{one.path}: {(panel.error or {}).get('message', 'nothing is shown')}"
        worst = far(panel.output, calls[one.layer.call][:1])
        assert worst <= CLOSE, f"{one.path} differs by {worst:.1e}"
        equal += 1
    assert equal, "no layer gives anything"
    return YES if not silent else f"yes, {equal}; {', '.join(silent)} run in a loop, where nothing shows outputs"


def run_by(layer):
    """A quantized layer has a method of its own."""
    return "quantized_call" if getattr(getattr(layer, "dtype_policy", None), "quantization_mode", None) else "call"


def recording(layer, call, seen):
    def recorded(*arguments, **named):
        found = call(*arguments, **named)
        tensors = [one for one in flatten(found) if one is not None]
        if tensors:
            seen.setdefault(id(layer), []).append(numbers(tensors[0]))
        return found

    return recorded


def freeze(known):
    known.compile()
    panel = FreezePanel(known.model)
    view = view_of(known.model)
    names = [one.path for one in view.placed() if one.depth == 0 and one.layer.weights and one.layer.trainable_weights]
    panel.freeze(names[0])
    known.model.fit(known.x, known.y, batch_size=len(flat(known.x)[0]), verbose=0)
    assert panel.verify(), panel.status["text"]
    panel.unfreeze(names[0])
    return YES


class Steering(keras.callbacks.Callback):
    """Sets the rate in the first batch and stops in the second epoch."""

    def __init__(self):
        super().__init__()
        self.panel, self.seen = None, 0

    def on_train_batch_end(self, batch, logs=None):
        self.seen += 1
        if self.seen == 1:
            self.panel.learning_rate = 0.125
        if self.seen == 2:
            self.panel.stop()


def fit(known):
    known.compile()
    steering = Steering()
    panel = FitPanel(known.model, known.x, known.y, nb_epoch=9, batch_size=len(flat(known.x)[0]), callbacks=[steering])
    steering.panel = panel
    history = panel.fit(wait=True)
    assert panel.error is None or not panel.error, panel.error["message"]
    assert 1 <= len(history.history["loss"]) < 9, f"{len(history.history['loss'])} epochs"
    assert float(np.asarray(known.model.optimizer.learning_rate)) == 0.125, "the rate did not count"
    return YES


def live(known):
    curves = LiveHistory()
    known.compile()
    known.model.fit(known.x, known.y, batch_size=len(flat(known.x)[0]), epochs=2, verbose=0, callbacks=[curves])
    logs = curves.runs[-1].logs["loss"] if hasattr(curves, "runs") else curves.panel.runs[-1].logs["loss"]
    assert len(logs) == 2
    return YES


def summary(known):
    found = {id(each): each for each in known.model.weights}
    total = sum(int(np.prod(each.shape)) for each in found.values())
    rows = view_of(known.model).rows()
    ours = sum(row.params for row in rows)
    shapeless = [row.name for row in rows if row.output_shape is None]
    assert not shapeless, f"no shape of {shapeless[0]}"
    assert ours >= total - 1 and rows, f"{ours} parameters, Keras counts {total}"
    return YES


def graph(known):
    svg, rows = model_svg(known.model), view_of(known.model).rows()
    assert all(f">{row.class_name[:6]}" in svg for row in rows), "a layer is not drawn"
    return YES


def builder(known):
    document = Builder(known.model).document
    assert not document.failed, str(document.results[document.failed[0]].error)
    if document.is_good:
        return YES
    boxes = document.stand_ins
    return f"{len(boxes)} of {len(document.graph) - 1} grey: {boxes[0].live.reason}"


def code(known):
    """Code for Keras 3 that makes a model with weights of the same shapes."""
    document = Builder(known.model).document
    text, names = document.to_code("keras2"), {}
    assert not document.stand_ins, f"says which lines cannot be written: {document.stand_ins[0].name}"
    exec(text, names)
    mine = sorted(tuple(each.shape) for each in names["model"].weights)
    theirs = sorted(tuple(each.shape) for each in known.model.weights)
    assert mine == theirs, f"weights {mine} in place of {theirs}"
    return YES


def k_function(known):
    inputs, outputs = (flat_tensors(getattr(known.model, which, None)) for which in ("inputs", "outputs"))
    function = K.function([*inputs, K.learning_phase()], outputs)
    x = known.x if isinstance(known.x, dict) else None
    given = [x[one.name] if x else array for one, array in zip(inputs, flat(known.x), strict=True)]
    worst = max(far(one, two) for one, two in zip(function([*given, 0]), known.given, strict=True))
    assert worst <= CLOSE, f"differs by {worst:.1e}"
    return YES


def flat_tensors(tensors):
    assert tensors, "it has no symbolic tensors"
    return flatten(tensors)


def by_kerasnb(known, model):
    found = model.predict(as_ours(known, model))
    return found if isinstance(found, list) else [found]


def archive(known):
    path = written(known, "model.keras")
    mine = load_model(path, compile=False)
    known.check(by_kerasnb(known, mine), "loaded")
    if IS_KERAS_2:  # which cannot read what is written for Keras 3
        return YES
    mine.save(known.path("back.keras"))
    known.check(
        numbers(keras.saving.load_model(known.path("back.keras"), compile=False)(known.x, training=False)), "back"
    )
    return YES


def as_ours(known, model):
    return [known.x[name] for name in model.input_names] if isinstance(known.x, dict) else arrays(known.x)


def weights(known):
    path = known.path("model.weights.h5")
    known.model.save_weights(path)
    mine = load_model(written(known, "model.keras"), compile=False)
    mine.set_weights([0 * each for each in mine.get_weights()])
    mine.load_weights(path)
    known.check(by_kerasnb(known, mine), "loaded")
    if IS_KERAS_2:
        return YES
    mine.save_weights(known.path("back.weights.h5"))
    known.model.load_weights(known.path("back.weights.h5"))
    known.check(numbers(known.model(known.x, training=False)), "back")
    return YES


def legacy(known):
    try:
        mine = load_model(written(known, "model.h5"), compile=False)
    except Exception as error:
        try:
            keras.saving.load_model(known.path("model.h5"), compile=False)
        except Exception:  # noqa: BLE001 - whatever it is
            raise RuntimeError("Keras itself does not load the file that it wrote") from error
        raise
    known.check(by_kerasnb(known, mine), "loaded")
    return YES


def written(known, name):
    with contextlib.redirect_stdout(io.StringIO()):
        try:
            known.model.save(known.path(name))
        except Exception as error:
            raise RuntimeError(f"Keras does not write it ({type(error).__name__})") from error
    return known.path(name)


CELLS = {
    "Inspector": inspector,
    "summary": summary,
    "graph": graph,
    "K.function": k_function,
    "Builder": builder,
    "code": code,
    ".keras": archive,
    ".weights.h5": weights,
    ".h5": legacy,
    "Freeze": freeze,
    "Fit": fit,
    "LiveHistory": live,
}


def cells_of(make, only=()):
    """What each cell, or only those that are named, says of the model that `make` makes: yes, or why not."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        known, found = Known(*make()), {}
        for name, cell in ((name, cell) for name, cell in CELLS.items() if not only or name in only):
            for layer in known.model.layers:
                if getattr(layer, "stateful", False) and hasattr(layer, "states"):
                    (layer.reset_state if hasattr(layer, "reset_state") else layer.reset_states)()
            try:
                found[name] = cell(known)
            except Exception as error:  # noqa: BLE001 - the table says what it was
                found[name] = " ".join(str(error).split())[:300] or type(error).__name__
        return found
