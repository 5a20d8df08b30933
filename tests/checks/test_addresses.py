"""Tracked files name no registry, no mirror and no machine's folders: those are set where it is installed."""

import re

import pytest

from tests.checks.tracked import text_of, tracked_files

# Taken apart, so that this file does not contain what it looks for.
HOSTS = [
    ("pypi", "org"), ("pythonhosted", "org"), ("pypi", "python.org"), ("npmjs", "org"), ("npmjs", "com"),
    ("yarnpkg", "com"), ("docker", "io"), ("docker", "com"), ("ghcr", "io"), ("quay", "io"), ("gcr", "io"),
    ("pkg", "dev"), ("mcr.microsoft", "com"), ("deb.debian", "org"), ("snapshot.debian", "org"),
    ("archive.ubuntu", "com"), ("proxy.golang", "org"), ("crates", "io"), ("repo.maven", "apache.org"),
    ("rubygems", "org"), ("packages.cloud.google", "com"), ("dl.k8s", "io"), ("registry.k8s", "io"),
    ("fastdl.mongodb", "org"), ("repo.mongodb", "org"), ("raw.githubusercontent", "com"),
]  # fmt: skip
OPTIONS = ["index-url", "extra-index-url", "find-links", "trusted-host"]
FOLDERS = ["work", "root", "home", "Users", "tmp/w"]

FORBIDDEN = {
    "the host of a registry": re.compile(r"\b(?:" + "|".join(re.escape(".".join(h)) for h in HOSTS) + r")\b"),
    "an address of packages": re.compile(
        r"(?<![\w-])--(?:" + "|".join(OPTIONS) + r")\b|\b(?:PIP|UV)_\w*INDEX"
    ),
    "a folder of one machine": re.compile(r"(?<![\w.:/{}$\-])/(?:" + "|".join(FOLDERS) + r")/(?!\*)"),
    "a file to download": re.compile(r"https?://\S+\.(?:whl|tgz|deb|rpm|zip|tar\.(?:gz|xz|bz2))\b"),
}


def forbidden_in(text: str) -> list[str]:
    """What is found, with its line number and text."""
    return [
        f"line {number}: {what}: {line.strip()[:100]}"
        for number, line in enumerate(text.splitlines(), start=1)
        for what, pattern in FORBIDDEN.items()
        if pattern.search(line)
    ]


def test_no_tracked_file_names_a_registry_or_a_machine() -> None:
    found = {str(path): lines for path in tracked_files() if (lines := forbidden_in(text_of(path)))}

    assert not found


@pytest.mark.parametrize(
    "text",
    [
        "see https://" + "pypi" + ".org/simple",
        "FROM " + "docker" + ".io/library/python",
        "pip install --" + "index-url somewhere",
        "cd /" + "work/main",
        "open('/" + "home/anna/x')",
        "https://example.org/a/b" + ".whl",
    ],
)
def test_each_forbidden_thing_would_be_found(text: str) -> None:
    assert forbidden_in(text)


@pytest.mark.parametrize(
    "text",
    ["https://samplan.example/fhir/", "/fhir/CarePlan/x", "https://host.example/home/plan", "x-work/y"],
)
def test_ordinary_addresses_are_left_in_peace(text: str) -> None:
    assert not forbidden_in(text)
