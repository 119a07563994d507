"""Frames of the effects of heads, against `knockout_effects` and single runs."""

from __future__ import annotations

import pytest

import attnwidget as aw
from attnwidget.frames import Workspace, is_quick, make_frame
from attnwidget.trace import Trace
from tests.frames.traces import pair_trace

TARGET = {"kind": "log_prob", "position": 16, "index": 3}


@pytest.fixture(scope="module")
def induction() -> Trace:
    return aw.demo("induction")


def effects(workspace: Workspace, **fields: object) -> list[float]:
    frame = make_frame(workspace, {"kind": "head_effects", **fields})
    assert frame.to_bytes()
    return list(frame.fields["effects"])


@pytest.mark.parametrize("exact", [False, True])
@pytest.mark.parametrize("target", [None, TARGET])
def test_they_are_those_of_python(induction: Trace, exact: bool, target: object) -> None:
    workspace = Workspace(induction)
    expected = aw.knockout_effects(
        induction, "head", exact=exact, target=target and ("log_prob", 16, 3), progress=False
    )
    for layer in range(2):
        found = effects(workspace, layer=layer, exact=exact, target=target)
        assert found == pytest.approx(expected[layer].tolist(), abs=1e-4)


def test_an_exact_effect_is_a_run_without_the_head(induction: Trace) -> None:
    found = effects(Workspace(induction), layer=0, exact=True)
    cut = aw.Cut(0, 2, mode="zero")
    assert found[2] == pytest.approx(aw.knockout(induction, cut).change, abs=1e-4)


def test_they_are_slow_once_and_report_their_runs(induction: Trace) -> None:
    workspace, told = Workspace(induction), []
    want = {"kind": "head_effects", "layer": 1, "exact": True}
    assert not is_quick(workspace, want)
    make_frame(workspace, want, lambda *each: told.append(each))
    assert told[-1] == (4, 4)
    assert is_quick(workspace, want)
    assert not is_quick(workspace, {**want, "exact": False})


def test_after_a_cut_they_are_of_the_run_without_it(induction: Trace) -> None:
    cut = {"layers": [0], "heads": [1], "mode": "zero"}
    found = effects(Workspace(induction), layer=0, after=[cut])
    expected = aw.knockout_effects(aw.knockout(induction, cut).trace, "head")[0]
    assert found == pytest.approx(expected.tolist(), abs=1e-5)
    assert found[1] == 0


def test_what_has_no_model_is_refused() -> None:
    for exact in (False, True):
        with pytest.raises(ValueError, match=r"effect of each head needs the model.*capture"):
            effects(Workspace(pair_trace()), exact=exact)
