"""Keep what a run found, so that a later one can go on where it was stopped."""

from __future__ import annotations

import json
from collections.abc import Collection
from dataclasses import asdict
from pathlib import Path

from scripts.architectures.attempt import Attempt


def kept_attempts(path: Path, names: Collection[str]) -> list[Attempt]:
    """Return what was found of some architectures, the newest of each."""
    lines = path.read_text().splitlines() if path.exists() else []
    found = {each["model_type"]: Attempt(**each) for each in map(json.loads, lines)}
    return [each for name, each in found.items() if name in names]


def keep_attempt(path: Path, attempt: Attempt) -> None:
    """Keep what was found of an architecture."""
    path.parent.mkdir(exist_ok=True)
    with path.open("a") as file:
        file.write(json.dumps(asdict(attempt)) + "\n")
