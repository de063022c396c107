"""Models, weights and optimizer state in files, in the layouts of Keras 1 to 3."""
