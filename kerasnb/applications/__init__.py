"""Known architectures, each as a function that gives the model; weights come by download, when asked for."""

from .inception_v3 import InceptionV3
from .music_tagger_crnn import MusicTaggerCRNN
from .resnet50 import ResNet50
from .vgg16 import VGG16
from .vgg19 import VGG19
from .xception import Xception

__all__ = ["VGG16", "VGG19", "ResNet50", "InceptionV3", "Xception", "MusicTaggerCRNN"]
