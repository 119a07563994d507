"""The classes that BertViz's neuron view brought along, as transformers has them.

BertViz had changed copies of these models, to reach their queries and keys. Here every model's are
within reach, so these are transformers' own classes, imported when they are asked for.
"""

from importlib import import_module
from typing import Any

CLASSES = (
    *("BertConfig", "BertForMaskedLM", "BertForNextSentencePrediction", "BertForPreTraining"),
    *("BertForQuestionAnswering", "BertForSequenceClassification", "BertForTokenClassification"),
    *("BertModel", "BertTokenizer"),
    *("GPT2Config", "GPT2DoubleHeadsModel", "GPT2LMHeadModel", "GPT2Model", "GPT2Tokenizer"),
    *("OpenAIGPTConfig", "OpenAIGPTLMHeadModel", "OpenAIGPTModel", "OpenAIGPTTokenizer"),
    *("RobertaConfig", "RobertaForMaskedLM", "RobertaForSequenceClassification"),
    *("RobertaModel", "RobertaTokenizer"),
    *("XLMConfig", "XLMModel", "XLMTokenizer", "XLNetConfig", "XLNetModel", "XLNetTokenizer"),
)

__all__ = list(CLASSES)  # names that __getattr__ gives


def __getattr__(name: str) -> Any:
    if name in CLASSES:
        return getattr(import_module("transformers"), name)
    raise AttributeError(
        f"{__name__} has no {name!r}. Any model works in the neuron view: import its class from "
        "transformers."
    )


def __dir__() -> list[str]:
    return sorted(CLASSES)
