"""Makes the small pictures of the index, `notebooks/pictures/NN.png`, from what the tutorials show.

python -m tests.notebooks.covers

The picture is the output of the cell with the tag `cover`, else the richest that there is.
"""

import base64
import io
from pathlib import Path

import nbformat
import resvg_py
from PIL import Image

from tests.notebooks.refresh import FOLDER

PICTURES = FOLDER / "pictures"
SIZE = (260, 130)  # at most, in pixels


def images(cell: nbformat.NotebookNode) -> list[bytes]:
    """The pictures in a cell's outputs, as PNG."""
    data = [output.get("data", {}) for output in cell.get("outputs", [])]
    drawn = [base64.b64decode(each["image/png"]) for each in data if "image/png" in each]
    return drawn + [resvg_py.svg_to_bytes(svg_string=each["image/svg+xml"]) for each in data if "image/svg+xml" in each]


def cover(notebook: nbformat.NotebookNode) -> bytes:
    """The picture that stands for a tutorial."""
    chosen = [cell for cell in notebook.cells if "cover" in cell.metadata.get("tags", [])] or notebook.cells
    return max((image for cell in chosen for image in images(cell)), key=len)


def thumbnail(image: bytes) -> Image.Image:
    """The picture made small, on white."""
    picture = Image.open(io.BytesIO(image)).convert("RGBA")
    picture.thumbnail(SIZE, Image.Resampling.LANCZOS)
    ground = Image.new("RGBA", picture.size, "white")
    return Image.alpha_composite(ground, picture).convert("RGB").convert("P", palette=Image.Palette.ADAPTIVE, colors=64)


def main(folder: Path = FOLDER) -> None:
    PICTURES.mkdir(exist_ok=True)
    for path in sorted(folder.glob("[01]?_*.ipynb")):
        if path.stem != "00_start":
            thumbnail(cover(nbformat.read(path, as_version=4))).save(PICTURES / f"{path.stem[:2]}.png", optimize=True)


if __name__ == "__main__":
    main()
