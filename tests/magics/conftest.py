"""A shell with `%kerasnb` for each test, without a notebook around it."""

import gc

import pytest
from IPython.core.interactiveshell import InteractiveShell
from traitlets.config import Config


@pytest.fixture(scope="session")
def bare_shell(tmp_path_factory):
    config = Config({"HistoryManager": {"enabled": False}})
    shell = InteractiveShell(config=config, ipython_dir=str(tmp_path_factory.mktemp("ipython")))
    yield shell
    shell.restore_sys_module_state()


@pytest.fixture
def shell(bare_shell):
    """With no variables, and the extension loaded."""
    from kerasnb.magics import load, unload

    bare_shell.reset(new_session=False)
    gc.freeze()  # `reset` collects garbage: what is left stays, and the next test's need not walk through it again
    load(bare_shell)
    yield bare_shell
    unload(bare_shell)


@pytest.fixture
def kerasnb(shell):
    """`kerasnb("fit digits_cnn")` runs that line and gives what it returns."""
    return lambda line="": shell.run_line_magic("kerasnb", line)


@pytest.fixture
def digits_cnn(shell):
    """A small convolutional model, in the variable of that name."""
    from kerasnb.layers import Convolution2D, Dense, Dropout, Flatten
    from kerasnb.models import Sequential

    model = Sequential(
        [
            Convolution2D(4, 3, 3, activation="relu", input_shape=(8, 8, 1), name="conv_1"),
            Dropout(0.5, name="drop_1"),
            Flatten(name="flatten_1"),
            Dense(10, activation="softmax", name="dense_1"),
        ],
        name="digits_cnn",
    )
    shell.user_ns["digits_cnn"] = model
    return model


@pytest.fixture
def net(shell):
    """Two dense layers, which compile faster than a convolution, in the variable of that name."""
    from kerasnb.layers import Dense, Flatten
    from kerasnb.models import Sequential

    layers = [Flatten(input_shape=(8, 8, 1)), Dense(4, name="hidden"), Dense(10, activation="softmax", name="digit")]
    shell.user_ns["net"] = Sequential(layers, name="net")
    return shell.user_ns["net"]


@pytest.fixture
def samples(shell):
    """Sixty-four digits to train on and the first sixteen to validate, in the usual variables."""
    from kerasnb.datasets import digits

    (x, y), _ = digits.load_data()
    shell.user_ns.update(x_train=x[:64], y_train=y[:64], x_val=x[:16], y_val=y[:16])
