"""A plain Starlette route that tells the metrics its template; Starlette itself leaves no trace of it."""

from starlette.routing import Match, Route
from starlette.types import Scope


class TemplatedRoute(Route):
    """A Route that puts itself into the scope as `route`, where FastAPI's routes are found as well."""

    def matches(self, scope: Scope) -> tuple[Match, Scope]:
        """Match as Starlette does, and leave the route in the scope."""
        match, child = super().matches(scope)
        if match is not Match.NONE:
            child["route"] = self
        return match, child
