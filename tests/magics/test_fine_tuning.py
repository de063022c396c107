"""Commands that freeze by pattern, and that fine-tune."""

import pytest
from IPython.core.error import UsageError

from kerasnb import backend as K


def test_finetune_puts_a_head_for_the_targets_on_a_frozen_rest(kerasnb, net, samples, shell):
    panel = kerasnb("finetune net")
    tuned = shell.user_ns["net"]
    assert tuned is not net and tuned is panel.model and tuned.output_shape == (None, 10)
    assert [layer.trainable for layer in tuned.layers if layer.weights] == [False, True]
    assert panel.head["why"] == "class numbers 0 to 9"


def test_finetune_refuses_a_head_that_does_not_fit_and_changes_nothing(kerasnb, net, samples, shell):
    with pytest.raises(UsageError, match="does not fit the targets"):
        kerasnb("finetune net --units 3 --y y_train")
    with pytest.raises(UsageError, match='no layer "nowhere"'):
        kerasnb("finetune net --units 3 --at nowhere")
    assert shell.user_ns["net"] is net and net.layers[-1].name == "digit"


def test_freeze_takes_patterns_and_the_choice_for_running_averages(kerasnb, net):
    try:
        panel = kerasnb("freeze net hid* --statistics stay")
        assert [row["name"] for row in panel.rows if row["frozen"]] == ["hidden"]
        assert K.frozen_statistics() == "stay"
    finally:
        K.set_frozen_statistics("auto")
    with pytest.raises(UsageError, match='matches "conv\\*"'):
        kerasnb("freeze net conv*")
