"""The one door for later spellings: what Keras 2 and 3 call layers, arguments and attributes of Keras 1.2."""
