"""A subject: one identity for a model that is edited, changed in cells, frozen and trained."""

import numpy as np
import pytest

from kerasnb import backend as K
from kerasnb.errors import ArgumentError, BusyError, UnknownNameError
from kerasnb.layers import Dense, Input
from kerasnb.models import Model, Sequential
from kerasnb.widgets.builder import Document
from kerasnb.workspace import Subject, Workspace

X, Y = np.random.RandomState(0).rand(16, 4).astype("float32"), np.random.RandomState(1).rand(16, 2)


class Listening:
    def __init__(self, subject):
        self.heard = []
        subject.on_change(self.on_change)

    def on_change(self, change):
        self.heard.append((change.what, change.note))


def net():
    return Sequential([Dense(3, input_shape=(4,), name="first"), Dense(2, name="last")], name="net")


@pytest.fixture
def subject():
    """With a document."""
    subject = Subject(net())
    subject.open(Document.from_model)
    return subject


def insert(subject, name="inserted"):
    document = subject.document
    return subject.edit(lambda: document.add("Dense", after="first", name=name, output_dim=3))


def weights(model, name):
    return model.get_layer(name).get_weights()[0]


def test_an_edit_makes_a_new_model_and_tells_once_what_it_was(subject):
    listener, before = Listening(subject), subject.model
    insert(subject)
    assert listener.heard == [("layers", "add inserted")]
    assert subject.model is not before
    assert [layer.name for layer in subject.model.layers] == ["first", "inserted", "last"]
    assert (subject.version, subject.note) == (1, "add inserted")


def test_layers_that_did_not_change_keep_weights_and_optimizer_state(subject, backend):
    old = subject.model
    old.compile("adam", "mse")
    old.fit(X, Y, nb_epoch=2, verbose=0)
    insert(subject)
    new = subject.model
    np.testing.assert_array_equal(weights(new, "first"), weights(old, "first"))
    kernel, former = new.get_layer("last").weights[0], old.get_layer("last").weights[0]
    for mine, theirs in zip(new.optimizer._state[kernel], old.optimizer._state[former], strict=True):
        np.testing.assert_array_equal(K.get_value(mine), K.get_value(theirs))
    assert K.get_value(new.optimizer.iterations) == 2


def test_a_renamed_layer_keeps_its_weights_also_after_undo(subject):
    kernel = weights(subject.model, "first")
    subject.edit(lambda: subject.document.rename("first", "begin"))
    np.testing.assert_array_equal(weights(subject.model, "begin"), kernel)
    subject.edit(subject.document.undo)
    np.testing.assert_array_equal(weights(subject.model, "first"), kernel)


def test_a_layer_that_takes_the_name_of_a_renamed_one_does_not_take_its_weights(subject):
    kernel = weights(subject.model, "last")
    subject.edit(lambda: subject.document.rename("last", "head"))
    subject.edit(lambda: subject.document.add("Dense", name="last", output_dim=2, after="first"))
    np.testing.assert_array_equal(weights(subject.model, "head").shape, (2, 2))
    assert weights(subject.model, "last").shape == (3, 2) and not np.array_equal(weights(subject.model, "last"), kernel)


def test_freezing_keeps_the_model_object_and_compiles_again(subject):
    model = subject.model
    model.compile("sgd", "mse")
    listener = Listening(subject)
    subject.freeze(["first"])
    assert subject.model is model and not model.get_layer("first").trainable
    assert ("freezing", "freeze first") in listener.heard and not subject.document.graph["first"].trainable
    assert all("first" not in weight.owner for weight in model._collected_trainable_weights)


def test_freeze_flags_are_kept_by_the_next_model(subject):
    subject.freeze(["first"])
    insert(subject)
    assert [layer.trainable for layer in subject.model.layers] == [False, True, True]


def test_freezing_several_layers_is_one_step_to_undo(subject):
    subject.freeze(["first", "last"])
    subject.edit(subject.document.undo)
    assert [layer.trainable for layer in subject.model.layers] == [True, True]


def test_a_layer_that_nobody_has_is_refused_and_nothing_is_frozen(subject):
    with pytest.raises(UnknownNameError, match='Did you mean "first"'):
        subject.freeze(["last", "frst"])
    assert subject.model.get_layer("last").trainable


def test_freezing_holds_while_the_canvas_is_broken(subject):
    subject.edit(lambda: subject.document.add("Convolution2D", nb_filter=1, nb_row=3, nb_col=3))
    subject.freeze(["first"])
    assert not subject.model.get_layer("first").trainable
    subject.edit(subject.document.undo)
    assert subject.model.get_layer("first").trainable


# ---- cells


def test_a_layer_added_in_a_cell_is_a_step_of_the_document(subject):
    model, listener = subject.model, Listening(subject)
    model.add(Dense(5, name="added"))
    assert subject.version == 1 and listener.heard == [("layers", "add added")]
    assert subject.model is model and "added" in subject.document.graph
    subject.edit(subject.document.undo)
    assert [layer.name for layer in subject.model.layers] == ["first", "last"]


def test_a_layer_taken_away_in_a_cell_is_gone_from_the_document(subject):
    subject.model.layers.pop()
    assert subject.note == "remove last" and "last" not in subject.document.graph


def test_freezing_in_a_cell_shows_in_the_document(subject):
    subject.model.get_layer("first").trainable = False
    assert subject.note == "freeze first" and not subject.document.graph["first"].trainable


def test_compile_and_fit_in_a_cell_are_changes():
    subject = Subject(net())
    listener = Listening(subject)
    subject.model.compile("sgd", "mse")
    subject.look()
    subject.model.fit(X, Y, nb_epoch=1, verbose=0)
    subject.look()
    assert listener.heard == [("compile", "compile"), ("weights", "fit")]


