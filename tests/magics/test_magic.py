"""`%kerasnb` as a whole: help, errors, loading and unloading."""

import pkgutil
import subprocess
import sys

import pytest
from IPython.core.error import UsageError

from kerasnb.magics import commands
from kerasnb.magics.tree import COMMANDS


def test_every_module_of_commands_is_a_command():
    assert sorted(COMMANDS) == sorted(file.name for file in pkgutil.iter_modules(commands.__path__))


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_gives_its_help_to_the_cell(kerasnb, command):
    text = kerasnb(f"{command} -h")
    assert text.startswith(f"usage: %kerasnb {command}")
    assert f"%kerasnb {command}" in text.partition("examples:")[2]


@pytest.mark.parametrize("line", ["", "-h", "help"])
def test_help_lists_every_command(kerasnb, line):
    assert [name for name in COMMANDS if f"    {name} " not in kerasnb(line)] == []


def test_help_of_a_command_is_what_its_h_says(kerasnb):
    assert kerasnb("help fit") == kerasnb("fit -h")


def test_help_shows_without_quotes(kerasnb, shell):
    assert shell.display_formatter.format(kerasnb("help"))[0]["text/plain"].startswith("usage: ")


def test_unknown_command_offers_the_close_one(kerasnb):
    with pytest.raises(UsageError, match='no command "bild".*Did you mean "build"'):
        kerasnb("bild")


@pytest.mark.parametrize(
    "line, message",
    [
        ("fit digits_cnn --epochs many", "whole number from 1, got 'many'"),
        ("fit digits_cnn --epochs 0", "whole number from 1, got '0'"),
        ("fit digits_cnn --lr -1", "a number above 0, got '-1'|expected one argument"),
        ("fit digits_cnn --split 1", "fraction from 0 up to 1, got '1'"),
        ("fit digits_cnn --wait --plain", "not allowed with"),
        ("build m --input 8,x", "shape of one sample, as 8,8,1"),
        ("code digits_cnn --style keras9", "invalid choice: 'keras9'"),
        ("summary", "required: MODEL"),
        ("summary digits_cnn --nothing", 'there is no "--nothing"'),
        ("fit digits_cnn --batch 16", 'there is no "--batch". Did you mean "--batch-size"?'),
        ("fit digits_cnn --val x y", 'Did you mean "--validation" or "--validation-steps"?'),
        ("fit digits_cnn batch_size=16", 'there is no "batch_size". Did you mean "--batch-size"?'),
        ("runs --prune-all 3", 'Did you mean "--prune"?'),
        ("summary digits_cnn and_more", 'nothing can be done with "and_more"'),
    ],
)
def test_wrong_arguments_are_usage_errors_that_point_to_help(kerasnb, line, message):
    with pytest.raises(UsageError, match=message) as raised:
        kerasnb(line)
    assert str(raised.value).endswith(f"See %kerasnb {line.split()[0]} -h.")


def test_open_quotation_is_a_usage_error(kerasnb):
    with pytest.raises(UsageError, match="no closing quotation"):
        kerasnb("graph 'digits")


def test_error_of_the_core_arrives_without_a_traceback(kerasnb):
    with pytest.raises(UsageError, match='%kerasnb backend: BackendError: no backend "theeano".*mean "theano"'):
        kerasnb("backend theeano")


def test_missing_widget_library_says_what_to_install(kerasnb, monkeypatch):
    monkeypatch.setitem(sys.modules, "anywidget", None)
    for name in [name for name in sys.modules if name.startswith("kerasnb.widgets.")]:
        monkeypatch.delitem(sys.modules, name)
    with pytest.raises(UsageError, match=r'needs anywidget.*\n.*pip install "kerasnb\[lab\]"'):
        kerasnb("build digits_cnn")


def test_loading_the_extension_loads_no_backend_and_no_widgets():
    code = (
        "import sys; from IPython.core.interactiveshell import InteractiveShell as S; s = S.instance();"
        "s.run_line_magic('load_ext', 'kerasnb');"
        "print({'numpy', 'anywidget', 'tensorflow', 'pytensor', 'jax', 'matplotlib'} & set(sys.modules))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "set()"


def test_unloading_takes_out_all_that_loading_put_in(shell):
    from kerasnb.magics import unload

    before = len(shell.Completer.custom_matchers)
    unload(shell)
    assert shell.find_line_magic("kerasnb") is None
    assert len(shell.Completer.custom_matchers) == before - 1
