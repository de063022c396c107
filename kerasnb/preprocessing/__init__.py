"""Making data ready for models: pictures, sequences, text."""
