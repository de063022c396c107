"""Which flags freeze layers, those inside others too, and let them learn again."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

__all__ = ["changed_flags"]


def changed_flags(flags: Mapping[str, bool], names: Iterable[str], trainable: bool) -> dict[str, bool]:
    """The flags that change where these layers, by their paths, are frozen or learn again.

    What holds a layer that learns again must learn, too: what else it holds is frozen in its place. A layer that
    learns while some inside are frozen is thawed with all of them.

    >>> changed_flags({"a": False, "a/b": True, "a/c": True}, ["a/b"], True)
    {'a': True, 'a/c': False}
    """
    after = dict(flags)
    for name in names:
        if trainable:
            _thaw(after, name)
        else:
            after[name] = False
    return {name: flag for name, flag in after.items() if flag != flags[name]}


def _thaw(flags: dict[str, bool], name: str) -> None:
    for above in _above(flags, name):
        if not flags[above]:
            flags[above] = True
            flags.update(dict.fromkeys(_directly_in(flags, above), False))
    if flags[name]:
        flags.update((path, True) for path in flags if path.startswith(f"{name}/"))
    flags[name] = True


def _above(flags: Mapping[str, bool], name: str) -> list[str]:
    """The layers around this one, the outermost first."""
    return sorted((path for path in flags if name.startswith(f"{path}/")), key=len)


def _directly_in(flags: Mapping[str, bool], name: str) -> list[str]:
    inside = [path for path in flags if path.startswith(f"{name}/")]
    return [path for path in inside if _above(flags, path)[-1] == name]
