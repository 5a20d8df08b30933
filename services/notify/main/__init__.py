"""Wiring of notify's processes: settings are read, parts are made and handed to each other, here alone."""

from services.notify.main.api import build_api, run_api
from services.notify.main.worker import build_worker, run_worker

__all__ = ["build_api", "build_worker", "run_api", "run_worker"]
