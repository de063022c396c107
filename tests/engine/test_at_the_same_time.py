"""What one build or fit sets is its own: threads that build, load, pause and stop at the same time."""

import threading

from kerasnb import backend as K
from kerasnb.backend.graph import phase
from kerasnb.backend.graph.phase import phase_fixed_to
from kerasnb.engine.fitting.control import TrainingControl
from kerasnb.utils.generic_utils import custom_object_scope, get_custom_objects


def in_another_thread(function):
    """What the function gives there, while this thread waits."""
    results = []
    thread = threading.Thread(target=lambda: results.append(function()))
    thread.start()
    thread.join(10)
    return results[0]


def test_the_phase_of_a_call_is_fixed_in_its_thread_only():
    with phase_fixed_to(0):
        assert (K.learning_phase(), phase.tests_only()) == (0, True)
        assert in_another_thread(lambda: (isinstance(K.learning_phase(), int), phase.tests_only())) == (False, False)
        with phase_fixed_to(1):
            assert (K.learning_phase(), phase.tests_only()) == (1, False)
        assert K.learning_phase() == 0
    assert not isinstance(K.learning_phase(), int)


def test_a_phase_set_for_all_holds_in_every_thread_and_gives_way_to_a_calls_own():
    K.set_learning_phase(1)
    assert in_another_thread(K.learning_phase) == 1
    with phase_fixed_to(0):
        assert (K.learning_phase(), in_another_thread(K.learning_phase)) == (0, 1)
    assert K.learning_phase() == 1


def test_custom_objects_of_a_scope_are_known_in_its_thread_only():
    with custom_object_scope({"mine": 1}):
        assert in_another_thread(lambda: "mine" in get_custom_objects()) is False
        with custom_object_scope({"mine": 2}):
            assert get_custom_objects()["mine"] == 2
        assert get_custom_objects()["mine"] == 1
    assert "mine" not in get_custom_objects()


def test_custom_objects_for_all_are_known_in_every_thread():
    get_custom_objects()["ours"] = 3
    try:
        assert in_another_thread(lambda: get_custom_objects()["ours"]) == 3
    finally:
        del get_custom_objects()["ours"]


def test_a_pause_that_meets_a_stop_does_not_wait():
    """A pause looks whether it is to stop, a stop comes, the pause goes on."""
    control = TrainingControl()
    asked = control._stop.is_set

    def stopped_meanwhile():
        control._stop.is_set = asked
        control.stop()
        return False

    control._stop.is_set = stopped_meanwhile
    control.pause()
    assert in_another_thread(control.checkpoint) is True
    assert not control.is_paused
