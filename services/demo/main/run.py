"""Entry of `samplan demo`: hands in the environment and the clock."""

import os
from datetime import UTC, datetime

from services.demo.overview import Spoken
from services.demo.run_demo import reset_demo, run_demo


def demo() -> None:
    """Run the demo until it is stopped; Obstacle when it cannot come up."""
    run_demo(os.environ, datetime.now(UTC).date(), Spoken())


def reset() -> None:
    """Forget what the demo has stored."""
    reset_demo(os.environ)
    Spoken().line("The demo has forgotten everything; the next start loads a new county.")
