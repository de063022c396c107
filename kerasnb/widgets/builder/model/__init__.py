"""From a document to a model and to code, and from a model to a document."""
