"""The files of Keras 3: `.keras` archives and `.weights.h5`, read and written without Keras."""
