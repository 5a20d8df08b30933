"""Logs: one JSON line an event, and nothing in it that nobody has listed."""

import io
import json
import logging
from collections.abc import Iterator

import pytest

from services.chassis.logs import configure_logs


@pytest.fixture
def written() -> Iterator[io.StringIO]:
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    stream = io.StringIO()
    configure_logs("sip-api", stream=stream)
    yield stream
    root.handlers[:] = handlers
    root.setLevel(level)


def lines(written: io.StringIO) -> list[dict[str, object]]:
    return [json.loads(line) for line in written.getvalue().splitlines()]


def test_an_event_is_one_json_line_with_its_service(written: io.StringIO) -> None:
    logging.getLogger("services.sip").warning("notify_not_reached", extra={"reason": "ConnectError"})
    [line] = lines(written)
    assert line["event"] == "notify_not_reached"
    assert (line["service"], line["level"], line["reason"]) == ("sip-api", "warning", "ConnectError")
    assert "timestamp" in line


def test_a_field_that_nobody_listed_is_left_out(written: io.StringIO) -> None:
    logging.getLogger("services.sip").warning("x", extra={"personal_number": "201701012393"})
    assert "201701012393" not in str(lines(written))


def test_an_exception_is_told_by_type_and_place_and_never_by_its_text(
    written: io.StringIO,
) -> None:
    try:
        raise ValueError("201701012393 is no date")  # noqa: TRY301
    except ValueError:
        logging.getLogger("uvicorn.error").exception("Exception in ASGI application")
    [line] = lines(written)
    assert line["error_type"] == "ValueError"
    assert str(line["where"]).startswith("tests.chassis.test_logs:")
    assert "201701012393" not in str(line)
