"""The commands of `%kerasnb`: in each module `arguments(parser)` says what it takes, `run(workspace, options)` acts."""

# in the order of a first session, which is the order of the help; a command has the name of its module
__all__ = [
    "help",
    "backend",
    "data",
    "build",
    "summary",
    "shapes",
    "graph",
    "inspect",
    "freeze",
    "unfreeze",
    "check",
    "fit",
    "runs",
    "compare",
    "attach",
    "code",
]
