"""Who may import whom, where the backends' libraries may be named, and how long a file may be."""

import ast
import functools
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

# one process reads the whole package, once
pytestmark = pytest.mark.xdist_group("architecture")

ROOT = Path(__file__).resolve().parents[1]
PACKAGE = ROOT / "kerasnb"
FILES = sorted(path for path in PACKAGE.rglob("*.py") if "node_modules" not in path.parts)
LONGEST_FILE = 500  # lines; about 120 is the habit
# Keras's own modules: a family of layers stays in one file, since that file's name is the family's
LONGEST_FAMILY = 1000

# A file imports from its own part and from parts of a lower level, or of the same level among the layers and models.
LEVELS = {"absent": 0, "only_named": 0, "carried": 0, "errors": 0, "caller": 0, "backend": 1, "engine": 3, "report": 5}
LEVELS |= {"runs": 6, "workspace": 6, "widgets": 7, "magics": 8}
LAYERS_AND_MODELS = 4  # every part that is named nowhere here
# What the engine calls by name: functions over K that know nothing of layers.
NAMED_FUNCTIONS = 2
NAMED = """activations callbacks constraints home initial_values initializations initializers later_activations
later_loss_functions loss_classes loss_functions machines metric_classes metric_functions metrics objectives optimizers
regularizers spelling utils"""
for part in NAMED.split():
    LEVELS[part] = NAMED_FUNCTIONS
# Keras's paths `utils.layer_utils`, `test_utils` and `visualize_util` are about models, unlike the rest of utils.
UPWARD = {
    "utils/layer_utils.py": {"engine", "layers", "models"},
    "utils/test_utils.py": {"engine", "models"},
    "utils/visualize_util.py": {"engine", "layers", "report"},
}

# a backend's libraries are named in its own room only
THEANO = {path.relative_to(PACKAGE).as_posix() for path in FILES if path.parent == PACKAGE / "backend" / "on_theano"}
BACKEND_LIBRARIES = {
    "tensorflow": {"backend/on_tensorflow/runtime.py"},
    "pytensor": THEANO,
    "theano": set(),
    "jax": THEANO,
    "keras": set(),
}
NOTEBOOK_LIBRARIES = {"ipywidgets", "traitlets", "anywidget", "IPython", "comm", "ipykernel"}
NOTEBOOK_PARTS = {"widgets", "magics"}
# rooms of tests that are about the whole, not about a room of the code
TESTS_OF_ALL = {"browser", "cluster", "docs", "hosts", "notebooks", "programs", "properties"}


def name_of(path: Path) -> str:
    return path.relative_to(PACKAGE).as_posix()


def part_of(path: Path) -> str:
    """The part of kerasnb that a file belongs to: its folder, or its own name at the top."""
    return path.relative_to(PACKAGE).parts[0].removesuffix(".py")


def level(part: str) -> int:
    return LEVELS.get(part, LAYERS_AND_MODELS)


def module_of(path: Path) -> str:
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


@functools.cache
def tree_of(path: Path) -> ast.Module:
    return ast.parse(path.read_text())


def imports_in(tree: ast.AST, path: Path) -> Iterator[str]:
    """What the statements in the tree import, as the most that names a module of kerasnb; others as they stand."""
    package = ["kerasnb", *path.relative_to(PACKAGE).parts[:-1]]
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = package[: len(package) - node.level + 1] if node.level else []
            module = ".".join([*base, *([node.module] if node.module else [])])
            for alias in node.names:
                # `from .. import errors` names modules, `from ..errors import ShapeError` what is in one
                full = f"{module}.{alias.name}"
                yield full if full in MODULES or module == "kerasnb" else module


MODULES = {module_of(path): path for path in FILES}


@functools.cache
def imported_modules(path: Path) -> tuple[str, ...]:
    """Every module that the file imports, anywhere in it, by absolute name."""
    return tuple(imports_in(tree_of(path), path))


def imported_parts(path: Path) -> set[str]:
    names = (module.split(".") for module in imported_modules(path))
    return {name[1] for name in names if name[0] == "kerasnb" and len(name) > 1}


def points_upward(path: Path, part: str) -> bool:
    own = part_of(path)
    allowed = own in {"__init__", part} or part in UPWARD.get(name_of(path), ())
    return not allowed and level(part) > level(own)


def test_imports_point_only_at_lower_levels():
    upward = [
        f"{name_of(path)} imports kerasnb.{part}"
        for path in FILES
        for part in imported_parts(path)
        if points_upward(path, part)
    ]
    assert not upward


