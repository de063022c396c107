"""The commands of `%kerasnb`: in each module `arguments(parser)` says what it takes, `run(workspace, options)` acts."""
