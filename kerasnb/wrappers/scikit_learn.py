"""Models as scikit-learn estimators; scikit-learn itself is not needed."""

from __future__ import annotations

import copy
import inspect
from collections.abc import Callable
from typing import Any

import numpy as np

from ..carried import carry
from ..errors import ArgumentError, DataError, NotCompiledError
from ..models import Sequential
from ..spelling.names import FIT
from ..utils.np_utils import to_categorical

__all__ = ["BaseWrapper", "KerasClassifier", "KerasRegressor"]


class BaseWrapper:
    """What the classifier and the regressor share; use one of those.

    Args:
        build_fn: gives a compiled model: a function, or an object that can be called. None: the estimator's class is
            derived from, and its `__call__` gives the model.
        sk_params: arguments of `build_fn`, and of the model's `fit`, `predict` and `evaluate` (batch_size, nb_epoch,
            verbose ...). What a method is given itself counts more.

    Raises:
        ArgumentError: nothing takes an argument of this name.
    """

    _estimator_type: str | None = None
    _methods = ("fit", "predict", "predict_classes", "predict_proba", "evaluate")

    def __init__(self, build_fn=None, **sk_params):
        self.build_fn = build_fn
        self.sk_params = sk_params
        self.check_params(sk_params)

    # ---- parameters

    def check_params(self, params):
        """Refuse names that neither `build_fn` nor the model's methods take."""
        takers = [getattr(Sequential, name) for name in self._methods]
        if self.build_fn is not None or callable(self):
            takers.append(self._builder())
        for name in params:
            if not any(name in _names(taker) for taker in takers):
                raise ArgumentError(
                    f'{type(self).__name__}: "{name}" is not a legal parameter: neither build_fn nor fit, predict or '
                    "evaluate takes it.",
                    f"The model takes {', '.join(sorted(set().union(*map(_names, takers))))}.",
                    arguments=(name,),
                )

    def get_params(self, **params):
        """All parameters by name, `build_fn` among them."""
        return {**self.sk_params, "build_fn": self.build_fn}

    def set_params(self, **params):
        """Change some of the parameters, whatever the spelling they were given in; gives the estimator."""
        before = self.build_fn
        self.build_fn = params.pop("build_fn", before)
        try:
            self.check_params(params)
        except ArgumentError:
            self.build_fn = before
            raise
        self.sk_params = _overridden(self.sk_params, params, FIT)
        return self

    def filter_sk_params(self, fn, override=None):
        """Those of the parameters that the function takes; `override` counts more."""
        given = {name: value for name, value in self.sk_params.items() if name in _names(fn)}
        return _overridden(given, override or {}, FIT if _is_of_models(fn) else {})

    # ---- the model

    def fit(self, x, y, **kwargs):
        """Make a new model by `build_fn` and train it; gives its History.

        Args:
            kwargs: arguments of the model's fit.
        """
        builder = self._builder()
        model = builder(**self.filter_sk_params(builder))
        if not hasattr(model, "fit"):
            raise ArgumentError(
                f"{type(self).__name__}: build_fn must give a model, got {model!r}.", "End it with: return model"
            )
        # a callback keeps the model it ran with: the parameters, which scikit-learn copies, must not
        arguments = _overridden(copy.deepcopy(self.filter_sk_params(Sequential.fit)), kwargs, FIT)
        self.model = model
        return model.fit(_array(x), self._targets(y), **arguments)

    def _builder(self) -> Callable[..., Any]:
        if self.build_fn is not None:
            return self.build_fn
        if not callable(self):
            raise ArgumentError(
                f"{type(self).__name__}: nothing says how to build the model.",
                "Give build_fn, or derive a class and write its __call__.",
                arguments=("build_fn",),
            )
        return self.__call__

    def _targets(self, y) -> np.ndarray:
        """The targets as the model's loss takes them."""
        y = np.asarray(y)
        loss = getattr(self._fitted().loss, "__name__", self._fitted().loss)
        return to_categorical(y, self._count_classes(y)) if loss == "categorical_crossentropy" and y.ndim != 2 else y

    def _count_classes(self, y: np.ndarray) -> int | None:
        return None

    def _fitted(self):
        if not hasattr(self, "model"):
            raise _not_fitted(self)
        return self.model

    # ---- what scikit-learn asks

    def __sklearn_is_fitted__(self) -> bool:
        return hasattr(self, "model")

    def __sklearn_tags__(self):
        from sklearn.utils import ClassifierTags, InputTags, RegressorTags, Tags, TargetTags

        return Tags(
            estimator_type=self._estimator_type,
            target_tags=TargetTags(required=True),
            classifier_tags=ClassifierTags() if self._estimator_type == "classifier" else None,
            regressor_tags=RegressorTags() if self._estimator_type == "regressor" else None,
            input_tags=InputTags(three_d_array=True),
            non_deterministic=True,
        )

    def __repr__(self) -> str:
        made_by = getattr(self.build_fn, "__name__", None) or type(self.build_fn or self).__name__
        rest = "".join(f", {name}={value!r}" for name, value in self.sk_params.items())
        return f"{type(self).__name__}(build_fn={made_by}{rest})"


