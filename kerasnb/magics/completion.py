"""Tab completion of `%kerasnb`: commands, options, and for each argument the names of its kind."""

from __future__ import annotations

import argparse
import re
from collections.abc import Callable, Iterable

from IPython.core.completer import CompletionContext, SimpleCompletion, SimpleMatcherResult, context_matcher

from .tree import COMMANDS, Parser, command_tree
from .variables import Variables

__all__ = ["Completion"]

LINE = re.compile(r"(?:^|=)\s*%kerasnb\s+(?P<words>.*)$")


class Completion:
    """Completes the lines of one variables, from the same tree that parses them."""

    def __init__(self, variables: Variables):
        self.variables = variables

        @context_matcher(identifier="kerasnb")
        def matcher(context: CompletionContext) -> SimpleMatcherResult:
            return self.complete(context)

        self.matcher = matcher

    def complete(self, context: CompletionContext) -> SimpleMatcherResult:
        """What may stand where the cursor is; nothing on lines that are not ours."""
        line = LINE.search(context.text_until_cursor)
        if line is None:
            return SimpleMatcherResult(completions=[], suppress=False)
        *words, begun = re.split(r"\s+", line["words"])
        found = sorted({choice for choice in self.choices(words, begun) if choice.startswith(begun)}, key=_options_last)
        completions = [SimpleCompletion(choice, type="kerasnb") for choice in found]
        return SimpleMatcherResult(completions=completions, suppress=bool(found), matched_fragment=begun)

    def choices(self, words: list[str], begun: str) -> Iterable[str]:
        """Everything that may follow the whole `words`; options once one is begun, or nothing else is left."""
        if not words:
            return [*COMMANDS, "-h"] if begun.startswith("-") else COMMANDS
        parser = _commands(command_tree()).get(words[0])
        if parser is None:
            return []
        option, taken, positionals = _read(parser, words[1:])
        if option is not None and not begun.startswith("-"):
            values = self._values(option, positionals, words)
            if values or taken == 0:
                return values
        options = [name for name in parser._option_string_actions if name not in words]
        if begun.startswith("-"):
            return options
        places = [action for action in parser._actions if not action.option_strings]
        place = _place(places, len(positionals))
        values = [] if place is None else self._values(place, positionals, words)
        return [*values, *(name for name in options if name.startswith("--") and name != "--help")]

    def _values(self, action: argparse.Action, positionals: list[str], words: list[str]) -> list[str]:
        if action.choices is not None:
            return [str(choice) for choice in action.choices]
        kind = getattr(action, "offers", "")
        names = OFFERS[kind](self.variables, positionals) if kind else []
        return [name for name in names if name not in positionals[1:]]


def _commands(tree: Parser) -> dict[str, Parser]:
    return next(action.choices for action in tree._actions if isinstance(action, argparse._SubParsersAction))


def _read(parser: Parser, words: list[str]) -> tuple[argparse.Action | None, int, list[str]]:
    """The option that waits for a value (with how many it has), and the positional words before."""
    option, taken, positionals = None, 0, []
    for word in words:
        if word in parser._option_string_actions:
            option, taken = parser._option_string_actions[word], 0
        elif option is not None and taken < _most(option):
            taken += 1
        else:
            option = None
            positionals.append(word)
    if option is not None and taken >= _most(option):
        option = None
    return option, taken, positionals


def _most(action: argparse.Action) -> int:
    if isinstance(action.nargs, int):
        return action.nargs
    return 99 if action.nargs in ("+", "*") else 1


def _place(places: list[argparse.Action], index: int) -> argparse.Action | None:
    if index < len(places):
        return places[index]
    return places[-1] if places and places[-1].nargs in ("*", "+") else None


def _options_last(choice: str) -> tuple[bool, str]:
    return choice.startswith("-"), choice


def _layers(variables: Variables, positionals: list[str]) -> list[str]:
    """Layers of the model that the line names; a Builder's too, when it is no whole model yet."""
    document = variables.document(positionals[0]) if positionals else None
    if document is not None:
        return [spec.name for spec in document.graph.ordered]
    held = variables.names.get(positionals[0]) if positionals else None
    return [layer.name for layer in getattr(held, "layers", ())]


def _paths(variables: Variables, positionals: list[str]) -> list[str]:
    """Those layers, and the ones inside models by their paths."""
    document = variables.document(positionals[0]) if positionals else None
    held = variables.names.get(positionals[0]) if positionals else None
    inside = document.flags if document is not None else [placed.path for placed in _placed(held)]
    return [*_layers(variables, positionals), *inside]


def _layer_arguments(variables: Variables, positionals: list[str]) -> list[str]:
    """The arguments of the layer on the line, in both spellings, but for those that the line has."""
    from ..widgets.builder.document.fields import fields_of
    from ..widgets.builder.document.registry import is_layer, layer_class
    from ..widgets.builder.model.spelling import later_names

    if len(positionals) < 2:
        return []
    document, held = variables.document(positionals[0]), variables.names.get(positionals[0])
    if document is not None:
        named = {spec.name: spec.class_name for spec in document.graph}
    else:
        named = {layer.name: type(layer).__name__ for layer in getattr(held, "layers", ())}
    class_name = named.get(positionals[1], "")
    if not is_layer(class_name):
        return []
    fields = [field.name for field in fields_of(layer_class(class_name))]
    later = [name for earlier, name in later_names(class_name).items() if earlier in fields]
    given = {word.partition("=")[0] for word in positionals[2:]}
    return [f"{name}=" for name in dict.fromkeys([*fields, *later]) if name not in given]


def _placed(held: object) -> list:
    from ..report.placed import placed_layers

    return placed_layers(held) if hasattr(held, "layers") and hasattr(held, "trainable") else []


def _backends(variables: Variables, positionals: list[str]) -> list[str]:
    from .. import backend as K

    return K.available_backends()


def _optimizers(variables: Variables, positionals: list[str]) -> list[str]:
    from ..widgets.fit.options import optimizer_names

    return optimizer_names()


def _losses(variables: Variables, positionals: list[str]) -> list[str]:
    from ..widgets.fit.options import loss_names

    return loss_names()


def _datasets(variables: Variables, positionals: list[str]) -> list[str]:
    from .commands.data import DATASETS

    return list(DATASETS)


def _runs(variables: Variables, positionals: list[str]) -> list[str]:
    from .. import runs

    return ["last", *runs.run_ids()]


def _classes(variables: Variables, positionals: list[str]) -> list[str]:
    from .. import layers

    return [name for name in [*layers.__all__, *layers.LATER] if name[:1].isupper()]


OFFERS: dict[str, Callable[[Variables, list[str]], Iterable[str]]] = {
    "models": lambda variables, positionals: variables.model_names(),
    "arrays": lambda variables, positionals: variables.array_names(),
    "layers": _layers,
    "paths": _paths,
    "layer arguments": _layer_arguments,
    "classes": _classes,
    "backends": _backends,
    "datasets": _datasets,
    "optimizers": _optimizers,
    "runs": _runs,
    "losses": _losses,
    "metrics": lambda variables, positionals: ["accuracy", "mae", "mse"],
    "commands": lambda variables, positionals: list(COMMANDS),
}
