"""The picture of the neuron view holds the steps from a query to its weights."""

import re
import xml.etree.ElementTree as ET

import numpy as np
import pytest
import torch

import attnwidget as aw
from attnwidget.picture.colormap import colors_of
from attnwidget.picture.strips import limit_of
from attnwidget.picture.theme import theme_named
from attnwidget.shared import LIMITS
from attnwidget.trace import ProjectedLayer, Stream, Tokens, Trace
from attnwidget.views.neuron.picture import MOST_KEYS
from tests.browser.hostile import HOSTILE_TOKENS

NUMBER = re.compile(r"−?\d+\.\d+")
SVG = "{http://www.w3.org/2000/svg}"


def drawn(widget: aw.AttentionWidget) -> tuple[list[str], list[float], str]:
    """Return the texts, the lengths of the bars and the caption."""
    root = ET.fromstring(widget.to_svg().encode())
    bars = [float(each.get("width", 0)) for each in root.iter(f"{SVG}rect") if each.get("rx")]
    texts = [each.text or "" for each in root.iter(f"{SVG}text")]
    return texts, bars, root.findtext(f"{SVG}title") or ""


def projected(tokens: list[str], *, causal: bool = False, width: int = 6) -> Trace:
    """One layer of two heads, with random vectors."""
    torch.manual_seed(0)
    count = len(tokens)
    named = Tokens.from_text(tokens)
    query, key, value = (torch.randn(2, count, width) for _ in range(3))
    layer = ProjectedLayer(query, key, value, width**-0.5, causal=causal)
    return Trace((Stream("self", (layer,), named, named),))


@pytest.mark.parametrize("query", [0, 3, 5])
def test_bars_and_scores_are_the_softmax_by_definition(query: int) -> None:
    trace = projected([f"t{place}" for place in range(6)])
    pin = {"side": "query", "index": query}
    texts, bars, caption = drawn(
        aw.AttentionWidget(trace, "neuron", heads=[1], tokens_selected=[pin])
    )
    layer = trace["self"].layers[0]
    assert isinstance(layer, ProjectedLayer)
    scores = layer.key[1].double() @ layer.query[1, query].double() * 6**-0.5
    shares = scores.softmax(0).numpy()
    np.testing.assert_allclose(np.array(bars) / max(bars), shares / shares.max(), atol=0.01)
    shown = [float(text.replace("−", "-")) for text in texts if NUMBER.fullmatch(text)]
    np.testing.assert_allclose(shown, scores.numpy(), rtol=0.006)
    assert f"from t{query} (query {query})" in caption
    assert "head 1" in caption


def test_masked_keys_have_no_share() -> None:
    widget = aw.AttentionWidget(
        projected(["a", "b", "c", "d"], causal=True),
        "neuron",
        tokens_selected=[{"side": "query", "index": 1}],
    )
    texts, bars, _ = drawn(widget)
    assert texts.count("masked") == 2
    assert len(bars) == 2


def test_the_query_is_the_one_that_the_view_would_choose() -> None:
    tokens = ["[CLS]", "a", "b", "[SEP]"]
    assert "from a (query 1)" in drawn(aw.AttentionWidget(projected(tokens), "neuron"))[2]
    causal = aw.AttentionWidget(projected(tokens, causal=True), "neuron")
    assert "from b (query 2)" in drawn(causal)[2]


def test_of_many_keys_the_strongest_have_a_row() -> None:
    trace = projected([f"t{place}" for place in range(100)])
    texts, bars, caption = drawn(aw.AttentionWidget(trace, "neuron"))
    weights = trace["self"].attention(0)[0, 0].numpy()
    strongest = sorted(np.argsort(-weights)[:MOST_KEYS])
    rows = [text for text in texts if text.startswith("t") and text[1:].isdigit()]
    assert rows == ["t0", *(f"t{place}" for place in strongest)]
    assert len(bars) == MOST_KEYS
    others = 100 * (1 - weights[strongest].sum())
    share = caption.split("the others share ")[1].split(" %")[0]
    assert float(share) == pytest.approx(others, abs=0.06)


def test_a_pinned_key_has_a_row_however_weak() -> None:
    trace = projected([f"t{place}" for place in range(100)])
    weakest = int(trace["self"].attention(0)[0, 0].argmin())
    pin = {"side": "key", "index": weakest}
    texts, _, _ = drawn(aw.AttentionWidget(trace, "neuron", tokens_selected=[pin]))
    assert f"t{weakest}" in texts[10:]


def test_colours_are_full_at_the_percentile() -> None:
    values = np.random.default_rng(0).normal(size=(40, 25)).astype(np.float32)
    exact = np.quantile(np.abs(values), LIMITS["neuron_view"]["percentile"], method="inverted_cdf")
    assert exact <= limit_of(values) <= 1.008 * exact
    svg = aw.AttentionWidget(projected(["a", "b", "c"]), "neuron").to_svg(theme="dark")
    used = {
        each.get("fill")
        for each in ET.fromstring(svg.encode()).iter(f"{SVG}path")
        if each.get("shape-rendering")
    }
    assert used <= set(colors_of("signed", theme_named("dark")))
    assert len(used) > 10


def test_hostile_tokens_are_text() -> None:
    svg = aw.AttentionWidget(projected([*HOSTILE_TOKENS]), "neuron").to_svg()
    names = {each.tag.removeprefix(SVG) for each in ET.fromstring(svg.encode()).iter()}
    assert names <= {"svg", "title", "rect", "g", "text", "path"}
