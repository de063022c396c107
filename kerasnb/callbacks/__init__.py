"""Callbacks: hooks into training."""
from ..carried import carry
from .base import Callback, CallbackList
from .checkpoints import ModelCheckpoint
from .csv_logger import CSVLogger
from .monitors import EarlyStopping, LearningRateScheduler, TerminateOnNaN
from .plateau import ReduceLROnPlateau
from .records import BaseLogger, History, LambdaCallback, ProgbarLogger
from .remote import RemoteMonitor
from .tensorboard import TensorBoard

__all__ = [
    "Callback",
    "CallbackList",
    "BaseLogger",
    "History",
    "ProgbarLogger",
    "LambdaCallback",
    "EarlyStopping",
    "LearningRateScheduler",
    "ModelCheckpoint",
    "RemoteMonitor",
    "TensorBoard",
    "ReduceLROnPlateau",
    "CSVLogger",
    "TerminateOnNaN",
]


carry(__name__)
