"""What a body may hold and how it may come: garbage is told by its line, and an import goes on where it stopped."""

import gzip

import httpx2
import pytest

from tests.sip.bulk.material import (
    NDJSON,
    Centre,
    counted,
    found,
    load,
    name,
    ndjson,
    refusals,
    told,
)


def test_garbage_is_told_line_by_line_and_the_rest_is_loaded(doctor: httpx2.Client, home: Centre) -> None:
    good = [ndjson(home.encounter(name())).strip() for _ in range(5)]
    whole = ndjson(home.encounter(name())).strip()
    lines = [
        good[0] + b"\r",
        b'{"resourceType": "Encounter", ',
        b"\x00\x01\xff\xfe\x89PNG",
        whole.replace(b'"finished"', b"NaN"),
        b'{"resourceType":"Encounter","x":"' + b"y" * (5 << 20) + b'"}',
        b'{"resourceType":"Goal"}',
        b"",
        good[1],
        b"[1,2]",
        whole.replace(b'"status"', b'"status":"planned","status"'),
        b"   \t",
        ndjson(home.encounter(name(), identifier=None)).strip(),
        b"\xef\xbb\xbf" + whole,
        b"[" * 200 + b"]" * 200,
        good[2],
        whole[:-20],
    ]

    answer = load(doctor, b"\n".join(lines), id="garbage")

    assert counted(answer) == (3, 0, 0, 11)
    assert told(answer)["lines"] == 16
    refused = refusals(doctor, "garbage")
    assert sorted(refused) == [2, 3, 4, 5, 6, 9, 10, 12, 13, 14, 16]
    texts = {line: why[0][0] for line, why in refused.items()}
    assert "1048576 bytes" in texts[5]
    assert "given twice" in texts[10]
    assert "identifier" in texts[12]
    assert "not JSON" in texts[16]
    assert refusals(doctor, "garbage", after=12).keys() == {13, 14, 16}


@pytest.mark.parametrize("media", ["application/fhir+json", "text/csv", ""])
def test_other_media_types_are_refused(doctor: httpx2.Client, media: str) -> None:
    answer = doctor.post("/fhir/Encounter/$import", content=b"{}", headers={"Content-Type": media})
    assert answer.status_code == 415


def test_what_is_compressed_is_refused_before_it_is_opened(doctor: httpx2.Client) -> None:
    bomb = gzip.compress(b"0" * (8 << 20))
    answer = doctor.post(
        "/fhir/Encounter/$import", content=bomb, headers={**NDJSON, "Content-Encoding": "gzip"}
    )
    assert answer.status_code == 415


def test_an_import_goes_on_where_it_stopped(doctor: httpx2.Client, home: Centre) -> None:
    lines = [home.encounter(name()) for _ in range(4)]
    first = load(doctor, ndjson(*lines[:2], home.encounter(name(), status="no")), id="in-parts")
    assert told(first)["lines"] == 3
    came = doctor.get("/fhir/Encounter/$import", params={"id": "in-parts"})
    assert told(came) == told(first)

    ahead = load(doctor, ndjson(lines[3]), id="in-parts", line=5)
    assert ahead.status_code == 400
    assert "line 4" in ahead.json()["issue"][0]["details"]["text"]
    corrected = load(doctor, ndjson(lines[2], lines[3]), id="in-parts", line=3)

    assert told(corrected)["lines"] == 4
    assert refusals(doctor, "in-parts") == {}
    assert all(len(found(doctor, one["identifier"][0]["value"])) == 1 for one in lines)
