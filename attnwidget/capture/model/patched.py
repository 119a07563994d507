"""Attributes that are changed for a while and then put back, by several threads at once."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any


@dataclass
class _Loan:
    """One attribute on loan: what it was, and who wants it to be what now."""

    owner: object
    original: Any
    wanted: dict[object, Any] = field(default_factory=dict)


_loans: dict[tuple[int, str], _Loan] = {}
_lock = threading.Lock()


@contextmanager
def borrowed(owner: object, attribute: str, value: object) -> Iterator[None]:
    """Set an attribute, and put it back when the last borrower is done.

    Borrowers may nest and may overlap in any order: while several hold the attribute it has the
    value of the latest, and its original value returns with the last of them.
    """
    key, borrower = (id(owner), attribute), object()
    try:
        with _lock:
            loan = _loans.get(key)
            if loan is None:
                loan = _loans[key] = _Loan(owner, getattr(owner, attribute))
            loan.wanted[borrower] = value
            setattr(owner, attribute, value)
        yield
    finally:
        with _lock:
            loan = _loans.get(key)
            if loan is not None and loan.wanted.pop(borrower, key) is not key:
                if loan.wanted:
                    setattr(owner, attribute, list(loan.wanted.values())[-1])
                else:
                    del _loans[key]
                    setattr(owner, attribute, loan.original)
