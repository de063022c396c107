"""Making data ready for models: pictures, sequences, text."""

from ..carried import parts

parts(__name__, "image sequence text")
