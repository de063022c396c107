"""Data sets: the digits come with the package, tables with scikit-learn, others are fetched when they are asked for."""

from ..carried import parts

parts(__name__, "boston_housing cifar cifar10 cifar100 digits fashion_mnist imdb mnist reuters scikit_learn")
