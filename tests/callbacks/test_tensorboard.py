"""TensorBoard: its event files, read back by TensorBoard's own reader."""

import io

import numpy as np
import PIL.Image
import pytest
from tensorboard.backend.event_processing.event_accumulator import EventAccumulator

from kerasnb.callbacks import LambdaCallback, TensorBoard
from kerasnb.callbacks.tensorboard_events import EventWriter, histogram, images, scalar
from kerasnb.errors import ArgumentError
from kerasnb.layers import LSTM, Convolution2D, Dense, Dropout, Flatten, Input, merge
from kerasnb.models import Model, Sequential

X, Y = np.random.RandomState(0).rand(10, 3), np.random.RandomState(1).rand(10, 2)


def compiled():
    model = Sequential([Dense(4, input_shape=(3,), name="first"), Dropout(0.5, name="drop"), Dense(2, name="last")])
    model.compile("sgd", "mse", metrics=["mae"])
    return model


def fit(model, *callbacks, **arguments):
    return model.fit(X, Y, **{"nb_epoch": 2, "verbose": 0, "callbacks": list(callbacks), **arguments})


def read(folder):
    events = EventAccumulator(str(folder), size_guidance={"histograms": 0, "images": 0, "scalars": 0})
    events.Reload()
    return events


def written(folder, *values):
    writer = EventWriter(str(folder))
    for step, value in enumerate(values):
        writer.add_summary([value], step)
    writer.close()
    return read(folder)


def picture(event):
    return np.asarray(PIL.Image.open(io.BytesIO(event.encoded_image_string)))


def test_each_epochs_figures_are_scalars(backend, tmp_path):
    found = fit(compiled(), TensorBoard(str(tmp_path)), validation_data=(X, Y)).history
    events = read(tmp_path)
    assert sorted(events.Tags()["scalars"]) == sorted(found)
    for name, values in found.items():
        scalars = events.Scalars(name)
        assert [one.step for one in scalars] == [0, 1]
        assert [one.value for one in scalars] == pytest.approx(values, rel=1e-5)


def test_weights_and_outputs_for_the_validation_data_are_histograms(backend, tmp_path):
    model = compiled()
    fit(model, TensorBoard(str(tmp_path), histogram_freq=2), nb_epoch=3, validation_data=(X, Y))
    events = read(tmp_path)
    weights = ["first_W", "first_b", "last_W", "last_b"]
    assert sorted(events.Tags()["histograms"]) == sorted([*weights, "first_out", "drop_out", "last_out"])
    assert [one.step for one in events.Histograms("first_W")] == [0, 2]
    last = events.Histograms("last_out")[-1].histogram_value
    outputs = model.predict(X)
    assert last.num == 20 and last.sum == pytest.approx(outputs.sum(), rel=1e-4)
    assert (last.min, last.max) == pytest.approx((outputs.min(), outputs.max()), rel=1e-4)


def test_without_validation_data_only_weights_are_histograms(backend, tmp_path):
    fit(compiled(), TensorBoard(str(tmp_path), histogram_freq=1))
    assert sorted(read(tmp_path).Tags()["histograms"]) == ["first_W", "first_b", "last_W", "last_b"]


def test_histograms_are_written_in_fit_generator_too(backend, tmp_path):
    batches = iter([(X, Y)] * 9)
    compiled().fit_generator(
        batches, 10, 1, validation_data=(X, Y), verbose=0, callbacks=[TensorBoard(str(tmp_path), histogram_freq=1)]
    )
    assert "last_out" in read(tmp_path).Tags()["histograms"]


def test_outputs_of_a_stateful_model_are_computed_in_its_batches(backend, tmp_path):
    model = Sequential([LSTM(2, batch_input_shape=(5, 2, 1), stateful=True, name="cell")])
    model.compile("sgd", "mse")
    data = np.random.rand(10, 2, 1), np.random.rand(10, 2)
    callback = TensorBoard(str(tmp_path), histogram_freq=1)
    model.fit(*data, batch_size=5, nb_epoch=2, validation_data=data, verbose=0, callbacks=[callback])
    assert [one.histogram_value.num for one in read(tmp_path).Histograms("cell_out")] == [20, 20]


def test_the_graph_has_a_node_for_each_layer_with_sources_and_shapes(backend, tmp_path):
    a, b = Input((3,), name="a"), Input((3,), name="b")
    shared = Dense(2, name="shared")
    model = Model([a, b], merge([shared(a), shared(b)], mode="concat", name="both"))
    model.compile("sgd", "mse")
    model.fit([X, X], np.zeros((10, 4)), nb_epoch=1, verbose=0, callbacks=[TensorBoard(str(tmp_path))])
    from tensorboard.compat.proto.graph_pb2 import GraphDef

    graph = GraphDef.FromString(read(tmp_path)._graph)
    nodes = {node.name: node for node in graph.node}
    assert {name: (node.op, list(node.input)) for name, node in nodes.items()} == {
        "a": ("InputLayer", []),
        "b": ("InputLayer", []),
        "shared": ("Dense", ["a", "b"]),
        "both": ("Merge", ["shared"]),
    }
    shape = nodes["both"].attr["_output_shapes"].list.shape[0]
    assert [dim.size for dim in shape.dim] == [-1, 4]


