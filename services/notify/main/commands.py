"""`samplan notify …`: notify's processes on the command line."""

import typer

from services.chassis.process_command import WIDTH, process_command
from services.chassis.settings import ServiceSettings

notify = typer.Typer(
    help="Run a process of notify, which tells of changes.",
    no_args_is_help=True,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
)


def _api_settings() -> type[ServiceSettings]:
    from services.notify.settings import NotifySettings

    return NotifySettings


def _worker_settings() -> type[ServiceSettings]:
    from services.notify.settings import WorkerSettings

    return WorkerSettings


@notify.command("api", cls=process_command(_api_settings), context_settings=WIDTH)
def notify_api() -> None:
    """Take events; serve subscriptions and the inbox."""
    from services.notify.main.api import run_api

    run_api()


@notify.command("worker", cls=process_command(_worker_settings), context_settings=WIDTH)
def notify_worker() -> None:
    """Deliver, asking sip before each attempt."""
    from services.notify.main.worker import run_worker

    run_worker()
