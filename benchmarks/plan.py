"""What is measured: the benchmarks, their cases and who takes part."""

from dataclasses import dataclass

from benchmarks.contestants import Contestant, keras, ours, raw
from benchmarks.workload_models import WORKLOADS


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
MODELS = {
    "tiny": "dense 4-2",
    "mlp": "MLP 784-128-10",
    "lstm": "LSTM(64) on (50, 32)",
    "embedding": "embedding 5000x128, LSTM(64) on 80 steps",
    "cnn": "CNN on (28, 28, 1), batch 64",
    "conv_bn": "convolutions, batch norm on (32, 32, 3)",
}
RAW = {name: (raw("jax"), raw("torch")) for name in ("tiny", "mlp", "lstm")}
RAW |= {name: (raw("torch"),) for name in ("cnn", "conv_bn")}

IMPORT = Benchmark(
    "import_time",
    "Import, after numpy",
    (Figure("seconds", "ms", 1000, ".0f"), Figure("modules", "modules", 1, ".0f")),
    (
        Case("import", ("package",), (KERASNB, KERAS)),
        Case("with layers and models", ("layers",), (KERASNB,)),
        Case("%load_ext", ("extension",), (KERASNB,)),
    ),
)
SHAPES = Benchmark(
    "build_shapes",
    "Build a chain of dense layers and read every shape",
    (Figure("seconds", "ms", 1000, ",.1f"),),
    tuple(Case(f"{count:,} layers", (str(count),), (KERASNB, KERAS)) for count in (10, 100, 1000)),
)
EDITS = Benchmark(
    "edits",
    "One edit in the Builder; what a large model shows",
    (Figure("seconds", "ms", 1000, ",.1f"),),
    (
        Case("an argument in a model of 50 layers", ("edit",), (KERASNB,)),
        Case("summary and lasting picture of 200 layers", ("summary",), (KERASNB,)),
    ),
)
OUTPUTS = Benchmark(
    "layer_outputs",
    "What layers of the CNN make of one sample",
    (
        Figure("again_seconds", "ms", 1000, ".2f"),
        Figure("again_work", "CPU ms", 1000, ".2f"),
        Figure("first_seconds", "first time, ms", 1000, ".0f"),
    ),
    tuple(
        Case(label, (which,), (*BOTH, raw("tensorflow"), KERAS, keras("tensorflow", "predict")))
        for which, label in (("one", "one layer"), ("all", "all layers"))
    ),
)
TRAINING = Benchmark(
    "training",
    "Training, batches of 32 unless said",
    (
        Figure("samples_per_second", "samples/s", 1, ",.0f"),
        Figure("work_per_sample", "CPU us a sample", 1e6, ",.1f"),
        Figure("first_epoch_seconds", "first epoch, s", 1, ".1f"),
    ),
    tuple(
        Case(label, (name,), (*BOTH, *EACH_KERAS, *RAW.get(name, ())), tuned=("32",)) for name, label in MODELS.items()
    ),
    rounds=3,
    more_is_better=True,
)
KINDS = Benchmark(
    "workloads",
    "Training models of many kinds, batches of 32 unless said",
    TRAINING.figures,
    tuple(
        Case(workload.label, (name,), (*BOTH, KERAS, keras("jax")), tuned=("32",))
        for name, workload in WORKLOADS.items()
    ),
    rounds=2,
    more_is_better=True,
)
ONE_STEP = Benchmark(
    "one_step",
    "A step of the tiny model when a callback looks at every batch",
    (Figure("seconds_per_step", "us", 1e6, ",.0f"),),
    (Case("dense 4-2", (), (*BOTH, *EACH_KERAS)),),
)
FIRST_STEP = Benchmark(
    "first_step",
    "From compile to the end of the first batch",
    (
        Figure("first_seconds", "first model, s", 1, ".2f"),
        Figure("second_seconds", "second of the same structure, s", 1, ".3f"),
        Figure("second_programs", "programs it compiled", 1, ".0f"),
    ),
    tuple(Case(label, (name,), (*BOTH, KERAS)) for name, label in MODELS.items()),
    rounds=3,
)
INFERENCE = Benchmark(
    "inference",
    "evaluate and predict",
    (Figure("samples_per_second", "samples/s", 1, ",.0f"),),
    tuple(
        Case(f"{method}, {MODELS[name]}", (name, method), (*BOTH, KERAS, keras("jax")))
        for name in ("mlp", "lstm", "cnn")
        for method in ("evaluate", "predict")
    ),
    rounds=3,
    more_is_better=True,
)
GROWTH = Benchmark(
    "growth",
    "How training grows: MLP by batch size; by samples (dense 4-2 above 100,000)",
    (Figure("samples_per_second", "samples/s", 1, ",.0f"),),
    tuple(Case(f"batch {batch:,}", ("8192", str(batch)), (KERASNB, KERAS)) for batch in (1, 8, 32, 128, 1024))
    + tuple(Case(f"{count:,} samples", (str(count), "32"), (KERASNB, KERAS)) for count in (1_000, 100_000, 1_000_000)),
    rounds=2,
    more_is_better=True,
)
MACHINES = Benchmark(
    "machines",
    "Training on two processes, one core each, beside one with both cores",
    (
        Figure("wall_percent", "time added, %", 1, ".0f"),
        Figure("cpu_percent", "CPU time added, %", 1, ".0f"),
        Figure("one_seconds", "one, ms a step", 1000, ".2f"),
        Figure("two_seconds", "two, ms a step", 1000, ".2f"),
        Figure("sum_seconds", "sum of the gradients, ms", 1000, ".2f"),
        Figure("sum_bytes", "its KB", 1e-3, ",.0f"),
        Figure("latency", "sum of one number, ms", 1000, ".2f"),
        Figure("start_seconds", "start, s", 1, ".1f"),
    ),
    tuple(Case(MODELS[name], (name,), BOTH) for name in ("mlp", "cnn")),
    rounds=3,
)
OVERLAP = Benchmark(
    "generator_overlap",
    "What a generator that waits as long as a step adds to training (100 % is one after the other)",
    (Figure("percent", "added, %", 1, ".1f"), Figure("milliseconds_per_step", "ms a step", 1, ".2f")),
    tuple(Case(MODELS[name], (name,), (*BOTH, KERAS, keras("jax"))) for name in ("mlp", "cnn")),
    rounds=3,
)
PICTURES = Benchmark(
    "pictures",
    "Pictures that ImageDataGenerator gives, batches of 32",
    (
        Figure("work_per_picture", "CPU us a picture", 1e6, ",.1f"),
        Figure("pictures_per_second", "pictures/s", 1, ",.0f"),
    ),
    tuple(
        Case(label, arguments, (KERASNB, KERAS))
        for label, arguments in (
            ("64x64 turned, shifted, zoomed, mirrored; nearest pixels", ("affine", "0")),
            ("64x64 mirrored", ("flips",)),
            ("64x64 rescaled", ("rescale",)),
            ("JPEG files of 256x256, rescaled", ("files",)),
        )
    ),
    rounds=3,
)
MEMORY = Benchmark(
    "memory",
    "What stays in memory, once warm",
    (Figure("bytes_each", "KB each", 1e-3, ",.1f"), Figure("resident", "MB in all", 1e-6, ",.0f")),
    (
        Case("1,000 edits in the Builder", ("builder edits",), (KERASNB,)),
        Case("200 K.function on fresh graphs", ("K.function",), BOTH),
        Case("50 models fitted", ("fits",), BOTH),
        Case("200 runs of a Fit cell with 50 MB of data", ("fit cells",), BOTH),
    ),
    rounds=1,
)
CURVES = Benchmark(
    "live_curves",
    "What live curves (LiveHistory; livelossplot on Keras 3) and the progress bar add to training",
    (Figure("seconds_per_epoch", "ms an epoch", 1000, ".1f"), Figure("percent", "added, %", 1, ".1f")),
    (
        Case("curves, MLP, 30 epochs of 0.4 s", ("curves",), (*BOTH, KERAS)),
        Case("verbose=1, the same", ("bar",), (*BOTH, KERAS)),
    ),
    rounds=3,
)
VIEWS = tuple(Contestant(f"Keras 3, {name}", KERASNB.python, {"KERAS_BACKEND": name}) for name in ("tensorflow", "jax"))
LOOKING = Benchmark(
    "keras_views",
    "A look at a layer of a Keras 3 model, beside a keras.Function that is kept, in one process",
    (
        Figure("ratio", "times keras.Function", 1, ".2f"),
        Figure("view_us", "us", 1, ",.0f"),
        Figure("function_us", "keras.Function, us", 1, ",.0f"),
    ),
    (Case("one layer of a small CNN", ("looking",), VIEWS),),
    rounds=3,
)
KERAS_CURVES = Benchmark(
    "keras_views",
    "What LiveHistory adds to Keras's own fit",
    (Figure("percent", "added, %", 1, ".1f"), Figure("plain_seconds", "plain, s", 1, ".1f")),
    (Case("a small CNN, 10 epochs", ("curves",), VIEWS),),
    rounds=3,
)
LARGE = Benchmark(
    "large_model",
    "Opening a widget on VGG16 (138 million weights, 528 MiB), which has predicted once",
    (Figure("seconds", "s", 1, ".2f"), Figure("times_weights", "peak memory, times the weights", 1, ".2f")),
    tuple(Case(what, (what,), BOTH) for what in ("Builder", "Fit", "Inspector", "Freeze", "freeze and verify")),
    rounds=3,
)
CLICK = Benchmark(
    "click_to_shapes",
    "From the click that adds a layer until its shape is on the screen",
    (Figure("p50", "p50, ms", 1000, ".0f"), Figure("p95", "p95, ms", 1000, ".0f")),
    (Case("Builder in JupyterLab", (), (KERASNB,)),),
    rounds=3,
)
FEEL = (
    Figure("p50", "p50, ms", 1000, ".0f"),
    Figure("p95", "p95, ms", 1000, ".0f"),
    Figure("slowest", "slowest, ms", 1000, ".0f"),
)
SLIDER = Benchmark(
    "inspector_slider",
    "From another layer or sample in the Inspector until its picture is painted; the CNN",
    (*FEEL, Figure("first", "first look, ms", 1000, ".0f")),
    (Case("next layer", ("layer",), BOTH), Case("sample slider", ("sample",), BOTH)),
    rounds=3,
)
CANVAS = Benchmark(
    "canvas_frames",
    "A canvas of 500 layers: between two frames while it moves; from a click to the form",
    FEEL,
    tuple(
        Case(label, (what,), (KERASNB,))
        for what, label in (
            ("pan", "frames, the canvas dragged"),
            ("zoom", "frames, zoomed by the wheel"),
            ("connect", "frames, a wire dragged from a layer"),
            ("select", "click on a layer until its form is painted"),
        )
    ),
    rounds=3,
)
IN_BROWSER = (CLICK, SLIDER, CANVAS)
BENCHMARKS = (
    *(IMPORT, SHAPES, EDITS, OUTPUTS, ONE_STEP, FIRST_STEP, MEMORY, LARGE, CURVES, LOOKING, KERAS_CURVES),
    *IN_BROWSER,
    *(TRAINING, KINDS, OVERLAP, PICTURES, INFERENCE, GROWTH, MACHINES),
)
