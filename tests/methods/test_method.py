"""A row that contradicts itself is refused where it is written."""

from __future__ import annotations

from typing import Any

import pytest

from attnwidget.methods.method import Method
from attnwidget.methods.registry import METHODS


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({}, "has no scores"),
        ({"matrix": METHODS["max_flow"].matrix}, "no steps for paths"),
        ({"head_rows": METHODS["attention"].head_rows}, "no steps for paths"),
        (
            {
                "head_rows": METHODS["attention"].head_rows,
                "followed_by": "rollout",
                "own_fusion": "the largest head",
            },
            "leave own_fusion out",
        ),
    ],
)
def test_a_row_that_contradicts_itself_is_refused(fields: dict[str, Any], message: str) -> None:
    with pytest.raises(ValueError, match=rf"'new'.*{message}"):
        Method(name="new", title="new", question="New?", **fields)
