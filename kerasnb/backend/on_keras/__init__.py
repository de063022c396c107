"""K on the symbolic tensors and variables of Keras 3, computed by Keras on its own backend; see the folder's files."""
