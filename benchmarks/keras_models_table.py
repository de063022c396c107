"""Which Keras models each widget and each door of files takes: made by doing it, written to docs/keras_models.md.

One Keras backend in one process: KERAS_BACKEND=torch python -m benchmarks.keras_models_table rows.jsonl adds rows to a
file (all models and columns, or those that are named behind it); KERAS_OF_TABLE=tf_keras those of Keras 2; --write
makes the page of such files.
"""

import json
import re
import sys
from pathlib import Path

PAGE = Path(__file__).parent.parent / "docs" / "keras_models.md"


def rows(path, names):
    """Try every cell of these models, and add a line for each model."""
    from benchmarks import keras_cells, keras_used, keras_zoo

    only = [name for name in names if name in keras_cells.CELLS]
    names = [name for name in names if name not in only]
    with open(path, "a") as file:
        for kind, models in keras_zoo.KINDS.items():
            for make in (make for make in models if not names or make.__name__ in names):
                row = {"title": keras_used.title(), "kind": kind, "name": make.__name__}
                file.write(json.dumps({**row, "cells": keras_cells.cells_of(make, only)}) + "\n")
                file.flush()


def page(paths):
    """The page: a table for each backend with the reasons below it; the last time that a cell was tried counts."""
    found = {}
    for path in paths:
        for line in Path(path).read_text().splitlines():
            row = json.loads(line)
            known = found.setdefault((row["title"], row["name"]), row)
            known["cells"] |= row["cells"]
    parts = [HEAD]
    for title in dict.fromkeys(title for title, _ in found):
        parts.append(table(title, [row for (own, _), row in found.items() if own == title]))
    return "\n".join(parts)


HEAD = """# Models of Keras, by what works

Made by `benchmarks/keras_models_table.py`: each cell was done with a small model, not looked up.

- Inspector: the output of every layer is equal to what the layer gives when Keras calls the model, to 1e-5.
- Freeze: freeze, fit, proof by hashes. Fit: the panel trains, the learning rate counts at once, Stop ends it.
- Code: code for Keras 3 that makes a model with weights of the same shapes.
- Files: Keras writes, kerasnb reads (and for `.keras` and `.weights.h5` of Keras 3 writes back); outputs equal to 1e-5.

A number stands for the reason below the table. The models are in `benchmarks/keras_zoo.py`; those of Keras 2 are
without what it lacks.

Models of tf_keras are looked into, frozen and trained; the Builder and `%kerasnb code` take those of Keras 3 only, and
`K.function` its tensors only. tf_keras cannot read what is written for Keras 3, so nothing is written back there.
"""


def table(title, rows):
    columns = list(dict.fromkeys(name for row in rows for name in row["cells"]))
    reasons, lines, count = {}, [], 0
    for row in rows:
        cells = []
        for column in columns:
            said = row["cells"].get(column, "not tried")
            if said == "yes":
                count += 1
                cells.append("yes")
            else:
                word = "yes, " if said.startswith("yes") else "part, " if "grey" in said else "no, "
                cells.append(f"{word}{reasons.setdefault(said, len(reasons) + 1)}")
        lines.append(f"| {row['name']} | {row['kind']} | {' | '.join(cells)} |")
    head = [f"| model | kind | {' | '.join(columns)} |", "|" + "---|" * (len(columns) + 2)]
    below = [f"{number}. {_plain(said)}" for said, number in reasons.items()]
    above = f"## {title}: {len(rows)} models, {count} of {len(rows) * len(columns)} cells yes\n"
    return "\n".join([above, *head, *lines, "", *below, ""])


def _plain(said):
    """A reason without colours and places of this machine."""
    said = re.sub(r"\x1b\[\d+m|/tmp/\w+/", "", said.partition(" At /")[0]).replace("|", "/").strip()
    return said if len(said) < 240 else f"{said[:240]} ..."


if __name__ == "__main__":
    if sys.argv[1] == "--write":
        PAGE.write_text(page(sys.argv[2:]))
    else:
        rows(sys.argv[1], sys.argv[2:])
