"""CSVLogger: the rows it writes, and files that are there already."""

import csv

import numpy as np
import pytest

from kerasnb.callbacks import CSVLogger, LambdaCallback
from kerasnb.layers import Dense
from kerasnb.models import Sequential

X, Y = np.random.RandomState(0).rand(10, 3), np.random.RandomState(1).rand(10, 1)


def compiled():
    model = Sequential([Dense(1, input_shape=(3,))])
    model.compile("sgd", "mse", metrics=["mae"])
    return model


def fit(model, *callbacks, **arguments):
    return model.fit(X, Y, **{"nb_epoch": 2, "verbose": 0, "callbacks": list(callbacks), **arguments})


def table(path, separator=","):
    with open(path, newline="") as file:
        return list(csv.reader(file, delimiter=separator))


def test_each_epoch_is_a_row_with_its_number_and_figures_by_name(backend, tmp_path):
    path = tmp_path / "log.csv"
    found = fit(compiled(), CSVLogger(path), validation_data=(X, Y)).history
    header, *rows = table(path)
    assert header == ["epoch", "loss", "mean_absolute_error", "val_loss", "val_mean_absolute_error"]
    assert [row[0] for row in rows] == ["0", "1"]
    assert [float(row[3]) for row in rows] == pytest.approx(found["val_loss"])


def test_another_separator_may_stand_between_values(backend, tmp_path):
    path = str(tmp_path / "log.tsv")
    fit(compiled(), CSVLogger(path, separator="\t"))
    with open(path) as file:
        assert csv.Sniffer().sniff(file.read()).delimiter == "\t"


def test_a_file_is_begun_anew_or_gone_on_with_under_one_header(backend, tmp_path):
    path, model = str(tmp_path / "log.csv"), compiled()
    fit(model, CSVLogger(path))
    fit(model, CSVLogger(path), nb_epoch=1)
    assert len(table(path)) == 2
    again = CSVLogger(path, append=True)
    fit(model, again), fit(model, again)
    assert [row[0] for row in table(path)] == ["epoch", "0", "0", "1", "0", "1"]


def test_appending_to_a_file_that_is_not_there_writes_the_header(backend, tmp_path):
    path = str(tmp_path / "new.csv")
    fit(compiled(), CSVLogger(path, append=True))
    assert table(path)[0][0] == "epoch"


def test_numpy_values_and_lists_are_written(tmp_path):
    logger = CSVLogger(str(tmp_path / "log.csv"))
    logger.on_train_begin()
    logger.on_epoch_end(0, {"a": np.float32(0.5), "b": np.array(2), "c": [1, 2], "d": "word"})
    assert table(tmp_path / "log.csv")[1] == ["0", "0.5", "2", '"[1, 2]"', "word"]


def test_the_file_is_whole_after_each_epoch_and_after_a_failure(backend, tmp_path):
    path, lengths = str(tmp_path / "log.csv"), []

    def broken(epoch, logs):
        lengths.append(len(table(path)))
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fit(compiled(), CSVLogger(path), LambdaCallback(on_epoch_end=broken))
    assert lengths == [2] and len(table(path)) == 2


def test_a_folder_that_is_not_there_shows_before_the_first_epoch(tmp_path):
    seen = []
    watch = LambdaCallback(on_epoch_begin=lambda epoch, logs: seen.append(epoch))
    with pytest.raises(FileNotFoundError):
        fit(compiled(), CSVLogger(str(tmp_path / "nowhere" / "log.csv")), watch)
    assert seen == []
