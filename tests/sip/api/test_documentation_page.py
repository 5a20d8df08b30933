"""/docs works where no network but the services' own is reached."""

import re

import httpx2

from tests.sip.harness import County


def test_the_page_needs_nothing_from_another_address(served: County) -> None:
    with httpx2.Client(base_url=served.url, trust_env=False) as anybody:
        page = anybody.get("/docs")
        parts = re.findall(r'(?:src|href)="([^"]+)"', page.text)
        answers = {part: anybody.get(part).status_code for part in parts if part.startswith("/")}

    assert page.status_code == 200
    assert sorted(answers) == sorted(parts)
    assert len(parts) >= 3
    assert set(answers.values()) == {200}
