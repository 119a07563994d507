"""The table on a trained model whose true sources are known."""

from __future__ import annotations

import json
from functools import cache
from random import Random

import pytest
import torch

import attnwidget as aw
from attnwidget.demos import load
from attnwidget.demos.brackets import partner, random_example
from attnwidget.demos.kinds import random_list
from attnwidget.methods.registry import METHODS, allowed_methods

COUNT = 12


@cache
def bracket_table():
    model, tokenizer = load("brackets")
    rng = Random(5)
    traces, truth = [], []
    while len(traces) < COUNT:
        example = random_example(rng, held_out=True)
        (place,) = example.masked
        if len(example.text) < 8:
            continue
        traces.append(aw.capture(model, example.prompt, tokenizer=tokenizer))
        truth.append(partner(example.text)[place] + 1)
    calls: list[tuple[int, int]] = []
    report = lambda done, total: calls.append((done, total))  # noqa: E731
    return aw.faithfulness(traces, truth=truth, progress=report), calls


def test_leaving_one_out_is_the_ceiling_and_random_orders_the_floor() -> None:
    table, _ = bracket_table()
    ceiling = table["leave-one-out"].comprehensiveness.value
    for name, result in table.items():
        assert result.comprehensiveness.value <= ceiling + 1e-9, name
    assert table["leave-one-out"].over_random.low > 0
    assert table["leave-one-out"].sufficiency.value < table["random order"].sufficiency.value


def test_the_runs_are_known_beforehand_and_none_is_made_twice() -> None:
    table, calls = bracket_table()
    totals = {total for _, total in calls}
    assert len(totals) == 1
    (total,) = totals
    assert calls[0] == (0, total)
    assert calls[-1] == (total, total)
    assert [done for done, _ in calls] == sorted(done for done, _ in calls)
    rows = len(table) - 2
    assert total == sum(1 + each + 2 * 5 * (rows + 5 + 1) for each in table.num_tokens)
    assert 0 < table.runs < total


def test_it_is_a_mapping_that_can_be_printed_and_stored() -> None:
    table, _ = bracket_table()
    assert next(iter(table)) == "leave-one-out"
    assert list(table)[-1] == "random order"
    assert len(table) == len(dict(table))
    stored = json.loads(table.to_json())
    assert stored["methods"]["rollout"]["comprehensiveness"]["value"] == pytest.approx(
        float(table["rollout"].comprehensiveness)
    )
    assert stored["num_texts"] == COUNT
    lines = repr(table).splitlines()
    assert "12 texts" in lines[0]
    assert "cut off" in lines[0]
    assert "nats" in lines[1]
    assert "95 % confidence" in lines[1]
    rows = [line for line in lines if line.startswith(("rollout", "leave-one-out", "max-flow"))]
    assert len({len(line) for line in rows}) == 1
    with pytest.raises(KeyError, match="no row 'magic'; the rows are leave-one-out"):
        table["magic"]


def test_every_method_that_the_trace_allows_has_a_row() -> None:
    table, _ = bracket_table()
    titles = {name.partition(",")[0] for name in table}
    trace = aw.demo("brackets")
    allowed = {METHODS[name].title for name in allowed_methods(trace, trace["self"])}
    assert allowed <= titles
    assert {"gradient", "gradient x input"} <= titles
    refused = {method.title for method in METHODS.values()} - allowed
    assert not refused & titles
    assert all(any(f"Left out: {title}" in note for note in table.notes) for title in refused)


def test_methods_are_those_of_the_package_at_the_position_that_predicts() -> None:
    model, tokenizer = load("kinds")
    listed = random_list(Random(1), held_out=True)
    trace = aw.capture(model, listed.text, tokenizer=tokenizer, target=("log_prob", None, None))
    rows = {
        "rollout": aw.rollout(trace)[-1],
        "relevance": aw.relevance(trace)[-1],
        "max-flow": aw.max_flow(trace, progress=False)[-1],
        "attention, last layer": trace.attention(-1, queries=-1).mean((0, 1)),
        "attention, all layers": torch.stack(
            [trace.attention(layer, queries=-1).mean((0, 1)) for layer in (0, 1)]
        ).mean(0),
        "gradient flow, last layer": aw.gradient_flow(trace, -1)[:, -1].mean(0),
        "value norm, last layer": aw.value_norm(trace, -1)[:, -1].mean(0),
        "mean ALTI": aw.mean_alti(trace, rows=-1)[0],
        # What supports the prediction is lost by a cut.
        "knockout (estimate), last layer": -aw.knockout_estimates(trace, -1)[:, -1].mean(0),
    }
    for name, scores in rows.items():
        own = {"own": lambda _, scores=scores: scores}
        found = aw.faithfulness(trace, {"theirs": name, **own}, progress=False)
        assert found["theirs"].deletion.tolist() == pytest.approx(found["own"].deletion.tolist())


def test_a_name_stands_for_all_rows_of_a_method() -> None:
    found = aw.faithfulness(aw.demo("kinds"), ["attention", "gradient_flow"], progress=False)
    assert list(found)[1:-1] == [
        f"{title}, {layers}"
        for title in ("attention", "gradient flow")
        for layers in ("last layer", "all layers")
    ]


def test_the_target_is_that_of_the_trace_and_by_default_the_log_probability() -> None:
    trace = aw.demo("kinds")
    assert aw.faithfulness(trace, ["rollout"], progress=False).unit == "nats"
    logit = trace.with_target(("logit", -1, "green"))
    found = aw.faithfulness(logit, ["rollout"], progress=False)
    assert found.unit == "logits"
    named = aw.faithfulness(trace, ["rollout"], target=("logit", -1, "green"), progress=False)
    assert named["rollout"].deletion.tolist() == found["rollout"].deletion.tolist()


def test_special_tokens_and_the_one_that_predicts_are_never_deleted() -> None:
    (count,) = aw.faithfulness(aw.demo("brackets"), ["rollout"], progress=False).num_tokens
    assert count == len(aw.demo("brackets").tokens) - 3  # [CLS], [MASK], [SEP]
