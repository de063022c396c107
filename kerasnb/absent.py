"""Public names of Keras 3 that are not there, each with what to do instead: imports, files and the Builder ask here."""

from __future__ import annotations

__all__ = ["ABSENT", "found_absent"]

_OWN_LAYER = "Write a Layer whose call computes the same with K functions, or with the backend's own inside them."
_BEFORE = "Change the images before the model, with Pillow or scipy.ndimage in the generator that fit is given."
_WITH_LABELS = (
    "A layer of a model sees images without their labels, and both have to be mixed: mix them in the generator that "
    "fit is given."
)
_BOXES = "Compute with boxes in numpy, before the model."
_FIGURES = "Cut the signal with scipy.signal.stft before the model."
_FILES = "Read the files in a Sequence of your own (kerasnb.utils.Sequence), which fit takes."
_PICTURES = "Write preprocessing.image.ImageDataGenerator().flow_from_directory(folder)."
_PROGRESS = "Say it where it is called: fit(..., verbose=0)."
_REGISTERED = "Put the class into kerasnb.utils.get_custom_objects(), or give custom_objects where a file is read."

# module -> name -> what to do instead
ABSENT: dict[str, dict[str, str]] = {
    "callbacks": {"OrbaxCheckpoint": 'Write ModelCheckpoint("weights.keras"), or BackupAndRestore(folder).'},
    "initializers": dict.fromkeys(("STFT", "STFTInitializer", "stft"), _FIGURES),
    "layers": {
        **dict.fromkeys(
            """AugMix AutoContrast ContrastLimitedAdaptiveHistogramEqualization Equalization RandAugment
            RandomElasticTransform RandomGaussianBlur RandomPerspective""".split(),
            _BEFORE,
        ),
        **dict.fromkeys(("CutMix", "MixUp"), _WITH_LABELS),
        **dict.fromkeys(("FlaxLayer", "JaxLayer", "TFSMLayer", "TorchModuleWrapper"), _OWN_LAYER),
        **dict.fromkeys(("MelSpectrogram", "STFTSpectrogram"), _FIGURES),
        "HashedCrossing": "Make one number of both first: (a * count_of_b + b) % num_bins.",
        "Hashing": "Make numbers first: preprocessing.text.hashing_trick(text, n, hash_function='md5').",
        "IntegerLookup": "Find the places first: np.searchsorted(vocabulary, numbers), with a sorted vocabulary.",
        "MaxNumBoundingBoxes": _BOXES,
        "Pipeline": "Write Sequential([...]) of the same layers.",
        "ReversibleEmbedding": (
            "Write embedding = Embedding(n, size), and for the way back a Layer whose call is "
            "K.dot(x, K.transpose(embedding.W))."
        ),
        "StringLookup": (
            "Make numbers of the words first: [numbers[word] for word in words], with a dictionary `numbers`."
        ),
        "TextVectorization": (
            "Make numbers of the texts first, by Tokenizer().texts_to_sequences(texts) and pad_sequences(...)."
        ),
    },
    "optimizers": {
        "LossScaleOptimizer": "Give the optimizer inside it: gradients are computed in float32, and need no scale.",
        **dict.fromkeys(
            ("MultiOptimizer", "OptimizerMap"),
            "Train with one optimizer, and freeze what is to stay: layer.trainable = False, compile again.",
        ),
        "ScheduleFreeAdamW": "Write AdamW(), with callbacks=[SwapEMAWeights()] for the average of the weights.",
        "legacy": "Write optimizers.Adam: what is beside it here has the arguments of all Keras.",
    },
    "utils": {
        "Config": "Write a dict, or types.SimpleNamespace(...).",
        "FeatureSpace": "Make numbers of the columns first, by pandas.get_dummies(...) or scikit-learn.",
        "PyDataset": "Derive from kerasnb.utils.Sequence; workers and queues are arguments of fit.",
        "audio_dataset_from_directory": _FILES,
        "bounding_boxes": _BOXES,
        **dict.fromkeys(
            ("disable_interactive_logging", "enable_interactive_logging", "is_interactive_logging_enabled"), _PROGRESS
        ),
        **dict.fromkeys(("get_registered_name", "get_registered_object", "register_keras_serializable"), _REGISTERED),
        "image_dataset_from_directory": _PICTURES,
        "legacy": "Write kerasnb.utils.serialize_keras_object and deserialize_keras_object.",
        "pack_x_y_sample_weight": "Write the tuple (x, y, sample_weight).",
        "split_dataset": "Slice the arrays, or write fit(..., validation_split=0.2).",
        "standardize_dtype": 'Write np.dtype(dtype).name, such as "float32".',
        "text_dataset_from_directory": _FILES,
        "timeseries_dataset_from_array": "Write preprocessing.sequence.TimeseriesGenerator(data, targets, length).",
        "unpack_x_y_sample_weight": "Write x, y, sample_weight = batch.",
    },
}

# what errors call a thing -> the module that Keras 3 has it in
_MODULES = {
    "layer class": "layers",
    "optimizer": "optimizers",
    "initialization": "initializers",
    "initializer": "initializers",
    "callback": "callbacks",
}


def found_absent(kind: str, name: object) -> tuple[str, str] | None:
    """The name of a thing of Keras 3 that is not there, and what to do instead; None for any other name.

    Args:
        kind: a module of Keras 3, or what errors call the thing, such as 'optimizer'.
        name: in any case, as optimizers are found.
    """
    names = ABSENT.get(_MODULES.get(kind, kind), {})
    return next((one for one in names.items() if one[0].lower() == str(name).lower()), None)
