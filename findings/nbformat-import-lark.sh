#!/usr/bin/env bash
# nbformat 5.11.1 with jsonschema's extra "format-nongpl", which jupyter_events asks for and so every JupyterLab has: `import nbformat`
# builds 39 parsers by Lark, since rfc3987_syntax 1.1.0 makes one for each rule of its grammar when it is imported, and jsonschema
# imports it to know whether it is there. They are most of the second that the import takes; no notebook uses one of them.
# Seen (Python 3.11):
#   jsonschema: 0 parsers
#   jsonschema[format-nongpl]: 39 parsers
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
cat > look.py <<'PYTHON'
import sys

built = 0
try:
    import lark
except ModuleNotFoundError:
    lark = None
if lark:
    make = lark.Lark.__init__

    def counted(self, *args, **kwargs):
        global built
        built += 1
        make(self, *args, **kwargs)

    lark.Lark.__init__ = counted
import nbformat  # noqa: E402, F401

print(f"{sys.argv[1]}: {built} parsers")
assert built == int(sys.argv[2]), "the behaviour has changed"
PYTHON
for wanted in "jsonschema 0" "jsonschema[format-nongpl] 39"; do
    set -- $wanted
    python3 -m venv "$folder/venv"
    "$folder/venv/bin/python" -m pip install -q nbformat==5.11.1 "$1==4.26.0" $([ "$2" = 0 ] || echo rfc3987_syntax==1.1.0)
    "$folder/venv/bin/python" look.py "$1" "$2"
    rm -rf "$folder/venv"
done
