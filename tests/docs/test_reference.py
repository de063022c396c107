"""The reference: every public name stands on a page, with what its docstring says."""

import functools
import re
from pathlib import Path

import pytest

import kerasnb
from docs.making.docstring import as_markdown
from docs.making.pages import filled, marks
from docs.making.reference import document, documented, public_names
from kerasnb import utils

DOCS = Path(__file__).resolve().parents[2] / "docs"
# packages whose names are in modules of theirs
MODULES = {
    "datasets": "boston_housing cifar10 cifar100 digits fashion_mnist imdb mnist reuters scikit_learn",
    "preprocessing": "image sequence text",
    "utils": f"{utils._MODULES} export_check",
    "wrappers": "scikit_learn",
}
PUBLIC = sorted(
    [name for name in kerasnb._MODULES if name not in MODULES]
    + [f"{name}.{module}" for name, modules in MODULES.items() for module in modules.split()]
    + ["views", "workspace", "engine.topology", "optimizers.schedules"]
)


@functools.cache
def asked():
    return [mark for page in sorted(DOCS.rglob("*.md")) for mark in marks(page.read_text())]


@functools.cache
def shown():
    return {id(value): value for package, *parts in asked() for value in documented(package, parts).values()}


@pytest.mark.parametrize("package", PUBLIC)
def test_every_public_name_is_on_a_page(package):
    names = public_names(f"kerasnb.{package}")
    assert [name for name, value in names.items() if id(value) not in shown()] == []


def test_every_mark_of_a_page_shows_something():
    assert [mark for mark in asked() if not documented(mark[0], mark[1:])] == []


def test_nothing_is_shown_on_two_pages():
    places = {}
    for package, *parts in asked():
        for which in {id(value) for value in documented(package, parts).values()}:
            places.setdefault(which, []).append(package)
    assert [(shown()[which], on) for which, on in places.items() if len(on) > 1] == []


def test_a_name_is_shown_with_its_signature_and_docstring():
    text = document("kerasnb.layers", ["core"])
    assert "{py:class} kerasnb.layers.Dense(output_dim, init='glorot_uniform', activation=None" in text
    assert "Fully connected layer" in text


def test_what_a_class_of_the_engine_is_made_of_is_told_with_the_first_public_one():
    model, sequential = (document("kerasnb.models", [f"/engine.{name}"]) for name in ("training", "sequential"))
    layer = document("kerasnb.engine.topology", ["/engine.layer"])
    assert all(f"{{py:method}} {name}(" in model for name in ("explain_plan", "fit_generator", "fit"))
    assert "{py:method} get_weights(" in layer and "{py:method} add_weight(" in layer
    assert "explain_plan" not in sequential and "{py:method} add_weight(" not in model


def test_what_the_guide_calls_of_a_widget_is_told_with_it_wherever_it_is_written():
    told = set(re.findall(r"\{py:(?:method|property)\} (\w+)", document("kerasnb.widgets", [])))
    assert told >= {"begin_anew", "cut_head", "put_head", "restore", "save_curves", "set_output", "show_run"}
    assert not told & {"accept", "follow_subject", "leave_picture", "set_state"}


def test_an_op_is_shown_as_a_function():
    assert "{py:function} kerasnb.backend.softplus(x)" in document("kerasnb.backend", ["ops.nn"])


def test_other_names_of_a_class_are_told_with_it():
    text = document("kerasnb.layers", ["convolutional"])
    assert "Also `Conv2D`." in text and "kerasnb.layers.Conv2D(" not in text


def test_no_address_in_memory_is_shown():
    for package, *parts in asked():
        assert " at 0x" not in document(package, parts)


def test_sections_become_lists_and_examples_code():
    text = as_markdown(
        "Gives.\n\nShape: `x` -> same.\n\nArgs:\n    a, b: sizes in `px`,\n        two of them.\n\n>>> f(1)\n2"
    )
    assert text == (
        "Gives.\n\n**Shape** `x` -> same.\n\n**Args**\n\n- `a, b`: sizes in `px`,\n  two of them.\n\n"
        "```pycon\n>>> f(1)\n2\n```"
    )


def test_what_markdown_takes_for_markup_stands_as_it_is_but_in_code():
    assert as_markdown("x * y of `a_b * c`, <name>.") == r"x \* y of `a_b * c`, \<name>."


def test_a_picture_brings_its_dark_one_along():
    text = filled("![A widget](../pictures/fit-light.png)\n")
    assert "pictures/fit-light.png\n:class: only-light" in text
    assert "pictures/fit-dark.png\n:class: only-dark" in text


def test_every_command_stands_on_the_page_of_commands():
    text = filled("<!-- commands -->")
    assert "## fit\n\nTrain a model" in text and "`--epochs, --nb-epoch`" in text


@pytest.mark.parametrize("table", ["layers", "arguments", "values"])
def test_tables_of_names_are_those_by_which_names_are_translated(table):
    row = {
        "layers": "| `Convolution2D` | `Conv2D` |",
        "arguments": "| `border_mode` | `padding` |",
        "values": "| `dim_ordering` | `'th'` |",
    }
    assert row[table] in filled(f"<!-- table: {table} -->")


def test_every_picture_of_a_page_is_there_in_both_themes():
    named = [
        (page.parent / path).with_name(f"{Path(path).stem.removesuffix('-light')}-{theme}.png")
        for page in sorted(DOCS.rglob("*.md"))
        for path in re.findall(r"\]\((\S+-light\.png)\)", page.read_text())
        for theme in ("light", "dark")
    ]
    assert len(named) > 10 and [path for path in named if not path.exists()] == []


def test_arguments_that_a_family_shares_are_told_of_each_of_it():
    text = document("kerasnb.layers", ["pooling"])
    assert text.count("- `pool_size`: rows and columns of the window.") == 2
