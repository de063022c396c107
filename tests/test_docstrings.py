"""Every public name says what it is: classes, functions, methods and properties, themselves or by what they inherit."""

import functools
import importlib
import inspect
import pkgutil

import kerasnb
from kerasnb.views.view import LayerView, ModelView, WeightView

# rooms whose import loads a backend; what their classes do is told by `backend/runtime/contract.py`
WITH_LIBRARIES = ("kerasnb.backend.on_tensorflow", "kerasnb.backend.on_theano")
# the adapters of `kerasnb/views` say nothing twice: what each member gives is told by the protocols
PROTOCOLS = (ModelView, LayerView, WeightView)


def modules():
    for found in pkgutil.walk_packages(kerasnb.__path__, "kerasnb."):
        if not found.name.startswith(WITH_LIBRARIES):
            yield importlib.import_module(found.name)


@functools.cache
def public():
    """Where a name lives -> the object, each object once; of a command, `arguments` are told by its help."""
    values = {}
    for module in modules():
        for name in getattr(module, "__all__", ()):
            value = getattr(module, name)
            home = getattr(value, "__module__", None)
            is_ours = isinstance(home, str) and home.startswith("kerasnb") and callable(value)
            if is_ours and not (name == "arguments" and home.startswith("kerasnb.magics.commands.")):
                values.setdefault(id(value), (f"{home}.{name}", value))
    return dict(values.values())


def says_something(value):
    """Whether a class or function has a docstring of its own; an op is an object that has one as a function has."""
    own = vars(value).get("__doc__") if hasattr(value, "__dict__") and not inspect.isroutine(value) else value.__doc__
    return bool((own or "").strip())


def is_told(cls, name):
    at = [cls, *(PROTOCOLS if cls.__module__.startswith("kerasnb.views.") else ())]
    return any((inspect.getdoc(getattr(one, name, None)) or "").strip() for one in at if hasattr(one, name))


def is_member(value):
    function = value.__func__ if isinstance(value, classmethod | staticmethod) else value
    is_function = inspect.isfunction(function) and function.__name__ != "<lambda>"  # a field's default
    return is_function or isinstance(function, property | functools.cached_property)


def test_every_public_class_and_function_has_a_docstring():
    assert len(public()) > 1000
    assert [where for where, value in public().items() if not says_something(value)] == []


def test_every_public_method_and_property_is_told_by_its_class_or_one_above():
    classes = {where: value for where, value in public().items() if isinstance(value, type)}
    members = [
        (where, cls, name)
        for where, cls in classes.items()
        for name, value in vars(cls).items()
        if not name.startswith("_") and is_member(value)
    ]
    assert len(members) > 1000
    assert [f"{where}.{name}" for where, cls, name in members if not is_told(cls, name)] == []


def test_first_lines_are_phrases_that_end():
    firsts = {where: inspect.cleandoc(value.__doc__ or "").partition("\n")[0] for where, value in public().items()}
    assert [where for where, first in firsts.items() if first and not first.endswith((".", ":", "?"))] == []