def test_no_files_import_each_other_in_a_circle():
    graph = {name: {one for one in imported_modules(path) if one in MODULES} - {name} for name, path in MODULES.items()}
    while free := {name for name, imported in graph.items() if not imported & graph.keys()}:
        graph = {name: imported for name, imported in graph.items() if name not in free}
    assert graph == {}, "a circle is among these"


# a library that is heavy is loaded when it is needed, and so is a command of the magic, with the widget that it shows
ON_DEMAND = {"__init__.py", "backend/on_theano/runtime.py", "utils/visualize_util.py"}


def functions(tree: ast.AST) -> Iterator[ast.AST]:
    return (node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef))


def test_imports_inside_functions_load_heavy_libraries_or_commands_only():
    hidden = [
        f"{name_of(path)}: {module}"
        for path in FILES
        if part_of(path) != "magics" and name_of(path) not in ON_DEMAND
        for function in functions(tree_of(path))
        for module in imports_in(function, path)
        if module in MODULES
    ]
    assert not hidden


@pytest.mark.parametrize("library", BACKEND_LIBRARIES)
def test_backend_library_is_named_only_in_its_own_file(library):
    naming = {name_of(path) for path in FILES if library in {name.split(".")[0] for name in imported_modules(path)}}
    assert naming <= BACKEND_LIBRARIES[library]


def test_what_is_inside_of_pytensor_is_imported_in_one_file_only():
    public = {"pytensor", "pytensor.tensor", "pytensor.sparse"}
    naming = {
        name_of(path): sorted(found)
        for path in FILES
        if (found := {name for name in imported_modules(path) if name.startswith("pytensor")} - public)
    }
    assert set(naming) == {"backend/on_theano/inside.py"}, naming


def test_notebook_libraries_are_imported_only_by_widgets_and_magics():
    naming = [
        f"{name_of(path)} imports {module}"
        for path in FILES
        for module in imported_modules(path)
        if module.split(".")[0] in NOTEBOOK_LIBRARIES and part_of(path) not in NOTEBOOK_PARTS
    ]
    assert not naming


def compares_the_backend(node: ast.AST) -> bool:
    """Whether this is `K.backend() == ...` or the like."""
    calls = [side for side in ast.walk(node) if isinstance(side, ast.Call)] if isinstance(node, ast.Compare) else []
    return any(ast.unparse(call.func).split(".")[-1] == "backend" for call in calls)


def test_nothing_outside_backend_asks_which_backend_it_is():
    asking = [
        f"{name_of(path)}:{node.lineno}"
        for path in FILES
        for node in ast.walk(tree_of(path))
        if part_of(path) != "backend" and compares_the_backend(node)
    ]
    assert not asking


def test_warnings_point_at_the_users_line_whatever_lies_between():
    counted = [
        f"{name_of(path)}:{node.lineno}"
        for path in FILES
        if path.name != "caller.py"
        for node in ast.walk(tree_of(path))
        if isinstance(node, ast.Call) and ast.unparse(node.func).startswith("warnings.warn")
    ]
    assert not counted  # they call warn_user


def test_import_kerasnb_loads_no_backend_and_no_widget_library():
    heavy = NOTEBOOK_LIBRARIES | set(BACKEND_LIBRARIES) | {"matplotlib", "graphviz", "h5py"}
    code = f"import sys, kerasnb, kerasnb.layers, kerasnb.models; print(*sorted({heavy} & set(sys.modules)))"
    answer = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert answer.stdout.split() == []


def test_import_kerasnb_leaves_numpys_generators_to_who_draws():
    code = (
        "import sys, numpy; before = set(sys.modules); import kerasnb.layers, kerasnb.models; "
        "print(*sorted({'numpy.random', 'numpy.testing'} & {*sys.modules} - before))"
    )
    answer = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert answer.stdout.split() == []


def longest(path: Path) -> int:
    return LONGEST_FAMILY if part_of(path) == "layers" else LONGEST_FILE


def test_files_stay_short():
    lengths = {path: len(path.read_text().splitlines()) for path in FILES}
    assert {name_of(path): length for path, length in lengths.items() if length > longest(path)} == {}


def test_every_module_says_in_its_docstring_what_it_holds():
    assert [name_of(path) for path in FILES if not ast.get_docstring(tree_of(path))] == []


def test_rooms_of_tests_are_rooms_of_the_code():
    rooms = {path.parent.relative_to(ROOT / "tests") for path in (ROOT / "tests").rglob("test_*.py")}
    foreign = (room for room in rooms if str(room).split("/")[0] not in TESTS_OF_ALL and not (PACKAGE / room).is_dir())
    assert sorted(map(str, foreign)) == []
