#!/bin/sh
# Says in one line what this machine lacks and the one command that mends it; silent when all is well.
#
#   doctor.sh setup    before the virtual environment is built: Python 3.11, venv
#   doctor.sh mongod   before a mongod is started: architecture, libcurl4
#
# What can only be seen later (busy ports, a demo that runs already) the demo itself says in the same way.
# PYTHON names the interpreter to build with (default python3), GOAL the make target to suggest again.
set -u

PYTHON=${PYTHON:-python3}
GOAL=${GOAL:-demo}

stop() {
    printf 'samplan: %s\n' "$1" >&2
    exit 1
}

# apt's lists are empty in a new container, and its root has no sudo; the suggested line has to work in both.
apt_line() {
    if [ "$(id -u)" -eq 0 ]; then
        echo "apt-get update && apt-get install -y $*"
    else
        echo "sudo apt-get update && sudo apt-get install -y $*"
    fi
}

own_mongod() {
    [ -n "${SAMPLAN_MONGO_URL:-}" ] || command -v mongod >/dev/null 2>&1
}

linux_x86_64() {
    [ "$(uname -s)" = Linux ] && [ "$(uname -m)" = x86_64 ]
}

# The mongod of the demo is built for Linux x86_64 and loads the system's libcurl.
needs_libcurl() {
    ! own_mongod && linux_x86_64 &&
        ! "$PYTHON" -c 'import ctypes; ctypes.CDLL("libcurl.so.4")' >/dev/null 2>&1
}

new_enough() {
    "$1" -c 'import sys; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1
}

newer_python() {
    for candidate in python3.14 python3.13 python3.12 python3.11; do
        if new_enough "$candidate" && "$candidate" -c 'import ensurepip, venv' >/dev/null 2>&1; then
            echo "$candidate"
            return
        fi
    done
}

check_setup() {
    missing=""
    if ! command -v "$PYTHON" >/dev/null 2>&1; then
        [ "$PYTHON" = python3 ] || stop "there is no $PYTHON here. Mend: make $GOAL PYTHON=python3"
        missing="python3 python3-venv"
    elif ! new_enough "$PYTHON"; then
        here=$("$PYTHON" -V 2>&1)
        other=$(newer_python)
        [ -n "$other" ] && stop "Python 3.11 or newer is needed, $PYTHON is $here. Mend: make $GOAL PYTHON=$other"
        stop "Python 3.11 or newer is needed, $PYTHON is $here. Mend: $(apt_line python3.11 python3.11-venv) && make $GOAL PYTHON=python3.11"
    elif ! "$PYTHON" -c 'import ensurepip, venv' >/dev/null 2>&1; then
        case $("$PYTHON" -c 'import sys; print(sys.executable)') in
        /usr/bin/python3 | /usr/bin/python3.*) missing="$(basename "$PYTHON")-venv" ;;
        *) missing="python3-venv" ;;
        esac
    fi
    # All that apt can mend is named at once, so that there is one line and one command.
    needs_libcurl && missing="${missing:+$missing }libcurl4"
    [ -z "$missing" ] || stop "missing here: $missing. Mend: $(apt_line "$missing")"
}

check_mongod() {
    own_mongod && return
    linux_x86_64 || stop "the bundled mongod runs on Linux x86_64 only, this is $(uname -s) $(uname -m). Mend: install MongoDB 6 or newer so that mongod is on PATH, or: make $GOAL SAMPLAN_MONGO_URL='mongodb://HOST:27017/?replicaSet=NAME'"
    needs_libcurl && stop "missing here: libcurl4. Mend: $(apt_line libcurl4)"
    return 0
}

case ${1:-} in
setup) check_setup ;;
mongod) check_mongod ;;
*) stop "unknown check '${1:-}'. Mend: $0 setup|mongod" ;;
esac
