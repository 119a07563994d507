"""Patch attributes for a while, from several threads at once."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any


@dataclass
class _Patch:
    """A patched attribute: its owner, its original value and the value each caller has set."""

    owner: object
    original: Any
    values: dict[object, Any] = field(default_factory=dict)


_patches: dict[tuple[int, str], _Patch] = {}
_lock = threading.Lock()


@contextmanager
def patched_attribute(owner: object, attribute: str, value: object) -> Iterator[None]:
    """Set an attribute, and restore it when its last caller is done.

    Callers may nest and may overlap in any order: while several patch the attribute it has the
    value of the latest, and its original value returns with the last of them.
    """
    key, caller = (id(owner), attribute), object()
    try:
        with _lock:
            patch = _patches.get(key)
            if patch is None:
                patch = _patches[key] = _Patch(owner, getattr(owner, attribute))
            patch.values[caller] = value
            setattr(owner, attribute, value)
        yield
    finally:
        with _lock:
            patch = _patches.get(key)
            if patch is not None and patch.values.pop(caller, key) is not key:
                if patch.values:
                    setattr(owner, attribute, list(patch.values.values())[-1])
                else:
                    del _patches[key]
                    setattr(owner, attribute, patch.original)
