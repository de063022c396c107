"""VGG16: 16 layers with weights, for ImageNet.

Source: Simonyan and Zisserman 2014, arXiv:1409.1556.
"""

from ..carried import carry
from ..utils.data_utils import get_file
from .building import check_request, takes_pooling
from .imagenet_utils import decode_predictions, preprocess_input
from .released import RELEASES, load_released, release_for
from .vgg import vgg

__all__ = ["VGG16", "preprocess_input", "decode_predictions"]

TH_WEIGHTS_PATH = RELEASES + "v0.1/vgg16_weights_th_dim_ordering_th_kernels.h5"
TF_WEIGHTS_PATH = RELEASES + "v0.1/vgg16_weights_tf_dim_ordering_tf_kernels.h5"
TH_WEIGHTS_PATH_NO_TOP = RELEASES + "v0.1/vgg16_weights_th_dim_ordering_th_kernels_notop.h5"
TF_WEIGHTS_PATH_NO_TOP = RELEASES + "v0.1/vgg16_weights_tf_dim_ordering_tf_kernels_notop.h5"
MD5 = {
    TF_WEIGHTS_PATH: "64373286793e3c8b2b4e3219cbf3544b",
    TF_WEIGHTS_PATH_NO_TOP: "6d6bbae143d832006294945121d1f1fc",
}
CONVOLUTIONS = (2, 2, 3, 3, 3)  # in each block


@takes_pooling
def VGG16(include_top=True, weights="imagenet", input_tensor=None, input_shape=None, classes=1000):
    """VGG16 as a model.

    Shape: `(batch, 224, 224, 3)` -> `(batch, classes)`; without the top, images of at least 48 rows and columns
    -> `(batch, rows // 32, cols // 32, 512)`. In 'th' ordering the features come before the rows.

    Args:
        include_top: whether the three dense layers are on top.
        weights: None (random), 'imagenet' (downloaded the first time), or the path of a file.
        input_tensor: a tensor to start from.
        input_shape: of one image; without the top only.
        classes: how many classes the top has.

    Raises:
        ArgumentError: weights that do not exist, or a shape or number of classes that does not go with them.
    """
    check_request("VGG16", weights, include_top, classes)
    model = vgg("vgg16", CONVOLUTIONS, include_top, input_tensor, input_shape, classes, weights)
    url = release_for(include_top, (TH_WEIGHTS_PATH, TH_WEIGHTS_PATH_NO_TOP), (TF_WEIGHTS_PATH, TF_WEIGHTS_PATH_NO_TOP))
    load_released(model, weights, url, get_file, MD5)
    return model


carry(__name__)
