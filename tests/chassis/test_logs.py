"""Logs: one JSON line an event, and nothing in it that nobody has listed."""

import json
import logging
from collections.abc import Iterator

import pytest

from services.chassis.logs import configure_logs


@pytest.fixture(autouse=True)
def restored(capsys: pytest.CaptureFixture[str]) -> Iterator[None]:
    assert capsys is not None  # the stream must be in place before the handler takes it
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    configure_logs("sip-api")
    yield
    root.handlers[:] = handlers
    root.setLevel(level)


def lines(capsys: pytest.CaptureFixture[str]) -> list[dict[str, object]]:
    return [json.loads(line) for line in capsys.readouterr().err.splitlines()]


def test_an_event_is_one_json_line_with_its_service(capsys: pytest.CaptureFixture[str]) -> None:
    logging.getLogger("services.sip").warning("notify_not_reached", extra={"reason": "ConnectError"})
    [line] = lines(capsys)
    assert line["event"] == "notify_not_reached"
    assert (line["service"], line["level"], line["reason"]) == ("sip-api", "warning", "ConnectError")
    assert "timestamp" in line


def test_a_field_that_nobody_listed_is_left_out(capsys: pytest.CaptureFixture[str]) -> None:
    logging.getLogger("services.sip").warning("x", extra={"personal_number": "201701012393"})
    assert "201701012393" not in str(lines(capsys))


def test_an_exception_is_told_by_type_and_place_and_never_by_its_text(
    capsys: pytest.CaptureFixture[str],
) -> None:
    try:
        raise ValueError("201701012393 is no date")  # noqa: TRY301
    except ValueError:
        logging.getLogger("uvicorn.error").exception("Exception in ASGI application")
    [line] = lines(capsys)
    assert line["error_type"] == "ValueError"
    assert str(line["where"]).startswith("tests.chassis.test_logs:")
    assert "201701012393" not in str(line)
