"""The files that real Kerases wrote (see `make_files.py`), and what their models give."""

import zipfile
from pathlib import Path

import numpy as np

HERE = Path(__file__).parent / "written"


def names(*endings):
    """All files that end so, as pairs of archive and member."""
    found = []
    for path in sorted(HERE.glob("*.zip")):
        with zipfile.ZipFile(path) as packed:
            found += [(path.name, name) for name in packed.namelist() if name.endswith(endings)]
    return found


class Written:
    """One of the files, unpacked into a folder.

    Args:
        file: archive and member, as `names` lists them.
    """

    def __init__(self, file, folder):
        archive, self.name = file
        with zipfile.ZipFile(HERE / archive) as packed:
            self.path = Path(packed.extract(self.name, folder))
            with packed.open(f"{self.name}.npz") as arrays:
                self.arrays = dict(np.load(arrays))

    def listed(self, kind):
        """The inputs 'x', outputs 'y', targets 't' or weights 'after' one more step."""
        found = (self.arrays.get(f"{kind}{place}") for place in range(len(self.arrays)))
        return [one for one in found if one is not None]

    def given(self, kind):
        """The same as fit takes them: a single one by itself."""
        listed = self.listed(kind)
        return listed if len(listed) > 1 else listed[0]


def file(member):
    """The file of this name."""
    return next(one for one in names(member) if one[1] == member)
