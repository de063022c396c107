"""Callbacks: hooks into training."""
from .base import Callback, CallbackList
from .checkpoints import ModelCheckpoint
from .monitors import EarlyStopping, LearningRateScheduler
from .records import BaseLogger, History, LambdaCallback, ProgbarLogger

__all__ = ["Callback", "CallbackList", "BaseLogger", "History", "ProgbarLogger", "LambdaCallback", "EarlyStopping",
           "LearningRateScheduler", "ModelCheckpoint"]
