"""Head importance: against autograd through eager attention, and across processes."""

import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
import torch
from transformers import (
    BertConfig,
    BertForSequenceClassification,
    LlamaConfig,
    LlamaForCausalLM,
)

import attnwidget as aw
from attnwidget.demos import load
from tests.server import free_port
from tests.wait import SECONDS

ROOT = Path(__file__).parents[2]
LLAMA = {
    **{"hidden_size": 24, "num_hidden_layers": 2, "num_attention_heads": 3, "vocab_size": 40},
    **{"intermediate_size": 32, "initializer_range": 0.5},
}
LAUNCH = [sys.executable, "-m", "accelerate.commands.launch"]


@pytest.fixture(scope="module")
def classifier():
    return small_classifier()


def small_classifier():
    torch.manual_seed(3)
    config = BertConfig(
        hidden_size=24,
        num_hidden_layers=2,
        num_attention_heads=3,
        intermediate_size=32,
        vocab_size=40,
        num_labels=3,
        initializer_range=0.5,
    )
    return BertForSequenceClassification(config).eval()


def padded(count=6, seed=4):
    generator = torch.Generator().manual_seed(seed)
    ids = torch.randint(3, 40, (count, 8), generator=generator)
    lengths = torch.randint(3, 9, (count,), generator=generator)
    mask = (torch.arange(8) < lengths[:, None]).long()
    labels = torch.randint(0, 3, (count,), generator=generator)
    return {"input_ids": ids, "attention_mask": mask, "labels": labels}


def uneven_batches():
    return [padded(count, seed) for count, seed in ((3, 1), (2, 2), (4, 3), (1, 4), (2, 5))]


def by_autograd(model, batch, method):
    """Return the importance by definition, one input at a time without padding."""
    implementation = model.config._attn_implementation
    model.set_attn_implementation("eager")
    found = []
    for ids, mask, label in zip(*batch.values(), strict=True):
        kept = mask.bool()
        output = model(input_ids=ids[kept][None], labels=label[None], output_attentions=True)
        gradients = torch.autograd.grad(output.loss, output.attentions)
        effect = [a[0] * g[0] for a, g in zip(output.attentions, gradients, strict=True)]
        if method == "attention":
            effect = [each.abs() for each in effect]
        found.append(torch.stack([each.sum((1, 2)).abs() for each in effect]).detach())
    model.set_attn_implementation(implementation)
    return torch.stack(found).mean(0)


@pytest.mark.parametrize("method", ["attention", "michel"])
def test_importance_is_that_of_autograd(classifier, method):
    batch = padded()
    found = aw.head_importance(classifier, [batch], method=method)
    expected = by_autograd(classifier, batch, method)
    torch.testing.assert_close(found, expected, atol=1e-5 * float(expected.max()), rtol=1e-4)
    assert all(each.grad is None for each in classifier.parameters())


def test_batching_changes_nothing(classifier):
    batch = padded()
    whole = aw.head_importance(classifier, [batch])
    parts = [
        {name: each[start : start + 4] for name, each in batch.items()} for start in range(0, 6, 4)
    ]
    torch.testing.assert_close(aw.head_importance(classifier, iter(parts)), whole)


def test_a_data_loader_without_labels_takes_the_default_target(classifier):
    batch = {name: each for name, each in padded().items() if name != "labels"}
    rows = [{name: each[i] for name, each in batch.items()} for i in range(6)]
    loader = torch.utils.data.DataLoader(rows, batch_size=4)
    found = aw.head_importance(classifier, loader)
    target = [aw.capture(classifier, batch, batch_index=i) for i in range(6)]
    expected = torch.stack(
        [
            torch.stack(
                [
                    (trace.attention(layer) * trace["self"].attention_gradient(layer))
                    .abs()
                    .sum((1, 2))
                    for layer in range(2)
                ]
            )
            for trace in target
        ]
    ).mean(0)
    torch.testing.assert_close(found, expected)


def test_layers_can_be_scaled_to_length_one(classifier):
    found = aw.head_importance(classifier, [padded()], method="michel", normalize=True)
    np.testing.assert_allclose(found.norm(dim=1), 1, atol=1e-6)


def test_the_streams_of_an_encoder_decoder():
    model, tokenizer = load("dates")
    batch = tokenizer(["3 March 2021", "2021/3/3"], return_tensors="pt", padding=True)
    for stream in ("encoder", "decoder", "cross"):
        found = aw.head_importance(model, [batch], stream=stream)
        assert found.shape == (2, 2)
        assert (found > 0).all()


def test_progress_counts_batches(classifier):
    told = []
    aw.head_importance(
        classifier, [padded(2), padded(1)], progress=lambda done, total: told.append((done, total))
    )
    assert told == [(0, 2), (1, 2), (2, 2)]


@pytest.mark.parametrize(
    ("batches", "options", "complaint"),
    [
        ([], {}, "There were no batches"),
        ([padded(1)], {"method": "taylor"}, "attention, michel, but 'taylor'"),
        (["a text"], {}, "a str was given"),
    ],
)
def test_bad_input(classifier, batches, options, complaint):
    with pytest.raises(ValueError, match=complaint):
        aw.head_importance(classifier, batches, **options)


def test_labels_without_a_loss_are_refused():
    model, _ = load("brackets")
    batch = {"input_ids": torch.tensor([[2, 5, 6, 3]]), "labels": torch.tensor([[2, 5, 6, 3]])}
    with pytest.raises(ValueError, match="without a loss"):
        aw.head_importance(model.bert, [batch])


SCRIPT = """
import sys
import torch
from accelerate import Accelerator
import attnwidget as aw
from tests.analysis.test_head_importance import small_classifier, uneven_batches

accelerator = Accelerator(cpu=True)
found = aw.head_importance(
    small_classifier(), uneven_batches(), accelerator=accelerator, progress=False
)
torch.save(found, f"{sys.argv[1]}/{accelerator.process_index}-of-{accelerator.num_processes}.pt")
accelerator.end_training()
"""


@pytest.mark.slow
def test_two_processes_give_the_numbers_of_one(tmp_path):
    script = tmp_path / "importance.py"
    script.write_text(SCRIPT)
    # Several processes are launched as for graphics processors; the script asks for the CPU.
    options = ["--multi_gpu", "--num_processes", "2", "--num_machines", "1"]
    port = str(free_port())  # older releases of accelerate wait forever where it is 0
    plain = ["--mixed_precision", "no", "--dynamo_backend", "no", "--main_process_port", port]
    subprocess.run(
        [*LAUNCH, *options, *plain, str(script), str(tmp_path)],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT), "OMP_NUM_THREADS": "1"},
        check=True,
        timeout=SECONDS,
    )
    alone = aw.head_importance(small_classifier(), uneven_batches(), progress=False)
    for process in range(2):
        torch.testing.assert_close(torch.load(tmp_path / f"{process}-of-2.pt"), alone)


def test_of_a_span_of_each_input():
    model = LlamaForCausalLM(LlamaConfig(**LLAMA)).eval()
    ids = torch.randint(3, 40, (2, 7), generator=torch.Generator().manual_seed(5))

    def by_hand(row):
        def value(output):
            logs = output.logits[0, 3:6].log_softmax(-1)
            return logs.gather(-1, row[4:, None]).sum()

        return aw.head_importance(model, [{"input_ids": row[None]}], target=value, normalize=False)

    span = ("span", 4, None)
    found = aw.head_importance(model, [{"input_ids": ids}], target=span, normalize=False)
    torch.testing.assert_close(found, (by_hand(ids[0]) + by_hand(ids[1])) / 2)
