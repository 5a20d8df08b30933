"""Bundles that go out: search pages, histories and answers to transactions, joined from stored bytes."""

from collections.abc import Callable, Sequence
from typing import Any
from urllib.parse import urlencode

import orjson

from services.sip.use_cases.new_versions import instant
from services.sip.use_cases.ports import Page, Stored

Links = Sequence[tuple[str, str]]


def search_bundle(
    base: str,
    page: Page,
    heading: tuple[Links, int | None],
    outcome: bytes | None,
    smaller: Callable[[bytes], bytes] | None = None,
) -> bytes:
    """Build a searchset from links and total; every body goes in as it is stored, or made smaller."""
    links, total = heading
    entries = [
        b'{"fullUrl":"%s/%s","resource":%s,"search":{"mode":"%s"}}'
        % (base.encode(), one.key.encode(), smaller(one.body) if smaller else one.body, mode)
        for mode, some in ((b"match", page.hits), (b"include", page.included))
        for one in some
    ]
    if outcome is not None:
        entries.append(b'{"resource":%s,"search":{"mode":"outcome"}}' % outcome)
    head: dict[str, Any] = {"resourceType": "Bundle", "type": "searchset"}
    if total is not None:
        head["total"] = total
    head["link"] = [{"relation": relation, "url": url} for relation, url in links]
    opening = orjson.dumps(head)[:-1]
    return opening + (b',"entry":[%s]}' % b",".join(entries) if entries else b"}")


def page_url(base: str, path: str, parameters: Sequence[tuple[str, str]]) -> str:
    """Give the address of a page."""
    return f"{base}/{path}" + (f"?{urlencode(parameters)}" if parameters else "")


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
