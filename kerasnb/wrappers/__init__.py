"""Models in the shape that other libraries expect."""
