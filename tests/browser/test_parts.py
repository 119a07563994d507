"""The chart of the parts of a logit, beside the method of contributions."""

from __future__ import annotations

import attnwidget as aw

from .conftest import Open, OpenFile
from .pages import View


def sums(view: View) -> list[str]:
    rows = view.root.locator(".aw-parts-sum .aw-number")
    rows.first.wait_for()
    return rows.all_inner_texts()


def test_the_parts_sum_to_the_logit_and_lead_to_heads(open_widgets: Open) -> None:
    widget = aw.AttentionWidget(aw.demo("induction"), method="contributions")
    page = open_widgets(widget)
    view = page.view()
    whole, logit = sums(view)
    assert whole == logit == f"{aw.logit_contributions(widget.trace).logit:.3g}"
    view.root.locator(".aw-part-fold").nth(1).click()
    view.root.get_by_role("button", name="head 2", exact=True).click()
    page.wait_until(lambda: (widget.layer, widget.heads) == (1, [2]))
    view.root.get_by_role("button", name="layer 0 heads", exact=True).click()
    page.wait_until(lambda: (widget.layer, widget.heads) == (0, None))
    widget.target = {"kind": "logit", "position": 12, "index": None}
    view.root.locator(".aw-parts", has_text="at 12").wait_for()
    view.choose("method", "attention")
    view.wait(method="attention")
    assert view.root.locator(".aw-parts").count() == 0


def test_a_file_has_them(open_file: OpenFile) -> None:
    widget = aw.AttentionWidget(aw.demo("dates"), stream="cross", method="contributions")
    view = open_file(widget.to_html())
    whole, logit = sums(view)
    assert whole == logit
    view.root.get_by_role("button", name="layer 1 cross heads", exact=True).click()
    view.wait(stream="cross", layer=1)
