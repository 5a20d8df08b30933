"""Every error is told in the form of each way in."""

import inspect

from services.notify.api.asking import STATUS_AND_TITLE
from services.notify.domain import errors
from services.notify.fhir.answers import STATUS_AND_CODE

EVERY = {
    kind
    for _, kind in inspect.getmembers(errors, inspect.isclass)
    if issubclass(kind, errors.NotifyError) and kind is not errors.NotifyError
}


def test_every_error_has_a_status_under_fhir_and_one_outside_and_they_agree() -> None:
    fhir = {kind: status for kind, (status, _) in STATUS_AND_CODE.items()}
    plain = {kind: status for kind, (status, _) in STATUS_AND_TITLE.items()}

    assert set(fhir) == EVERY
    assert fhir == plain
