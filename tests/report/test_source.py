"""The code that the Inspector hands out runs alone, and gives what was shown."""

import numpy as np
import pytest

from kerasnb import backend as K
from kerasnb.layers import Dense, Input, merge
from kerasnb.models import Model
from kerasnb.report import Shown, input_maximizing, layer_output, saliency, source_code
from kerasnb.report.gradients import gradient_of_output
from tests.report.small_models import small_cnn

X = np.random.RandomState(0).rand(3, 8, 8, 1).astype("float32")


def values(code, **variables):
    """What the code computes where the notebook has nothing but these."""
    exec(code, variables)
    return variables["values"]


@pytest.mark.parametrize("tab", ["Output", "Gradients", "Saliency", "Maximizes", "Weights"])
def test_code_of_each_view_runs_when_it_is_pasted_alone(tab):
    model = small_cnn()
    layer = model.get_layer("conv")
    found = values(source_code(model, layer, Shown(tab, 2, 0, 1, "pictures", "net")), net=model, pictures=X)
    expected = {
        "Output": lambda: layer_output(model, layer, [X[2:3]]),
        "Gradients": lambda: gradient_of_output(model, layer, [X[2:3]]),
        "Saliency": lambda: saliency(model, [X[2:3]])[0],
        "Maximizes": lambda: input_maximizing(model, layer, 1, like=X[2]),
        "Weights": lambda: layer.get_weights()[0],
    }[tab]()
    assert np.allclose(found[0] if tab == "Weights" else found, expected, atol=1e-6)


def test_code_for_one_of_several_inputs_and_for_a_layer_called_twice():
    one, two = Input((3,), name="one"), Input((3,), name="two")
    shared = Dense(2, name="shared")
    model = Model([one, two], merge([shared(one), shared(two)], mode="sum", name="both"))
    x = [np.ones((2, 3), "float32"), np.full((2, 3), 2.0, "float32")]
    assert np.array_equal(values(source_code(model, model.get_layer("two"), Shown("Output")), x=x), x[1][:1])
    code = source_code(model, shared, Shown("Output"))
    expected = K.function([*model.inputs, K.learning_phase()], [shared.get_output_at(0)])([x[0][:1], x[1][:1], 0])[0]
    assert np.allclose(values(code, model=model, x=x), expected)
