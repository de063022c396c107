"""How a program is to be run: decided here, once for each program; the runtimes obey."""
