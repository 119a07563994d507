"""Colours of heads by their effects: the trait, pictures and files."""

from __future__ import annotations

import json

import pytest
from traitlets import TraitError

import attnwidget as aw
from attnwidget.frames import Workspace
from attnwidget.trace import Trace
from attnwidget.widget.saved_picture import saved_picture
from tests.export.payload import read
from tests.frames.traces import pair_trace

WAYS = ["effect", "exact_effect"]


@pytest.fixture(scope="module")
def induction() -> Trace:
    return aw.demo("induction")


def widget(trace: Trace, **traits: object) -> aw.AttentionWidget:
    return aw.AttentionWidget(trace, "model", **traits)  # type: ignore[arg-type]


@pytest.mark.parametrize("way", WAYS)
def test_a_trace_without_its_model_has_none(way: str) -> None:
    with pytest.raises(TraitError, match=r"needs the model.*capture"):
        widget(pair_trace(), head_colors=way)
    shown = widget(pair_trace())
    assert all(each["head_effects"] == [] for each in shown.about["streams"])


@pytest.mark.parametrize("way", WAYS)
def test_a_picture_says_what_was_found_and_how(induction: Trace, way: str) -> None:
    shown = widget(induction, head_colors=way)
    expected = aw.knockout_effects(induction, "head", exact=way == "exact_effect", progress=False)
    svg = shown.to_svg()
    assert f"the target falls by {float(expected.abs().max()):.3g}" in svg
    assert ("(exact)" if way == "exact_effect" else "(estimate)") in svg
    assert "effect of each head on the logit of" in svg
    shown.head_colors = "weight"
    assert "ground" not in shown.to_svg()


def test_signs_leave_no_room_for_it_and_the_caption_says_so(induction: Trace) -> None:
    svg = widget(induction, head_colors="effect", method="effects").to_svg()
    assert "is not shown, because colour tells the sign" in svg


def test_importance_is_chosen_or_left_out(induction: Trace) -> None:
    shown = widget(induction, head_importance=[[1, 2, 3, 4]] * 2)
    assert "ground: importance" in shown.to_svg()
    shown.head_colors = "weight"
    assert "importance" not in shown.to_svg()


@pytest.mark.parametrize(
    ("colors", "computed", "held"),
    [
        ("importance", False, []),
        ("effect", False, ["effect"]),
        ("effect", True, WAYS),
        ("exact_effect", False, WAYS),
    ],
)
def test_a_file_holds_what_is_shown_and_what_was_computed(
    induction: Trace, colors: str, computed: bool, held: list[str]
) -> None:
    shown = widget(induction, head_colors=colors)
    if computed:
        shown.head_colors = "exact_effect"
        shown.to_svg()
        shown.head_colors = colors
    page, frames = read(shown.to_html())
    (stream,) = page["about"]["streams"]
    assert stream["head_effects"] == held
    found = [each for each in frames if each.kind == "head_effects"]
    assert len(found) == 2 * len(held)


def test_a_small_picture_runs_nothing(induction: Trace) -> None:
    workspace = Workspace(induction)
    state = widget(induction, head_colors="exact_effect").state
    assert "ground" not in saved_picture(state, workspace, None)
    assert json.dumps(state.to_json())
