"""Runs a command that the kernel ends as soon as the process that started it is gone, however it ended.

Usage: python -I -S die_with_parent.py PARENT_PID COMMAND [ARGUMENT ...]
"""

import ctypes
import os
import signal
import sys

PR_SET_PDEATHSIG = 1  # <sys/prctl.h>; stays in force over exec


def main() -> None:
    """Ask the kernel for the signal, then become the command."""
    parent, *command = sys.argv[1:]
    send_when_parent_dies(signal.SIGKILL)
    if os.getppid() != int(parent):
        sys.exit("the process that started this one is gone already")
    os.execvp(command[0], command)  # noqa: S606 - the command is the demo's own, and no shell is wanted


def send_when_parent_dies(number: signal.Signals) -> None:
    """Have the kernel send this process the signal when the thread that started it ends; Linux only."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, int(number))


if __name__ == "__main__":
    main()
