"""A process on the command line: its help lists every setting there is, and a wrong one is told in a line."""

import re
import sys
from collections.abc import Callable, Iterator
from typing import Any

from pydantic import ValidationError
from pydantic.fields import FieldInfo
from pydantic_settings import BaseSettings, SettingsError
from typer.core import TyperCommand

WIDTH = {"max_content_width": 100}


def process_command(settings: Callable[[], type[BaseSettings]]) -> type[TyperCommand]:
    """Give the class of a command that reads such settings; they are imported when they are needed."""

    class ProcessCommand(TyperCommand):
        def format_epilog(self, ctx: Any, formatter: Any) -> None:
            """Tell what the environment must hold, and what it may."""
            del ctx
            told = settings()
            needed = {name: field for name, field in told.model_fields.items() if field.is_required()}
            others = {name: field for name, field in told.model_fields.items() if name not in needed}
            for heading, fields in (("Needed in the environment", needed), ("Looked for there too", others)):
                with formatter.section(heading):
                    formatter.write_dl(list(_rows(told, fields)), col_max=44)

        def invoke(self, ctx: Any) -> Any:
            """Run it; settings that are missing or wrong are told one to a line."""
            try:
                return super().invoke(ctx)
            except ValidationError as failure:
                if not failure.title.endswith("Settings"):
                    raise
                _complain(_wrong(_prefix(settings()), failure))
            except SettingsError as failure:
                at = re.search(r'field "(\w+)"', str(failure))
                name = _prefix(settings()) + (at[1].upper() if at else "…")
                _complain([f"{name}: cannot be read. The command's --help shows its form."])
            raise SystemExit(2) from None

    return ProcessCommand


def _rows(settings: type[BaseSettings], fields: dict[str, FieldInfo]) -> Iterator[tuple[str, str]]:
    for name, field in fields.items():
        text = " ".join((field.description or "").split())
        yield _prefix(settings) + name.upper(), text + _default(field)


def _default(field: FieldInfo) -> str:
    given = None if field.is_required() else field.get_default(call_default_factory=True)
    if given in (None, "", ()):
        return ""
    said = str(given).lower() if isinstance(given, bool) else given
    return f" [{', '.join(map(str, said)) if isinstance(said, tuple) else said}]"


def _prefix(settings: type[BaseSettings]) -> str:
    return settings.model_config.get("env_prefix", "")


def _wrong(prefix: str, failure: ValidationError) -> Iterator[str]:
    for wrong in failure.errors(include_input=False, include_url=False):
        field, *within = (str(part) for part in wrong["loc"])
        where = f" ({'.'.join(within)})" if within else ""
        said = "is not set" if wrong["type"] == "missing" and not within else wrong["msg"]
        yield f"{prefix}{field.upper()}{where}: {said}. The command's --help says what it is for."


def _complain(texts: Any) -> None:
    for text in texts:
        print(f"samplan: {text}", file=sys.stderr)  # noqa: T201 - it talks to a person
