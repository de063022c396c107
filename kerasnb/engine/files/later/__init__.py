"""The layouts of Keras 2 and 3, read and written."""
