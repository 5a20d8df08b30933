"""The name by which a process holds a lease."""

import os
import socket
import uuid


def lease_holder() -> str:
    """Give a name that no other process has, from which operations see where it runs."""
    return f"{socket.gethostname()}:{os.getpid()}:{uuid.uuid4().hex[:8]}"
