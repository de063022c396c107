"""Small files and configs, and ways to damage them that a seed chooses."""

import copy
import json
import random

import h5py
import numpy as np

from kerasnb import layers as L
from kerasnb.models import Model, Sequential

# what a value may become: other types, and numbers that nobody meant
ODD = (
    None,
    True,
    -1,
    0,
    1,
    10**12,
    2**70,
    1e30,
    -0.5,
    float("nan"),
    float("inf"),
    "",
    "x",
    "relu",
    "tf",
    [],
    [[]],
    [1, 2, 3],
    {},
    {"class_name": "Dense", "config": {}},
    [None, 3],
    "\ud800",
    [["d", 0, 0]],
)


def models():
    """name -> a small model of many kinds of layers."""
    a, b = L.Input((4,), name="a"), L.Input((3, 4), name="b")
    inner = Sequential(
        [L.Dense(4, input_shape=(4,), activation="relu", W_regularizer="l2"), L.BatchNormalization()], name="inner"
    )
    both = L.merge([inner(a), L.Bidirectional(L.LSTM(2))(b), L.Flatten()(L.TimeDistributed(inner)(b))], mode="concat")
    graph = Model([a, b], [L.Dense(2, name="d", W_constraint="nonneg")(both), L.Dropout(0.5)(a)], name="graph")
    pictures = Sequential(
        [
            L.Convolution2D(2, 2, 2, input_shape=(5, 5, 1), border_mode="same"),
            L.MaxPooling2D(),
            L.LeakyReLU(0.1),
            L.Reshape((8,)),
            L.Embedding(9, 2),
            L.GRU(2),
            L.Dense(2),
        ]
    )
    return {"graph": graph, "pictures": pictures}


def damaged_data(data, random):
    """The data with some values changed, taken away, doubled or exchanged."""
    data = copy.deepcopy(data)
    for _ in range(random.choice((1, 1, 1, 2, 5))):
        holder, key = random.choice(list(_places(data)))
        _damage_at(holder, key, random)
    return data


def _places(data):
    for key in list(data) if isinstance(data, dict) else range(len(data)):
        yield data, key
        if isinstance(data[key], dict | list) and data[key]:
            yield from _places(data[key])


def _damage_at(holder, key, random):
    try:
        how = random.randrange(6)
        if how == 0:
            del holder[key]
        elif how == 1 and isinstance(holder, list):
            holder.insert(key, copy.deepcopy(holder[key]))
        elif how == 2:
            holder[key] = [holder[key]]
        elif how == 3 and isinstance(holder, dict):
            holder[random.choice(("name", "units", "layers", "kernel_size", "trainable", "x"))] = holder.pop(key)
        else:
            holder[key] = copy.deepcopy(random.choice(ODD))
    except (KeyError, IndexError):  # an earlier change took it away
        pass


def damaged_bytes(data: bytes, random):
    """The bytes with some changed, cut off, taken out or doubled."""
    data = bytearray(data)
    how = random.randrange(4)
    if how == 0:
        return bytes(data[: random.randrange(len(data))])
    if how == 1:
        start, size = random.randrange(len(data)), random.choice((1, 4, 16, 200))
        return bytes(data[:start] + data[start + size :])
    if how == 2:
        start = random.randrange(len(data))
        return bytes(data[:start] + random.randbytes(random.choice((1, 8, 100))) + data[start:])
    for _ in range(random.choice((1, 3, 30, 300))):
        data[random.randrange(len(data))] = random.choice((0, 255, random.randrange(256)))
    return bytes(data)


def damage_hdf5(path, random):
    """Change attributes, datasets and groups of an HDF5 file, which stays a sound one."""
    with h5py.File(path, "r+") as file:
        names = []
        file.visit(names.append)
        chosen = random.sample(names, min(len(names), random.choice((1, 1, 2, 4))))
        for name in sorted(chosen, reverse=True):  # what is in a group before the group
            _damage_object(file, name if random.random() < 0.8 else "/", random)


def _damage_object(file, name, random):
    found = file[name]
    attributes = [(one, attribute) for one in (found, file) for attribute in one.attrs]
    how = random.randrange(6)
    if how < 2 and attributes:
        holder, attribute = random.choice(attributes)
        _damage_attribute(holder, attribute, random)
    elif how == 2 or name == "/":
        if name != "/":
            del file[name]
    else:
        del file[name]
        _put_in_place(file, name, random)


def _damage_attribute(holder, name, random):
    value = holder.attrs[name]
    if isinstance(value, bytes) and value.startswith(b"{") and random.random() < 0.6:
        text = json.dumps(damaged_data(json.loads(value), random))
        holder.attrs[name] = np.bytes_(text.encode("utf8", "surrogatepass"))
        return
    others = (
        3,
        2.5,
        "text",
        np.bytes_(b"\xff\xfe"),
        np.zeros((2, 2)),
        np.array([b"a", b"\xff"]),
        h5py.Empty("f"),
        np.array([1, 2]),
        [b"d"],
        np.zeros(0),
        np.bytes_(b"[" * 60000),
        np.bytes_(b"null"),
        np.bytes_(b"[]"),
    )
    del holder.attrs[name]
    if random.random() < 0.8:
        holder.attrs[name] = random.choice(others)


def _put_in_place(file, name, random):
    how = random.randrange(8)
    if how == 0:
        file.create_dataset(name, (10**6, 10**6), "float32", chunks=(100, 100))
    elif how == 1:
        file.create_dataset(name, (10**5, 10**4), "float32", chunks=(1000, 1000), compression="gzip", fillvalue=1)
    elif how == 2:
        file[name] = 3.0
    elif how == 3:
        file[name] = [b"a", b"b"]
    elif how == 4:
        file[name] = np.zeros((3, 3), "complex64")
    elif how == 5:
        file[name] = np.zeros((4, 4), [("a", "f4"), ("b", "i8")])
    elif how == 6:
        file[name] = h5py.SoftLink("/" + name)
    else:
        file.create_group(name)


def seeded(seed) -> random.Random:
    return random.Random(seed)
