"""Data sets: the digits come with the package, the others are fetched when they are asked for."""
