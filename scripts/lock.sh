#!/bin/sh
# Compiles requirements/*.txt from pyproject.toml: names, versions and hashes for every platform, no index address.
set -eu
cd "$(dirname "$0")/.."

command -v uv >/dev/null 2>&1 || {
    echo "samplan: missing here: uv. Mend: python3 -m pip install --user uv" >&2
    exit 1
}

compile() {
    output=$1
    shift
    uv pip compile --quiet "$@" --python-version 3.11 --universal --generate-hashes \
        --no-emit-index-url --no-emit-find-links --no-annotate --no-header --output-file "requirements/$output.txt"
}

compile build --group build
compile run pyproject.toml --extra sip --extra notify
compile demo pyproject.toml --extra sip --extra notify --extra demo
compile dev pyproject.toml --extra sip --extra notify --extra demo --extra dev