def test_the_graph_can_be_left_out(backend, tmp_path):
    fit(compiled(), TensorBoard(str(tmp_path), write_graph=False))
    assert not read(tmp_path).Tags()["graph"]


def test_weights_are_pictures_if_asked(backend, tmp_path):
    model = compiled()
    fit(model, TensorBoard(str(tmp_path), histogram_freq=1, write_images=True), nb_epoch=1)
    events = read(tmp_path)
    assert sorted(events.Tags()["images"]) == [f"{name}/image" for name in ("first_W", "first_b", "last_W", "last_b")]
    assert picture(events.Images("last_W/image")[0]).shape == (2, 4)  # the longer side lies
    assert picture(events.Images("first_b/image")[0]).shape == (1, 4)


def test_kernels_have_a_picture_for_each_of_the_first_filters(backend, tmp_path):
    model = Sequential([Convolution2D(4, 3, 2, input_shape=(5, 5, 1), name="conv"), Flatten(), Dense(1)])
    model.compile("sgd", "mse")
    model.fit(
        np.zeros((2, 5, 5, 1)),
        np.zeros((2, 1)),
        nb_epoch=1,
        verbose=0,
        callbacks=[TensorBoard(str(tmp_path), histogram_freq=1, write_images=True)],
    )
    events = read(tmp_path)
    assert [tag for tag in events.Tags()["images"] if "conv_W" in tag] == [f"conv_W/image/{one}" for one in range(3)]
    assert picture(events.Images("conv_W/image/0")[0]).shape == (3, 2)


def test_pictures_go_from_black_to_white_with_zero_in_the_middle_if_signs_differ(tmp_path):
    events = written(tmp_path, *images("up", np.array([0.0, 1.0, 2.0])), *images("both", np.array([-2.0, 0.0, 2.0])))
    assert picture(events.Images("up/image")[0]).tolist() == [[0, 128, 255]]
    assert picture(events.Images("both/image")[0]).tolist() == [[0, 128, 255]]


def test_a_histogram_counts_every_finite_value_between_its_limits(tmp_path):
    values = np.r_[np.zeros(3), 1e-3, 5.0, -2.0, 1e30]
    value = written(tmp_path, histogram("h", [values, [np.nan, np.inf]])).Histograms("h")[0].histogram_value
    assert value.num == 7 and sum(value.bucket) == 7 and (value.min, value.max) == (-2.0, 1e30)
    limits, counts = np.asarray(value.bucket_limit), np.asarray(value.bucket)
    assert counts[limits < 0].sum() == 1 and counts[(limits >= 0) & (limits < 1e-4)].sum() == 3


def test_nothing_but_nan_is_an_empty_histogram(tmp_path):
    assert written(tmp_path, histogram("h", [[np.nan]])).Histograms("h")[0].histogram_value.num == 0


def test_what_is_written_can_be_read_while_training_goes_on(backend, tmp_path):
    seen = []

    def look(epoch, logs):
        seen.append(len(read(tmp_path).Scalars("loss")))

    fit(compiled(), TensorBoard(str(tmp_path)), LambdaCallback(on_epoch_end=look))
    assert seen == [1, 2]


def test_a_training_again_writes_a_file_of_its_own(backend, tmp_path):
    model, callback = compiled(), TensorBoard(str(tmp_path))
    fit(model, callback), fit(model, callback)
    assert len(list(tmp_path.iterdir())) == 2


def test_a_subclass_may_log_more(backend, tmp_path):
    class WithRate(TensorBoard):
        def on_epoch_end(self, epoch, logs=None):
            self.writer.add_summary([scalar("rate", 0.5)], epoch)
            super().on_epoch_end(epoch, {**logs, "more": np.float32(2)})

    fit(compiled(), WithRate(str(tmp_path)))
    assert {"rate", "more", "loss"} <= set(read(tmp_path).Tags()["scalars"])


def test_later_arguments_may_say_what_keras_1_does_anyway(tmp_path):
    TensorBoard(str(tmp_path), batch_size=16, write_grads=False, update_freq="epoch")
    with pytest.raises(ArgumentError, match="write_grads can only be False"):
        TensorBoard(str(tmp_path), write_grads=True)
    with pytest.raises(TypeError, match="colour"):
        TensorBoard(str(tmp_path), colour=1)


def test_a_log_directory_that_cannot_be_made_says_so(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(OSError, match="file"):
        fit(compiled(), TensorBoard(str(tmp_path / "file" / "logs")))
