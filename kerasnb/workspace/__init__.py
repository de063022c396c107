"""The models of this kernel, each under one identity: what widgets and magics hold in place of a model object."""

from __future__ import annotations

from .subject import Subject
from .workspace import Workspace, here, subject_of

__all__ = ["Subject", "Workspace", "here", "subject_of"]
