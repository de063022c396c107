"""What every widget has: outputs that last, a repr, an error strip, a model with a name, a door for bad input."""
