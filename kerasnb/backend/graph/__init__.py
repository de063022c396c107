"""Graphs: symbolic tensors and operations, walks over them, programs and the key of what one computes."""
