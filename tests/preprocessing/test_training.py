"""Models learn from pictures in memory and in directories, on both backends."""

import numpy as np
from PIL import Image

from kerasnb.layers import Dense, Flatten
from kerasnb.models import Sequential
from kerasnb.preprocessing.image import ImageDataGenerator


def classifier(shape, activation, units, loss):
    model = Sequential([Flatten(input_shape=shape), Dense(units, activation=activation)])
    model.compile("adam", loss, metrics=["accuracy"])
    return model


def test_model_learns_from_changed_pictures_in_memory(backend):
    dark, bright = np.zeros((20, 4, 4, 1)), np.ones((20, 4, 4, 1))
    x, y = np.concatenate([dark, bright]) * 200, np.repeat(np.eye(2), 20, axis=0)
    generator = ImageDataGenerator(
        featurewise_center=True, featurewise_std_normalization=True, horizontal_flip=True, rotation_range=20
    )
    generator.fit(x)
    model = classifier((4, 4, 1), "softmax", 2, "categorical_crossentropy")
    history = model.fit_generator(generator.flow(x, y, seed=1), samples_per_epoch=40, nb_epoch=30, verbose=0)
    assert history.history["acc"][-1] == 1


def test_model_learns_from_directories(backend, tmp_path):
    for number in range(12):
        colour = (255, 0, 0) if number % 2 else (0, 0, 255)
        (tmp_path / "red").mkdir(exist_ok=True)
        (tmp_path / "blue").mkdir(exist_ok=True)
        Image.new("RGB", (9, 9), colour).save(tmp_path / ("red" if number % 2 else "blue") / f"{number}.png")
    flow = ImageDataGenerator(rescale=1 / 255).flow_from_directory(
        tmp_path, target_size=(4, 4), class_mode="binary", batch_size=4, seed=1
    )
    model = classifier((4, 4, 3), "sigmoid", 1, "binary_crossentropy")
    model.fit_generator(flow, samples_per_epoch=12, nb_epoch=60, verbose=0)
    assert model.evaluate_generator(flow, val_samples=12)[1] == 1
