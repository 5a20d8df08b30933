"""What an image of ours must be; gives the faults of a Dockerfile as sentences."""

import json
import re
from collections.abc import Iterator

LABELS = {"title", "description", "licenses", "version", "revision"}


def instructions(text: str) -> Iterator[tuple[str, str]]:
    """Each instruction with its arguments, continued lines joined, comments left out."""
    kept = "\n".join(line for line in text.splitlines() if not line.lstrip().startswith("#"))
    for line in kept.replace("\\\n", " ").splitlines():
        if line.strip():
            word, _, arguments = line.strip().partition(" ")
            yield word.upper(), arguments.strip()


def faults(text: str) -> list[str]:
    """Everything that the image should not be or do."""
    found = list(instructions(text))
    last = max((place for place, (word, _) in enumerate(found) if word == "FROM"), default=0)
    expectations = {
        "is built in stages": sum(word == "FROM" for word, _ in found) >= 2,
        "names its base with a version": _has_versioned_base(found),
        "installs only what is locked by hash, or what it built": _installs_only_locked(found),
        "fetches nothing by itself": not any(_fetches(word, arguments) for word, arguments in found),
        "runs as a number": _runs_as_number(found[last:]),
        "starts without a shell": _starts_without_shell(found[last:]),
        "says what it is": _labels(found[last:]) >= LABELS,
        "takes no secret": not re.search(r"(?i)^\s*(ARG|ENV).*(secret|password|token)", text, re.MULTILINE),
    }
    return [expectation for expectation, holds in expectations.items() if not holds]


def _has_versioned_base(found: list[tuple[str, str]]) -> bool:
    defaults = {
        arguments.partition("=")[0]: arguments.partition("=")[2] for word, arguments in found if word == "ARG"
    }
    names = [arguments.split()[0] for word, arguments in found if word == "FROM"]
    bases = [defaults.get(name.strip("${}"), name) for name in names]
    return all(re.search(r":[^:@/]*\d|@sha256:", base) and ":latest" not in base for base in bases)


def _installs_only_locked(found: list[tuple[str, str]]) -> bool:
    commands = [part for word, arguments in found if word == "RUN" for part in arguments.split("&&")]
    installs = [command for command in commands if "pip install" in command]
    return bool(installs) and all("--require-hashes" in each or "--no-index" in each for each in installs)


def _fetches(word: str, arguments: str) -> bool:
    return word == "ADD" or (
        word == "RUN" and re.search(r"\b(curl|wget|apt-get|apt|git)\b", arguments) is not None
    )


def _runs_as_number(stage: list[tuple[str, str]]) -> bool:
    users = [arguments for word, arguments in stage if word == "USER"]
    return bool(users) and re.fullmatch(r"[1-9]\d{3,}(:[1-9]\d{3,})?", users[-1]) is not None


def _starts_without_shell(stage: list[tuple[str, str]]) -> bool:
    starts = {word: arguments for word, arguments in stage if word in {"ENTRYPOINT", "CMD"}}
    return "ENTRYPOINT" in starts and all(_is_list_without_shell(arguments) for arguments in starts.values())


def _is_list_without_shell(arguments: str) -> bool:
    try:
        words = json.loads(arguments)
    except ValueError:
        return False
    return isinstance(words, list) and not {"sh", "bash", "/bin/sh", "/bin/bash"} & set(words)


def _labels(stage: list[tuple[str, str]]) -> set[str]:
    text = " ".join(arguments for word, arguments in stage if word == "LABEL")
    return set(re.findall(r"org\.opencontainers\.image\.(\w+)=", text))
