"""Pictures a second that `ImageDataGenerator` gives: from memory 64 by 64, from JPEG files; on one thread of Python.

CPU microseconds a picture are what to compare by on a busy machine.
"""

import resource
import sys
import tempfile
import time
from pathlib import Path

import numpy as np

from benchmarks.contestants import is_peer
from benchmarks.measure import report

BATCHES, ROUNDS, BATCH = 40, 5, 32
AFFINE = {"rotation_range": 20, "width_shift_range": 0.1, "height_shift_range": 0.1, "shear_range": 0.1}
WAYS = {
    "affine": AFFINE | {"zoom_range": 0.1, "horizontal_flip": True},
    "flips": {"horizontal_flip": True, "vertical_flip": True},
    "rescale": {"rescale": 1 / 255},
    "files": {"rescale": 1 / 255},
}
ORDER = "interpolation_order"


def main(what: str, order: str = "") -> None:
    options = WAYS[what] | ({ORDER: int(order)} if order else {})
    if what == "files":
        with tempfile.TemporaryDirectory() as folder:
            write_pictures(Path(folder))
            flow = generator_class()(**options).flow_from_directory(folder, (256, 256), batch_size=BATCH, seed=1)
            measure(flow)
    else:
        x = np.random.RandomState(0).randint(0, 256, (1024, 64, 64, 3)).astype("float32")
        measure(generator_class()(**options).flow(x, np.arange(len(x)), batch_size=BATCH, seed=1))


def generator_class():
    if is_peer():
        from keras.src.legacy.preprocessing.image import ImageDataGenerator
    else:
        from kerasnb.preprocessing.image import ImageDataGenerator
    return ImageDataGenerator


def write_pictures(folder: Path) -> None:
    """640 JPEGs of 256 by 256, as many in each of two classes."""
    from PIL import Image

    smooth = np.random.RandomState(0).randint(0, 256, (20, 32, 32, 3)).astype("uint8")
    for number in range(640):
        name = folder / f"class_{number % 2}" / f"{number}.jpg"
        name.parent.mkdir(exist_ok=True)
        Image.fromarray(smooth[number % len(smooth)]).resize((256, 256), Image.Resampling.BICUBIC).save(name)


def measure(flow) -> None:
    next(flow)
    rates, work = [], []
    for _ in range(ROUNDS):
        began, worked = time.perf_counter(), cpu_seconds()
        count = sum(len(next(flow)[0]) for _ in range(BATCHES))
        rates.append(count / (time.perf_counter() - began))
        work.append((cpu_seconds() - worked) / count)
    report(pictures_per_second=float(np.median(rates)), work_per_picture=float(np.median(work)))


def cpu_seconds() -> float:
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


if __name__ == "__main__":
    main(*sys.argv[1:])
