"""Models with adapters and learned prompts of PEFT, and models spread by accelerate."""

import pytest
import torch
import transformers as tf

from attnwidget.capture import capture
from tests.capture.small_modules import IDS, TEXT, llama, same_weights


@pytest.fixture
def saved(tmp_path):
    """A saved model, a folder of fresh adapters for it, and the model."""
    peft = pytest.importorskip("peft")
    model = llama()
    model.save_pretrained(tmp_path / "base")
    base = tf.LlamaForCausalLM.from_pretrained(tmp_path / "base")
    adapted = peft.get_peft_model(base, peft.LoraConfig(r=2, task_type="CAUSAL_LM"))
    adapted.save_pretrained(tmp_path / "adapters")
    return model, tmp_path


def test_a_folder_of_adapters(saved):
    model, folder = saved
    trace = capture(folder / "adapters", {"input_ids": IDS}, max_new_tokens=3)
    expected = capture(model, {"input_ids": IDS}, max_new_tokens=3)
    assert trace.tokens == expected.tokens
    assert same_weights(trace, expected)
    assert trace.model_name == "adapters"
    assert trace.predictions().unit == "token"


def test_adapters_without_peft(saved, monkeypatch):
    _, folder = saved
    monkeypatch.setitem(__import__("sys").modules, "peft", None)
    with pytest.raises(ValueError, match=r"holds adapters of PEFT, which is not installed.*pip"):
        capture(folder / "adapters", {"input_ids": IDS})


def test_a_learned_prompt_is_named():
    peft = pytest.importorskip("peft")
    model = llama()
    config = peft.PromptTuningConfig(task_type="CAUSAL_LM", num_virtual_tokens=3)
    prompted = peft.get_peft_model(model, config).eval()
    trace = capture(prompted, {"input_ids": IDS, "attention_mask": torch.ones_like(IDS)})
    names = [f"[PROMPT {place}]" for place in (1, 2, 3)]
    assert trace.tokens == [*names, *map(str, IDS[0].tolist())]
    with torch.no_grad():
        output = prompted(input_ids=IDS, attention_mask=torch.ones_like(IDS))
    best = int(output.logits[0, -1].argmax())
    assert trace.predictions().entries[0].index == best
    embeddings = prompted.get_prompt(1)
    embedded = torch.cat([embeddings, model.get_input_embeddings()(IDS)], 1)
    assert same_weights(trace, capture(model, {"inputs_embeds": embedded.detach()}))
    with pytest.raises(ValueError, match="not possible with a learned prompt"):
        capture(prompted, {"input_ids": IDS}, max_new_tokens=2)


def test_a_model_offloaded_to_the_cpu():
    from accelerate import cpu_offload

    expected = capture(llama(), {"input_ids": IDS})
    trace = capture(cpu_offload(llama()), {"input_ids": IDS})
    assert same_weights(trace, expected)
    assert trace.predictions(top=3).entries[0].index == expected.predictions(top=3).entries[0].index
    for layer in range(2):
        found, right = (each.attention_gradient(layer) for each in (trace, expected))
        assert torch.allclose(found, right, atol=1e-6)


def test_layers_of_a_hybrid_have_the_models_own_numbers():
    sizes = {**TEXT, "num_hidden_layers": 4, "num_experts": 1, "mamba_d_state": 4}
    config = tf.JambaConfig(
        **sizes, attn_layer_period=4, attn_layer_offset=2, use_mamba_kernels=False
    )
    torch.manual_seed(0)
    trace = capture(tf.JambaForCausalLM(config).eval(), {"input_ids": IDS})
    assert trace.num_layers == 1
    assert trace.stacks[0].layer_numbers == (2,)
    assert "1 of the 4 layers of 'self': 2, which is layer 0 for Python" in repr(trace)
