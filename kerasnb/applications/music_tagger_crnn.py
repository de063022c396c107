"""MusicTaggerCRNN: convolutions over a mel-spectrogram, then two GRUs over time; tags of music.

Source: Choi et al. 2016, arXiv:1609.04243.
"""

from .. import backend as K
from ..carried import carry
from ..layers import (
    ELU,
    GRU,
    BatchNormalization,
    Convolution2D,
    Dense,
    MaxPooling2D,
    Permute,
    Reshape,
    ZeroPadding2D,
)
from ..utils.data_utils import get_file
from .audio_conv_utils import TAGS, decode_predictions, preprocess_input
from .building import check_request, feature_axis, image_input, model_between
from .released import RELEASES, load_released, release_for

__all__ = ["MusicTaggerCRNN", "preprocess_input", "decode_predictions"]

TH_WEIGHTS_PATH = RELEASES + "v0.3/music_tagger_crnn_weights_tf_kernels_th_dim_ordering.h5"
TF_WEIGHTS_PATH = RELEASES + "v0.3/music_tagger_crnn_weights_tf_kernels_tf_dim_ordering.h5"

# filters, and pooling along mels and time alike, of the four blocks
BLOCKS = ((64, 2), (128, 3), (128, 4), (128, 4))
MELS, FRAMES = 96, 1366


def MusicTaggerCRNN(weights="msd", input_tensor=None, include_top=True, classes=50):
    """MusicTaggerCRNN as a model.

    Shape: `(batch, 96, 1366, 1)` -> `(batch, classes)`; without the top -> `(batch, 32)`. In 'th' ordering
    `(batch, 1, 96, 1366)`. The axes are mels and frames.

    Args:
        weights: None (random), 'msd' (Million Song Dataset, downloaded the first time), or the path of a file.
        input_tensor: a tensor to start from.
        include_top: whether the dense layer is on top.
        classes: how many tags the top has.

    Raises:
        ArgumentError: weights that do not exist, or a number of classes that does not go with them.
    """
    check_request("MusicTaggerCRNN", weights, include_top, classes, trained_on="msd", count=len(TAGS))
    is_th = K.image_dim_ordering() == "th"
    image = image_input(input_tensor, (1, MELS, FRAMES) if is_th else (MELS, FRAMES, 1))
    x = ZeroPadding2D(padding=(0, 37))(image)
    x = BatchNormalization(axis=3 if is_th else 2, name="bn_0_freq")(x)
    x = _blocks(x)
    x = Reshape((15, 128))(Permute((3, 1, 2))(x) if is_th else x)
    x = GRU(32, return_sequences=True, name="gru1")(x)
    x = GRU(32, return_sequences=False, name="gru2")(x)
    if include_top:
        x = Dense(classes, activation="sigmoid", name="output")(x)
    model = model_between(image, x, "music_tagger_crnn")
    url = release_for(True, (TH_WEIGHTS_PATH, ""), (TF_WEIGHTS_PATH, ""))
    load_released(model, weights, url, get_file, {}, by_name=True, made_for_theano=False)
    return model


def _blocks(x):
    for number, (nb_filter, pool) in enumerate(BLOCKS, start=1):
        x = Convolution2D(nb_filter, 3, 3, border_mode="same", name=f"conv{number}")(x)
        x = BatchNormalization(axis=feature_axis(), mode=0, name=f"bn{number}")(x)
        x = MaxPooling2D(pool_size=(pool, pool), strides=(pool, pool), name=f"pool{number}")(ELU()(x))
    return x


carry(__name__)
