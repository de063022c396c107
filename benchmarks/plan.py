"""What is measured: the benchmarks, their cases and who takes part."""

from dataclasses import dataclass

from benchmarks.contestants import Contestant, keras, ours


@dataclass(frozen=True)
class Figure:
    """A number that a script reports, and how a table shows it."""

    key: str
    column: str
    factor: float = 1
    format: str = ".1f"


@dataclass(frozen=True)
class Case:
    """A script with arguments, run by each contestant.

    Args:
        tuned: further arguments that a peer is tried with as well; the better setting counts.
    """

    label: str
    arguments: tuple[str, ...]
    contestants: tuple[Contestant, ...]
    tuned: tuple[str, ...] = ()


@dataclass(frozen=True)
class Benchmark:
    """One table; its first figure is the one that is compared."""

    script: str
    title: str
    figures: tuple[Figure, ...]
    cases: tuple[Case, ...]
    rounds: int = 5
    more_is_better: bool = False


KERASNB = ours("tensorflow", "kerasnb")
BOTH = (ours("tensorflow"), ours("theano"))
KERAS = keras("tensorflow")
EACH_KERAS = (KERAS, keras("jax"), keras("torch"))
MODELS = {"mlp": "MLP 784-128-10", "lstm": "LSTM(64) on (50, 32)", "cnn": "CNN on (28, 28, 1)"}

IMPORT = Benchmark(
    "import_time",
    "Import, after numpy",
    (Figure("seconds", "ms", 1000, ".0f"), Figure("modules", "modules", 1, ".0f")),
    (Case("import", (), (KERASNB, KERAS)),),
)
SHAPES = Benchmark(
    "build_shapes",
    "Build a chain of dense layers and read every shape",
    (Figure("seconds", "ms", 1000, ",.1f"),),
    tuple(Case(f"{count:,} layers", (str(count),), (KERASNB, KERAS)) for count in (10, 100, 1000)),
)
OUTPUTS = Benchmark(
    "layer_outputs",
    "What every layer of a CNN makes of one sample",
    (Figure("again_seconds", "ms", 1000, ".1f"), Figure("first_seconds", "first time, ms", 1000, ".0f")),
    (Case("6 layers", (), (*BOTH, KERAS)),),
)
TRAINING = Benchmark(
    "training",
    "Training, batches of 32",
    (
        Figure("samples_per_second", "samples/s", 1, ",.0f"),
        Figure("work_per_sample", "CPU µs a sample", 1e6, ",.0f"),
        Figure("first_epoch_seconds", "first epoch, s", 1, ".1f"),
    ),
    tuple(Case(label, (name,), (*BOTH, *EACH_KERAS), tuned=("32",)) for name, label in MODELS.items()),
    rounds=3,
    more_is_better=True,
)
CURVES = Benchmark(
    "live_curves",
    "What live curves add to training (LiveHistory; livelossplot on Keras 3)",
    (Figure("seconds_per_epoch", "ms an epoch", 1000, ".1f"), Figure("percent", "added, %", 1, ".1f")),
    (Case("MLP, 30 epochs of 0.4 s", (), (KERASNB, KERAS)),),
    rounds=3,
)
CLICK = Benchmark(
    "click_to_shapes",
    "From the click that adds a layer until its shape is on the screen",
    (Figure("p50", "p50, ms", 1000, ".0f"), Figure("p95", "p95, ms", 1000, ".0f")),
    (Case("Builder in JupyterLab", (), (KERASNB,)),),
    rounds=3,
)
BENCHMARKS = (IMPORT, SHAPES, OUTPUTS, CURVES, CLICK, TRAINING)
