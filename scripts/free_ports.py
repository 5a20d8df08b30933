"""Whether six ports in a row are free on loopback: says which is busy, and where six are free."""

import socket
import sys
import time

COUNT = 6
HIGHEST = 65535
# The processes of a demo that was killed need a moment to notice and to let go of their ports.
PATIENCE_SECONDS = 5.0


def is_free(port: int) -> bool:
    """Whether a server could listen on the port of 127.0.0.1 now."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True


def busy_ports(first: int) -> list[int]:
    """Those of the six ports from `first` that somebody listens on."""
    return [port for port in range(first, first + COUNT) if not is_free(port)]


def busy_after_waiting(first: int, patience: float) -> list[int]:
    """The ports still busy when `patience` seconds have passed; returns at once when all are free."""
    deadline = time.monotonic() + patience
    while (busy := busy_ports(first)) and time.monotonic() < deadline:
        time.sleep(0.2)
    return busy


def free_block(near: int) -> int:
    """The first port of six free ones, in steps of a thousand from `near`."""
    starts = [near % 1000 + thousand * 1000 for thousand in range(9, 60)]
    return next((start for start in starts if not busy_ports(start)), near)


def complaint(first: int, goal: str, patience: float) -> str | None:
    """One line for a person: what is wrong with the ports and the command that mends it, or None."""
    if not 1024 <= first <= HIGHEST - COUNT + 1:
        wanted = f"1024 to {HIGHEST - COUNT + 1}"
        return f"SAMPLAN_PORT is {first}, it must be {wanted}. Mend: make {goal} SAMPLAN_PORT=8000"
    busy = busy_after_waiting(first, patience)
    if not busy:
        return None
    names = ", ".join(map(str, busy))
    noun, verb = ("port", "is") if len(busy) == 1 else ("ports", "are")
    mend = f"make {goal} SAMPLAN_PORT={free_block(first)}"
    return f"{noun} {names} {verb} busy (is a demo running already?). Mend: {mend}"


def main() -> int:
    """Exit code 1 with one line on stderr when a port is busy: free_ports.py FIRST GOAL."""
    said = complaint(int(sys.argv[1]), sys.argv[2], PATIENCE_SECONDS)
    if said is not None:
        sys.stderr.write(f"samplan: {said}\n")
    return 0 if said is None else 1


if __name__ == "__main__":
    sys.exit(main())
