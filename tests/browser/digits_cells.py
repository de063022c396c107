"""Cells that several browser tests begin with: the digits, and a small model for them."""

MODEL = """import numpy as np
from kerasnb.datasets import digits
from kerasnb.layers import Dense, Dropout, Flatten
from kerasnb.models import Sequential
np.random.seed(1)
(x, y), (x_val, y_val) = digits.load_data()
model = Sequential(name="digits_mlp")
model.add(Flatten(input_shape=(8, 8, 1), name="flat"))
model.add(Dense(32, activation="relu", name="hidden"))
model.add(Dropout(0.2, name="drop"))
model.add(Dense(10, activation="softmax", name="output"))"""

FIT_PANEL = """from kerasnb.widgets import FitPanel
panel = FitPanel(model, x, y, validation_data=(x_val, y_val), nb_epoch=5)
panel"""
