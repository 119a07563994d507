"""A method that only its row describes: in files, pictures and comparisons, signed or not."""

from __future__ import annotations

from dataclasses import replace

import pytest

import attnwidget as aw
from attnwidget.methods.registry import METHODS
from attnwidget.trace import Trace
from attnwidget.views import VIEWS

from .conftest import Open, OpenFile


@pytest.mark.parametrize("view", VIEWS)
def test_a_file_opens_with_it_in_every_view(open_file: OpenFile, decoder: Trace, view: str) -> None:
    widget = aw.AttentionWidget(decoder, view, method="value_norm", discard_ratio=0.5)
    opened = open_file(widget.to_html())
    assert (opened.data("view"), opened.data("method")) == (view, "value_norm")
    assert opened.data("state") == "ready"
    assert opened.root.locator('[role="alert"]').count() == 0


def test_a_file_compares_attention_with_it(open_file: OpenFile, decoder: Trace) -> None:
    widget = aw.AttentionWidget(
        decoder, "matrix", matrix_mode="difference", compare_with={"method": "value_norm"}
    )
    opened = open_file(widget.to_html())
    assert opened.data("state") == "ready"
    assert "value norm" in opened.root.inner_text()


def test_a_signed_method_has_diverging_colours(
    open_widgets: Open, decoder: Trace, monkeypatch: pytest.MonkeyPatch
) -> None:
    def head_rows(trace, scores):
        rows = METHODS["attention"].head_rows(trace, scores)
        return lambda queries: rows(queries).sub_(0.1)

    signed = replace(
        METHODS["value_norm"], head_rows=head_rows, signed=True, title="signed", needs=()
    )
    monkeypatch.setitem(METHODS, "value_norm", signed)
    widget = aw.AttentionWidget(decoder, "matrix", method="value_norm")
    view = open_widgets(widget).view()
    assert view.alert.count() == 0
    assert view.root.get_by_label("Colours").is_disabled()
    unsigned = aw.AttentionWidget(decoder, "matrix").to_svg()
    assert float(widget.scores().min()) < 0
    assert "−0.1" in widget.to_svg()
    assert "−0.1" not in unsigned
