"""What matters to the person is said by the person."""

from typing import Any

import pytest

from services.sip.domain import codes
from services.sip.domain.care import AgreedPractice
from tests.sip.domain.care.scenarios import (
    DAUGHTER,
    WORDS,
    a_plan_ready_to_activate,
    changed,
    judged,
    rules,
    to,
)


@pytest.mark.parametrize(
    "content",
    [
        {},
        {"performer": [to(DAUGHTER)]},
        {"valueString": None, "dataAbsentReason": codes.ASKED_DECLINED.concept()},
        {"status": "registered", "valueString": None},
        {"code": {"text": "blodtryck"}, "performer": None, "valueString": None},
    ],
)
def test_own_words_or_not_wanting_to_say_are_answers(content: dict[str, Any]) -> None:
    record = a_plan_ready_to_activate()

    assert judged(record, changed(record, WORDS, **content)) == []


@pytest.mark.parametrize("content", [{"valueString": None}, {"valueString": " "}])
def test_an_empty_answer_is_refused(content: dict[str, Any]) -> None:
    record = a_plan_ready_to_activate()
    empty = changed(record, WORDS, **content)

    assert rules(judged(record, empty)) == ["what-matters-unanswered"]
    assert judged(record, empty, agreed=AgreedPractice(what_matters_required=False)) == []


@pytest.mark.parametrize("performer", [None, [to("PractitionerRole/nurse")]])
def test_staff_do_not_say_what_matters_to_the_person(performer: list[dict[str, str]] | None) -> None:
    record = a_plan_ready_to_activate()

    assert rules(judged(record, changed(record, WORDS, performer=performer))) == ["what-matters-performer"]
