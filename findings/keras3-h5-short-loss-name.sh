#!/usr/bin/env bash
# Keras 3.15.1 (on TensorFlow 2.21.0): a model compiled with a loss by its short name and saved as .h5 cannot be loaded by the
# Keras that saved it, nor by anyone who does not think of compile=False. The long name of the same loss loads.
# Seen (Python 3.11):
#   mse: ValueError: Could not deserialize 'keras.metrics.mse' because it is not a KerasSaveable subclass
#   mean_squared_error: loaded
#   mse, compile=False: loaded
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/python" -m pip install -q tensorflow-cpu==2.21.0 keras==3.15.1
export TF_CPP_MIN_LOG_LEVEL=3 CUDA_VISIBLE_DEVICES=-1
cd "$folder"
"$folder/venv/bin/python" - <<'PYTHON'
import keras

assert keras.__version__ == "3.15.1", keras.__version__


def said(loss, **how):
    model = keras.Sequential([keras.layers.Input((3,)), keras.layers.Dense(2)])
    model.compile("sgd", loss)
    model.save("model.h5")
    try:
        keras.models.load_model("model.h5", **how)
    except ValueError as error:
        return f"ValueError: {error}"
    return "loaded"


seen = {"mse": said("mse"), "mean_squared_error": said("mean_squared_error"), "mse, compile=False": said("mse", compile=False)}
for name, what in seen.items():
    print(f"{name}: {what}")
assert seen.pop("mse").startswith("ValueError: Could not deserialize 'keras.metrics.mse'"), "the behaviour has changed"
assert seen == {"mean_squared_error": "loaded", "mse, compile=False": "loaded"}, "the behaviour has changed"
PYTHON
