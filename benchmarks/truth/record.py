"""Figures of a section, kept in a file while it is measured, so that it can be gone on with."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from itertools import islice
from pathlib import Path
from time import perf_counter
from typing import Any

Figures = dict[str, dict[str, list[float]]]
"""For each row of a table the figures of each text by their names."""


class Record:
    """The figures of a section in a file, one line a text after a line that says what is measured.

    Parameters
    ----------
    path
        The file. If it says the same, its texts are not measured again; if not, it is begun anew.
    what
        What is measured: all that changes the figures.
    """

    def __init__(self, path: Path, what: dict[str, Any]) -> None:
        self.path = path
        self.seconds = 0.0
        self.texts: list[Figures] = []
        path.parent.mkdir(parents=True, exist_ok=True)
        lines = path.read_text().splitlines() if path.exists() else []
        if lines and json.loads(lines[0]) == json.loads(json.dumps(what)):
            for line in lines[1:]:
                self._take(json.loads(line))
        else:
            path.write_text(json.dumps(what) + "\n")

    def measure(
        self,
        examples: Iterable[Any],
        count: int,
        figures: Callable[[Any], Figures],
        say: Callable[[str], object],
    ) -> Figures:
        """Measure what is missing up to some number of texts, and return the figures of all."""
        known = len(self.texts)
        for example in islice(examples, known, count):
            begun = perf_counter()
            line = {"figures": figures(example), "seconds": perf_counter() - begun}
            with self.path.open("a") as file:
                file.write(json.dumps(line) + "\n")
            self._take(line)
            if len(self.texts) % 10 == 0:
                say(f"{self.path.stem}: {len(self.texts)} of {count}, {self.seconds:.0f} s")
        return joined(self.texts[:count])

    def _take(self, line: dict[str, Any]) -> None:
        self.texts.append(line["figures"])
        self.seconds += line["seconds"]


def joined(texts: Iterable[Figures]) -> Figures:
    """Return the figures of all texts in one."""
    found: Figures = {}
    for text in texts:
        for row, figures in text.items():
            for name, values in figures.items():
                found.setdefault(row, {}).setdefault(name, []).extend(values)
    return found
