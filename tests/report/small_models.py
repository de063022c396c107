"""Small models that several report and widget tests look at."""

from kerasnb.layers import Convolution2D, Dense, Dropout, Flatten, Input, MaxPooling2D, merge
from kerasnb.models import Model, Sequential


def small_cnn():
    """8x8 images to 3 classes by a convolution."""
    model = Sequential(name="small_cnn")
    model.add(Convolution2D(4, 3, 3, activation="relu", input_shape=(8, 8, 1), name="conv"))
    model.add(MaxPooling2D(name="pool"))
    model.add(Flatten(name="flat"))
    model.add(Dropout(0.5, name="drop"))
    model.add(Dense(3, activation="softmax", name="out"))
    return model


def branching_model():
    """Two dense branches that are added."""
    inputs = Input(shape=(5,), name="in")
    left = Dense(4, activation="relu", name="left")(inputs)
    right = Dense(4, name="right")(inputs)
    joined = merge([left, right], mode="sum", name="joined")
    return Model(input=inputs, output=Dense(2, activation="softmax", name="out")(joined), name="branching")
