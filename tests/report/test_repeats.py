"""Blocks that models repeat: found, named by their classes, none twice."""

import pytest

from kerasnb.applications import VGG16, ResNet50
from kerasnb.engine.summary import layer_rows
from kerasnb.report.repeats import Part, repeats

CONVOLUTION = ["Convolution2D", "BatchNormalization", "Activation"]


def chain(*classes):
    """A model of one layer after another."""
    weighted = ("Dense", "Convolution2D")
    names = [f"layer_{place}" for place in range(len(classes))]
    return [
        Part(name, kind, (before,) if before else (), kind in weighted)
        for name, kind, before in zip(names, classes, ["", *names], strict=False)
    ]


def inception(number):
    """Blocks of four branches each, as the first of InceptionV3."""
    parts = [Part("block_0", "InputLayer")]
    for block in range(1, number + 1):
        ends = []
        for branch, convolutions in enumerate(("c", "cc", "ccc", "pc")):
            above = f"block_{block - 1}"
            for place, letter in enumerate(convolutions):
                name = f"{block}{branch}{place}"
                parts.append(
                    Part(name, "AveragePooling2D" if letter == "p" else "Convolution2D", (above,), letter == "c")
                )
                if letter == "c":
                    parts.append(Part(f"{name}n", "BatchNormalization", (name,), True))
                above = parts[-1].name
            ends.append(above)
        parts.append(Part(f"block_{block}", "Merge", tuple(ends)))
    return parts


def found(model):
    rows = [Part(row.name, row.class_name, tuple(row.inbound), row.params > 0) for row in layer_rows(model)]
    return {repeat.names[0]: (len(repeat.blocks), len(repeat.classes)) for repeat in repeats(rows)}


def said(*classes):
    return [str(repeat) for repeat in repeats(chain("InputLayer", *classes))]


def test_blocks_of_vgg16_end_where_it_pools():
    assert found(VGG16(weights=None)) == {"block1_conv1": (2, 3), "block3_conv1": (3, 4)}


def test_identity_blocks_of_resnet50_are_told_stage_by_stage():
    expected = {"res2b_branch2a": (2, 10), "res3b_branch2a": (3, 10), "res4b_branch2a": (5, 10)}
    assert found(ResNet50(weights=None)) == expected | {"res5b_branch2a": (2, 10)}


def test_inception_blocks_of_four_branches_are_found_as_wholes():
    (repeat,) = repeats(inception(3))
    assert len(repeat.blocks) == 3 and repeat.classes.count("Convolution2D") == 7 and len(repeat.classes) == 16


def test_a_repeat_names_its_classes_and_each_of_its_layers():
    (repeat,) = repeats(chain("InputLayer", *CONVOLUTION * 5, "Flatten"))
    assert str(repeat) == "5 x [Convolution2D, BatchNormalization, Activation]"
    assert repeat.blocks[1] == ("layer_4", "layer_5", "layer_6") and len(repeat.names) == 15


def test_many_small_blocks_are_told_before_few_large_ones():
    one, other = ["Dense", "Dropout"], ["Convolution2D", "Activation"]
    assert said(*(one * 4 + other * 4) * 2) == ["4 x [Dense, Dropout]", "4 x [Convolution2D, Activation]"] * 2


@pytest.mark.parametrize(
    "classes", [["Dense"] * 5, ["Dense", "Dropout"] * 2, ["Dense", "Dropout", "Flatten"], ["Dense"] * 3 + ["Flatten"]]
)
def test_what_is_short_is_not_worth_a_word(classes):
    assert said(*classes) == []


def test_a_long_row_of_one_class_is_one_repeat():
    assert said(*["Dense"] * 300) == ["300 x [Dense]"]


def test_blocks_from_which_data_leaves_in_the_middle_are_none():
    parts = chain("InputLayer", *CONVOLUTION * 4)
    assert len(repeats(parts)) == 1
    skips = [*parts, Part("merge", "Merge", tuple(part.name for part in parts[1::3]))]
    assert repeats(skips) == []


def test_blocks_beside_another_way_are_told_only_where_they_are_many():
    for number, told in ((3, 0), (4, 1)):
        parts = chain("InputLayer", *CONVOLUTION * number)
        assert len(repeats([*parts, Part("merge", "Merge", (parts[0].name, parts[-1].name))])) == told


def test_a_model_without_layers_repeats_nothing():
    assert repeats([]) == []
