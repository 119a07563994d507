"""Frames of findings: what `aw.findings` says, with the prediction and the method that shows it."""

import json

import pytest

import attnwidget as aw
from attnwidget.export.budget import within_budget
from attnwidget.frames import FindingsWant, Workspace, is_quick, make_frame
from attnwidget.frames.frame import Frame
from tests.frames.traces import pair_trace

WANT = {"kind": "findings"}


@pytest.fixture(scope="module")
def workspace() -> Workspace:
    return Workspace(aw.demo("induction"))


def test_it_is_what_the_function_says(workspace: Workspace) -> None:
    frame = Frame.from_bytes(make_frame(workspace, WANT).to_bytes())
    expected = aw.findings(workspace.trace).to_json()
    found = [
        {name: value for name, value in each.items() if name != "method"}
        for each in frame.fields["findings"]
    ]
    assert found == json.loads(json.dumps(expected["findings"]))
    assert frame.fields["target"] == expected["target"]
    (best,) = workspace.trace.predictions(top=1).entries
    prediction = frame.fields["prediction"]
    assert (prediction["text"], prediction["position"]) == (best.text, 16)


def test_contributions_open_by_contributions(workspace: Workspace) -> None:
    found = make_frame(workspace, WANT).fields["findings"]
    methods = {each["kind"]: each["method"] for each in found}
    assert methods["contribution"] == "contributions"
    assert methods["induction"] == "attention"


def test_it_is_computed_once_and_for_each_target() -> None:
    workspace = Workspace(aw.demo("induction"))
    other = {**WANT, "target": {"kind": "logit", "position": 12, "index": 5}}
    assert not is_quick(workspace, WANT)
    make_frame(workspace, WANT)
    assert is_quick(workspace, WANT)
    assert not is_quick(workspace, other)
    assert make_frame(workspace, other).fields["prediction"]["position"] == 12


def test_a_trace_of_arrays_has_patterns_alone() -> None:
    fields = make_frame(Workspace(pair_trace()), WANT).fields
    assert fields["prediction"] is None
    assert {each["kind"] for each in fields["findings"]}.isdisjoint({"effect", "contribution"})


def test_files_hold_it_and_saved_notebooks_once_it_was_seen() -> None:
    widget = aw.AttentionWidget(aw.demo("induction"))
    workspace = Workspace(widget.trace)
    want = FindingsWant().to_json()

    def is_held() -> bool:
        found = within_budget(workspace, widget.state, 1e7)
        assert found is not None
        return any(part.want == want for part in found[1])

    assert not is_held()
    make_frame(workspace, WANT)
    assert is_held()
