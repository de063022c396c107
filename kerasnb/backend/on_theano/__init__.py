"""Theano by PyTensor: the runtime, the ops that PyTensor lacks, and how JAX runs its graphs."""
