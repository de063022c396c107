"""The reference as Markdown: every public name of a package, with its signature and docstring.

It is read from the objects, not from the files: ops are objects that behave as functions, later names of layers are set
when the package is imported, and `__all__` is worked out there.
"""

from __future__ import annotations

import functools
import importlib
import inspect
import re
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

from .docstring import as_markdown

__all__ = ["document", "documented", "public_names"]

# objects that a signature would write with their address in memory
_ADDRESS = re.compile(
    r"<(?:function |bound method |built-in function )?(<?[\w.]+>?)[^<>]* at 0x\w+>|<class '([\w.]+)'>|<K\.(\w+)[^>]*>"
)


def public_names(package: str) -> dict[str, Any]:
    """Names of a package that are its own: in `__all__`, made by kerasnb, and no modules.

    Layers and the like that are imported by name only are among them (`LATER`).
    """
    module = importlib.import_module(package)
    names = [*getattr(module, "__all__", ()), *getattr(module, "LATER", ())]
    given = {name: getattr(module, name) for name in dict.fromkeys(names)}
    return {name: value for name, value in given.items() if not isinstance(value, ModuleType) and _is_ours(value)}


def _is_ours(value: Any) -> bool:
    home = getattr(value, "__module__", None)
    return isinstance(home, str) and home.startswith("kerasnb")


def documented(package: str, parts: list[str]) -> dict[str, Any]:
    """The names of a package that live in it, or in the modules named: `core` of it, `/engine.layer` of kerasnb."""
    homes = tuple(f"kerasnb.{part[1:]}" if part.startswith("/") else f"{package}.{part}" for part in parts)
    names = public_names(package)
    if not parts:
        return {name: value for name, value in names.items() if f"{value.__module__}.".startswith(f"{package}.")}
    return {name: value for name, value in names.items() if value.__module__ in homes}


def document(package: str, parts: list[str]) -> str:
    """The names of a package as definitions, in the order of their names; other names of one thing are told with it."""
    groups: dict[int, list[str]] = {}
    values = documented(package, parts)
    for name in sorted(values, key=lambda name: (name != getattr(values[name], "__name__", name), name.lower(), name)):
        groups.setdefault(id(values[name]), []).append(name)
    return "\n\n".join(_definition(package, values[names[0]], names) for names in groups.values())


def _definition(package: str, value: Any, names: list[str]) -> str:
    if not callable(value):
        return _directive("data", f"{package}.{names[0]}", as_markdown(inspect.getdoc(type(value)) or ""))
    kind = "class" if isinstance(value, type) else "function"
    text = [as_markdown(_own_docstring(value))]
    if len(names) > 1:
        text.append("Also " + ", ".join(f"`{name}`" for name in names[1:]) + ".")
    if isinstance(value, type):
        text += _members(value)
    return _directive(kind, f"{package}.{names[0]}{_signature(value)}", "\n\n".join(text))


def _own_docstring(value: Any) -> str:
    """The docstring of a thing itself: one that is not a class or function would be given that of its class."""
    if isinstance(value, type):
        return _with_arguments(value)
    if inspect.isroutine(value):
        return inspect.getdoc(value) or ""
    return getattr(value, "__dict__", {}).get("__doc__") or ""


def _with_arguments(cls: type) -> str:
    """A class's docstring; arguments that a family shares are told by its base, which is not public."""
    told = inspect.getdoc(cls) or ""
    for base in cls.__mro__[1:]:
        section = re.search(r"^Args:\n(?: {4,}.*\n?)+", inspect.cleandoc(vars(base).get("__doc__") or ""), re.MULTILINE)
        if base.__name__.startswith("_") and section and "Args:" not in told:
            return f"{told}\n\n{section[0].rstrip()}"
    return told


def _members(cls: type) -> Iterator[str]:
    brought = {name: member for part in reversed(_parts(cls)) for name, member in vars(part).items()}
    if cls.__module__.startswith("kerasnb.widgets."):
        # of the classes that a widget is made of, much is for the other ones: what the guide calls is for users
        brought = {name: value for base in reversed(cls.__mro__[1:]) for name, value in _called_in_guide(base).items()}
    for name, member in sorted((brought | dict(vars(cls))).items()):
        if name.startswith("_"):
            continue
        function = member.__func__ if isinstance(member, classmethod | staticmethod) else member
        if not (isinstance(function, property | functools.cached_property) or inspect.isfunction(function)):
            continue
        if said := (function.__doc__ or "").strip():
            yield _directive(*_named(name, member, function), as_markdown(said))


def _called_in_guide(part: type) -> dict[str, Any]:
    is_ours = part.__module__.startswith("kerasnb.widgets.")
    return {name: member for name, member in vars(part).items() if is_ours and name in _names_in_guide()}


@functools.cache
def _names_in_guide() -> set[str]:
    """Names that a page of the guide calls or asks for in code: `panel.begin_anew()`, `panel.history`."""
    pages = (Path(__file__).resolve().parents[1] / "guide").glob("*.md")
    return {name for page in pages for name in re.findall(r"\b[a-z]\w*\.(\w+)\b(?!\.)", page.read_text())}


def _parts(cls: type) -> list[type]:
    """Classes of the engine of which this one is made, and which nobody names: told with the first public class."""
    public = set(public_names("kerasnb.engine").values())
    told = {part for base in cls.__mro__[1:] if base in public for part in base.__mro__}
    return [base for base in cls.__mro__[1:] if base.__module__.startswith("kerasnb.engine.") and base not in told]


def _named(name: str, member: Any, function: Any) -> tuple[str, str]:
    if isinstance(function, property | functools.cached_property):
        return "property", name
    kind = {classmethod: "classmethod", staticmethod: "staticmethod"}.get(type(member), "method")
    return kind, name + _signature(function, has_self=kind != "staticmethod")


def _signature(value: Any, has_self: bool = False) -> str:
    try:
        signature = inspect.signature(value)
    except (TypeError, ValueError):
        return "(...)"
    parameters = list(signature.parameters.values())[has_self:]
    plain = [one.replace(annotation=inspect.Parameter.empty) for one in parameters]
    text = str(signature.replace(parameters=plain, return_annotation=inspect.Signature.empty))
    return _ADDRESS.sub(_as_name, text)


def _as_name(match: re.Match) -> str:
    name = next(filter(None, match.groups())).rpartition(".")[2]
    return "..." if name in ("<lambda>", "object") else name


def _directive(kind: str, what: str, text: str) -> str:
    fence = "`" * (max(map(len, re.findall(r"`{3,}|:{3,}", text)), default=2) + 1)
    return f"{fence}{{py:{kind}}} {what}\n\n{text}\n\n{fence}"