def test_a_change_of_the_backend_is_told(backend):
    subject = Subject(net())
    listener = Listening(subject)
    other = {"tensorflow": "theano", "theano": "tensorflow"}[backend]
    K.use(other)
    subject.look()
    assert listener.heard == [("backend", f"use {other}")]


def test_nothing_done_is_no_change(subject):
    assert (subject.version, subject.note, subject.version) == (0, "", 0)


def test_a_cell_that_makes_what_no_document_can_hold_leaves_the_model_and_refuses_edits(subject):
    model, layers = subject.model, list(subject.model.layers)
    model.pop()
    model.pop()
    assert subject.model is model and not model.layers
    with pytest.raises(ArgumentError, match="has no layers yet"):
        insert(subject)
    for layer in layers:
        model.add(layer)
    insert(subject)
    assert [layer.name for layer in subject.model.layers] == ["first", "inserted", "last"]


# ---- training


@pytest.mark.parametrize(
    "act",
    [
        insert,
        lambda subject: subject.edit(subject.document.undo),
        lambda subject: subject.edit(subject.document.redo),
        lambda subject: subject.freeze(["first"], trainable=True),
        lambda subject: subject.freeze(["last"]),
        lambda subject: subject.rename("other"),
    ],
)
def test_while_it_trains_every_change_is_refused_wholly(subject, act):
    model = subject.model
    model.compile("sgd", "mse")
    subject.freeze(["first"])
    insert(subject, "taken_back")
    subject.edit(subject.document.undo)
    model, graph, trained = subject.model, subject.document.graph, subject.model._collected_trainable_weights
    with model.control.running("net"), pytest.raises(BusyError, match='model "net" is training'):
        act(subject)
    assert subject.document.graph is graph and subject.model is model and model.name == "net"
    assert not model.get_layer("first").trainable and model._collected_trainable_weights is trained


def test_a_document_edited_past_the_door_while_it_trains_is_followed_afterwards(subject):
    subject.freeze(["first"])
    model = subject.model
    with model.control.running("net"):
        subject.document.undo()
        assert subject.model is model and not model.get_layer("first").trainable
    subject.fitted()
    assert model.get_layer("first").trainable


def test_what_was_changed_since_the_last_fit_is_told_until_it_is_taken_back(subject):
    insert(subject, "before")
    assert subject.changed_since_fit == ""
    subject.fitted()
    insert(subject)
    subject.freeze(["first"])
    assert subject.changed_since_fit == "add inserted, freeze first"
    subject.edit(subject.document.undo)
    subject.edit(subject.document.undo)
    assert subject.changed_since_fit == ""


def test_a_fit_in_a_cell_counts_as_the_last_fit(subject):
    subject.model.compile("sgd", "mse")
    subject.model.fit(X, Y, nb_epoch=1, verbose=0)
    insert(subject)
    assert subject.changed_since_fit == "add inserted"


def test_weights_set_loaded_or_trained_by_single_steps_in_a_cell_are_changes(backend, tmp_path):
    subject = Subject(net())
    listener, model = Listening(subject), subject.model
    model.compile("sgd", "mse")
    subject.look()
    model.save_weights(str(tmp_path / "weights.h5"))
    acts = [
        lambda: model.set_weights(model.get_weights()),
        lambda: model.layers[1].set_weights(model.layers[1].get_weights()),
        lambda: model.load_weights(str(tmp_path / "weights.h5")),
        lambda: model.train_on_batch(X, Y),
    ]
    for act in acts:
        act()
        subject.look()
    model.predict(X)
    model.evaluate(X, Y, verbose=0)
    subject.look()
    assert listener.heard == [("compile", "compile"), *[("weights", "other weights")] * 4]


def test_weights_set_after_a_fit_are_told_beside_what_is_edited(subject):
    subject.fitted()
    subject.model.set_weights(subject.model.get_weights())
    assert subject.changed_since_fit == "other weights"
    insert(subject)
    assert subject.changed_since_fit == "add inserted, other weights"
    subject.fitted()
    assert subject.changed_since_fit == ""


# ---- which subject is meant


def test_two_widgets_of_one_object_meet_and_the_subject_is_freed_with_them():
    workspace, model = Workspace(), net()
    subject = workspace.of(model)
    assert workspace.of(model) is subject and workspace.of(subject) is subject
    del subject
    assert workspace.known(model) is None


def test_a_model_that_was_handed_over_stands_for_its_subject_and_one_that_was_made_for_itself():
    workspace, given = Workspace(), net()
    subject = workspace.of(given)
    subject.open(Document.from_model)
    insert(subject, "one")
    made = subject.model
    insert(subject, "two")
    assert workspace.of(given) is subject is workspace.of(subject.model)
    assert workspace.of(made) is not subject


def test_something_else_than_a_model_is_refused():
    with pytest.raises(ArgumentError, match="FitPanel needs a model, got str"):
        Workspace().of("net", "FitPanel")


def test_a_listener_that_raises_keeps_nobody_from_hearing(subject):
    class Breaking(Listening):
        def on_change(self, change):
            raise RuntimeError("broken")

    first, second = Breaking(subject), Listening(subject)
    with pytest.raises(RuntimeError, match="broken"):
        subject.freeze(["first"])
    assert second.heard and first is not None


def test_a_model_of_several_inputs_follows_too():
    one, two = Input(shape=(3,), name="one"), Input(shape=(3,), name="two")
    from kerasnb.layers import merge

    model = Model([one, two], Dense(2, name="end")(merge([one, two], name="both")))
    subject = Subject(model)
    subject.open(Document.from_model)
    subject.edit(lambda: subject.document.add("Dense", name="more", output_dim=2, after="both"))
    assert [layer.name for layer in subject.model.layers][-2:] == ["more", "end"]
