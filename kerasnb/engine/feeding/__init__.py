"""Batches from generators: sources, queues and worker processes, and the methods that take them."""