class KerasClassifier(BaseWrapper):
    """A classifier of scikit-learn's kind.

    After fit, `classes_` holds the labels (any that numpy can sort), `model` the model.
    """

    _estimator_type = "classifier"

    def fit(self, x, y, **kwargs):
        """Make a new model and train it; gives its History.

        Shape: `y` `(samples,)` or `(samples, 1)` of labels, or one-hot `(samples, classes)`.

        Raises:
            DataError: `y` has another shape.
        """
        y = np.asarray(y)
        if y.ndim == 2 and y.shape[1] > 1:
            self.classes_ = np.arange(y.shape[1])
        elif y.ndim in (1, 2):
            self.classes_ = np.unique(y)
            y = np.searchsorted(self.classes_, y)
            y = y.reshape(len(y)) if y.ndim == 2 else y
        else:
            raise DataError(f"{type(self).__name__}: y must be labels (samples,) or one-hot rows, got {y.shape}.")
        self.n_classes_ = len(self.classes_)
        return super().fit(x, y, **kwargs)

    def _count_classes(self, y: np.ndarray) -> int | None:
        return len(self.classes_)

    def predict(self, x, **kwargs):
        """The likeliest label of each sample.

        Shape: -> `(samples,)`.
        """
        model, x = self._fitted(), _array(x)
        arguments = {"verbose": 0} | self.filter_sk_params(Sequential.predict_classes, kwargs)
        if hasattr(model, "predict_classes"):
            places = model.predict_classes(x, **arguments)
        else:
            places = _places(model.predict(x, **arguments))
        return self.classes_[np.reshape(places, len(places))]

    def predict_proba(self, x, **kwargs):
        """The probability of each label; of a single output, of both.

        Shape: -> `(samples, classes)`.
        """
        arguments = {"verbose": 0} | self.filter_sk_params(Sequential.predict_proba, kwargs)
        outputs = self._fitted().predict(_array(x), **arguments)
        return np.hstack([1 - outputs, outputs]) if outputs.shape[1] == 1 else outputs

    def score(self, x, y, **kwargs):
        """The accuracy, a fraction from 0 to 1.

        Raises:
            ArgumentError: the model was compiled without metrics=['accuracy'].
            DataError: a label that fit never saw.
        """
        model = self._fitted()
        if "acc" not in model.metrics_names:
            raise ArgumentError(
                f"{type(self).__name__}: the model is not configured to compute accuracy.",
                "Pass metrics=['accuracy'] to compile in build_fn.",
            )
        arguments = {"verbose": 0} | self.filter_sk_params(Sequential.evaluate, kwargs)
        outputs = model.evaluate(_array(x), self._targets(self._numbered(y)), **arguments)
        return dict(zip(model.metrics_names, outputs, strict=True))["acc"]

    def _numbered(self, y) -> np.ndarray:
        """Labels as places among the classes; one-hot rows as they are."""
        y = np.asarray(y)
        if y.ndim == 2 and y.shape[1] > 1:
            return y
        unseen = np.setdiff1d(y, self.classes_)
        if unseen.size:
            raise DataError(
                f"{type(self).__name__}: label {str(unseen[0])!r} is none of those that fit saw: {self.classes_}."
            )
        return np.searchsorted(self.classes_, y.reshape(len(y)))


class KerasRegressor(BaseWrapper):
    """A regressor of scikit-learn's kind."""

    _estimator_type = "regressor"

    def predict(self, x, **kwargs):
        """The predictions.

        Shape: -> `(samples,)`, or `(samples, outputs)` of several.
        """
        arguments = {"verbose": 0} | self.filter_sk_params(Sequential.predict, kwargs)
        outputs = self._fitted().predict(_array(x), **arguments)
        return outputs[:, 0] if outputs.ndim == 2 and outputs.shape[1] == 1 else np.squeeze(outputs)

    def score(self, x, y, **kwargs):
        """Minus the loss, since scikit-learn takes the larger score for the better one."""
        arguments = {"verbose": 0} | self.filter_sk_params(Sequential.evaluate, kwargs)
        outputs = self._fitted().evaluate(_array(x), np.asarray(y), **arguments)
        return -(outputs[0] if isinstance(outputs, list) else outputs)


def _names(function: Callable) -> set[str]:
    """The names of the arguments that a function takes, in either spelling."""
    named = (inspect.Parameter.POSITIONAL_OR_KEYWORD, inspect.Parameter.KEYWORD_ONLY)
    own = {p.name for p in inspect.signature(function).parameters.values() if p.kind in named}
    later = [name for name, earlier in FIT.items() if earlier in own] if _is_of_models(function) else []
    return own - {"self"} | set(later)


def _is_of_models(function: Callable) -> bool:
    """Whether it is one of a model's own methods, which take later spellings."""
    return getattr(Sequential, getattr(function, "__name__", ""), None) is function


def _overridden(given: dict, override: dict, later_names: dict) -> dict:
    """Both together; an override in one spelling also replaces what was given in the other."""
    earlier = {later_names.get(name, name) for name in override}
    kept = {name: value for name, value in given.items() if later_names.get(name, name) not in earlier}
    return kept | override


def _array(x):
    """The samples; a table of pandas as its values, a list of inputs as it is."""
    if hasattr(x, "toarray"):
        raise DataError(
            f"the samples are a sparse matrix {x.shape}, which a model cannot take.",
            "Make them dense before: x.toarray(), or FunctionTransformer(lambda x: x.toarray()) in a pipeline.",
        )
    return x.to_numpy() if hasattr(x, "to_numpy") else x


def _places(outputs: np.ndarray) -> np.ndarray:
    return outputs.argmax(axis=-1) if outputs.shape[-1] > 1 else (outputs > 0.5).astype("int32")


def _not_fitted(estimator: BaseWrapper) -> Exception:
    message = f"{type(estimator).__name__} is not fitted yet. Call fit(x, y) first."
    try:
        from sklearn.exceptions import NotFittedError
    except ImportError:
        return NotCompiledError(message)
    return NotFittedError(message)


carry(__name__)
