"""Sessions as TensorFlow 1 programs use them, and the questions that only one backend had."""

import numpy as np
import pytest

from kerasnb import backend as K
from kerasnb.errors import ShapeError


def test_session_gives_the_values_of_tensors_from_those_of_placeholders(backend):
    x = K.placeholder((2,))
    session = K.get_session()
    np.testing.assert_array_equal(session.run(x * 2, {x: [1, 2]}), [2, 4])
    doubled, more = session.run([x * 2, x + 1], feed_dict={x: [1, 2]})
    np.testing.assert_array_equal(more, [2, 3])
    assert K.get_session() is session


def test_session_writes_updates(backend):
    count = K.variable(1.0)
    assert K.get_session().run(K.update_add(count, 2.0)) == 3
    assert K.get_session().run([count * 2, K.update(count, count * 5)]) == [6, 15]
    assert K.get_session().run((count, K.variable(1.0))) == (15, 1)
    assert K.get_value(count) == 15


def test_graph_of_a_session_may_be_made_the_default(backend):
    with K.get_session() as session, session.graph.as_default():
        assert session.run(K.variable(3.0) * 2) == 6


def test_session_that_was_set_is_the_one_that_comes_back():
    own = type(K.get_session())()
    K.set_session(own)
    assert K.get_session() is own
    K.clear_session()
    assert K.get_session() is not own


def test_options_of_a_foreign_session_are_said_to_have_no_effect():
    with pytest.warns(UserWarning, match="computes without a session"):
        K.set_session(object())
    K.manual_variable_initialization(True)
    assert K.eval(K.variable(2.0)) == 2


def test_explicit_shape_has_whole_numbers_and_none_only():
    x = K.placeholder((None, 3))
    answers = [K.is_explicit_shape(shape) for shape in ((None, 3), [2], 3, None, (K.shape(x)[0], 3))]
    assert answers == [True, True, False, False, False]


def test_pattern_broadcast_says_which_sizes_are_1(backend):
    x = K.placeholder((None, None))
    stretched = K.pattern_broadcast(x, (True, False))
    assert stretched.shape == (1, None)
    assert K.function([x], [stretched * 2])([[[1, 2]]])[0].tolist() == [[2, 4]]
    with pytest.raises(ShapeError, match="needs size 1 where true"):
        K.pattern_broadcast(K.placeholder((4, 3)), (False, True))


def test_functions_compute_inside_a_graph_of_tensorflow_1():
    from kerasnb.backend import tensorflow_backend as KTF

    rate = KTF.variable(1.0)
    step = KTF.function([], [rate * 2], updates=[(rate, rate + 1)])
    with KTF.tf.Graph().as_default():
        assert [float(step([])[0]), KTF.get_value(rate)] == [2, 2]
        KTF.set_value(rate, 5)
    assert step([])[0] == 10


def test_a_tensor_is_evaluated_with_a_session_that_it_does_not_need(backend):
    x = K.placeholder((2,))
    value = (x * 2).eval(feed_dict={x: np.array([1.0, 2.0])}, session=K.get_session())
    np.testing.assert_array_equal(value, [2, 4])
