"""A saved trace is shown where neither the model nor transformers is installed."""

import subprocess
import sys

import pytest
import torch
from safetensors.torch import load_file

import attnwidget as aw
from tests.trace.saved.without_transformers import scores

OF_GRADIENTS = {"gradient_flow", "relevance", "effects", "knockout"}


def elsewhere(path, folder):
    written = folder / "page.html", folder / "scores.safetensors"
    module = "tests.trace.saved.without_transformers"
    subprocess.run([sys.executable, "-m", module, path, *written], check=True)
    return written[0].read_text(encoding="utf-8"), load_file(written[1])


@pytest.mark.slow
@pytest.mark.parametrize(("name", "gradients"), [("brackets", True), ("dates", False)])
def test_it_shows_what_the_captured_trace_shows(name, gradients, tmp_path):
    trace = aw.demo(name)
    path = tmp_path / "trace.safetensors"
    trace.save(path, gradients=gradients)
    html, found = elsewhere(path, tmp_path)
    widget = aw.AttentionWidget(trace)
    left_out = set() if gradients else OF_GRADIENTS
    methods = {
        each["name"]: [name for name in each["methods"] if name not in left_out]
        for each in widget.about["streams"]
    }
    expected = scores(widget, methods)
    assert set(found) == set(expected)
    for key, values in expected.items():
        # Weights of the model lie elsewhere in memory, and their products may round otherwise.
        tolerance = {"rtol": 1e-5, "atol": 1e-6} if "alti" in key or "contr" in key else {}
        torch.testing.assert_close(found[key], values, **(tolerance or {"rtol": 0, "atol": 0}))
    assert "<script" in html
    assert len(html) > 100_000
