"""Bundles that go out: search pages, histories and answers to transactions, joined from stored bytes."""

from collections.abc import Sequence
from typing import Any
from urllib.parse import urlencode

import orjson

from services.sip.use_cases.new_versions import instant
from services.sip.use_cases.ports import Stored

Links = Sequence[tuple[str, str]]


def search_bundle(
    base: str, hits: Sequence[Stored], links: Links, total: int | None, outcome: bytes | None
) -> bytes:
    """Build a searchset; every hit's bytes go in as they are stored."""
    entries = [
        b'{"fullUrl":"%s/%s","resource":%s,"search":{"mode":"match"}}'
        % (base.encode(), hit.key.encode(), hit.body)
        for hit in hits
    ]
    if outcome is not None:
        entries.append(b'{"resource":%s,"search":{"mode":"outcome"}}' % outcome)
    head: dict[str, Any] = {"resourceType": "Bundle", "type": "searchset"}
    if total is not None:
        head["total"] = total
    head["link"] = [{"relation": relation, "url": url} for relation, url in links]
    opening = orjson.dumps(head)[:-1]
    return opening + (b',"entry":[%s]}' % b",".join(entries) if entries else b"}")


def page_url(base: str, kind: str, parameters: Sequence[tuple[str, str]]) -> str:
    """Give the address of a page."""
    return f"{base}/{kind}" + (f"?{urlencode(parameters)}" if parameters else "")


def history_entry(base: str, stored: Stored) -> dict[str, Any]:
    """Build the entry of one version, with the request that made it."""
    kind = stored.key.split("/")[0]
    first = stored.version == 1
    method, status = ("DELETE", "204") if stored.deleted else ("POST", "201") if first else ("PUT", "200")
    entry: dict[str, Any] = {"fullUrl": f"{base}/{stored.key}"}
    if not stored.deleted:
        entry["resource"] = orjson.Fragment(stored.body)
    return entry | {
        "request": {"method": method, "url": kind if first else stored.key},
        "response": {"status": status, "etag": f'W/"{stored.version}"', "lastModified": instant(stored.at)},
    }
