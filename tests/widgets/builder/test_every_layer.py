"""Every layer class of the palette: built, written as code, opened again."""

import pytest

from kerasnb.engine.layer import LAYERS
from kerasnb.widgets.builder.document.document import Document
from kerasnb.widgets.builder.screen.palette import palette

SHAPES = [(8, 8, 3), (10, 4), (16,), (6, 8, 8, 3), (5, 8, 8, 3), (2, 3, 3, 3, 1)]
# layers of ours: those that other tests define are in the palette too
FAMILIES = [family for family in palette() if family["family"] != "custom"]
CLASSES = [layer["class_name"] for family in FAMILIES for layer in family["layers"]]
# a function of the notebook, and an entry instead of a layer
OTHERS = {"Lambda", "InputLayer"}
# what no usual value fits, so that the canvas asks for it
NEEDED = {"Deconvolution2D": {"output_shape": (None, 10, 10, 16)}, "DepthwiseConv2D": {"kernel_size": (3, 3)}}
NEEDED |= {"Discretization": {"bin_boundaries": [0.5]}, "GroupNormalization": {"groups": 2}}
# what a layer's config writes out, so that it comes back in that form
NEEDED |= {
    **{
        f"Adaptive{kind}Pooling{axes}D": {"output_size": (2,) * axes}
        for kind in ("Average", "Max")
        for axes in (1, 2, 3)
    },
    **dict.fromkeys(("RandomRotation", "RandomBrightness"), {"factor": (-0.1, 0.1)}),
    **dict.fromkeys(
        ("RandomContrast", "RandomColorDegeneration", "RandomSaturation", "RandomHue", "RandomSharpness"),
        {"factor": (0.0, 0.1)},
    ),
    "RandomPosterization": {"factor": (2, 5)},
    "EinsumDense": {"output_shape": (32,)},
    "ConvLSTM1D": {"kernel_size": (3,)},
    "ConvLSTM3D": {"kernel_size": (2, 2, 2)},
}


def document_with(class_name):
    """The layer on the first input that it can read; merging layers read two."""
    for shape in SHAPES if class_name != "Embedding" else [(10,)]:
        document = Document(input_shape=shape, name="one")
        if class_name == "Embedding":
            document.set_argument("input_1", "input_dtype", "int32")
        if document.graph.ends and class_name in MERGING:
            document.add("Activation", name="left")
            document.add("Activation", after="input_1", branch=True, name="right")
        document.add(class_name, name="layer", **NEEDED.get(class_name, {}))
        if document.is_good:
            return document
    pytest.fail(f"{class_name} fits none of {SHAPES}: {document.results['layer'].error}")


MERGING = {name for name in CLASSES if LAYERS[name].takes_list}


@pytest.mark.parametrize("class_name", [name for name in CLASSES if name not in OTHERS])
def test_model_code_and_reopened_model_agree_with_the_canvas(class_name):
    document = document_with(class_name)
    shape, params = document.results["layer"].output.shape, sum(result.params for result in document.results.values())
    names = {}
    exec(document.to_code(), names)
    for model in (document.to_model(), names["model"]):
        assert (tuple(model.output_shape), model.count_params()) == (shape, params)
        reopened = Document.from_model(model)
        assert reopened.results["layer"].output.shape == shape
        assert reopened.graph["layer"] == document.graph["layer"]
