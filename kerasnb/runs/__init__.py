"""Runs: each training that was kept, with its curve and weights; see README.md."""

from .comparing import Difference, differences
from .continuing import Continuation, continuation, go_on_from, start_anew
from .finding import all_runs as all
from .finding import open_run as open
from .finding import prune, run_ids
from .record import RunRecord
from .recorder import RunRecorder

__all__ = [
    "Continuation",
    "Difference",
    "RunRecord",
    "RunRecorder",
    "all",
    "continuation",
    "differences",
    "go_on_from",
    "open",
    "prune",
    "run_ids",
    "start_anew",
]
