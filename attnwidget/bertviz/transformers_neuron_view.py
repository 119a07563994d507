"""The classes of BertViz's neuron view, which are those of transformers here.

BertViz has changed copies of these models, to reach their queries and keys. This package reaches
those of every model, so it gives transformers' own classes and imports them on first use.
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
