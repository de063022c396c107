"""TensorFlow 2: the runtime, and the gradient of loops there."""
