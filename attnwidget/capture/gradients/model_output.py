"""Read the output of a model: its logits, and the positions that it predicts at."""

from dataclasses import dataclass, replace
from typing import Any

import torch
from torch import Tensor

from attnwidget.capture.gradients.predicted_text import PredictedText
from attnwidget.capture.gradients.rerun import Rerun, RunResult
from attnwidget.trace.divergence import Activation
from attnwidget.trace.prediction_head import PredictionHead


@dataclass(frozen=True)
class EntryOutput:
    """The output of a model for the traced entry, without padding.

    Attributes
    ----------
    head
        The prediction head.
    logits
        (n, V), one row for each position, or (1, C) of a classifier; None without a head.
    hidden
        (n, D), the last hidden state; None if the model gives none.
    text
        The tokens of the positions.
    """

    head: PredictionHead
    logits: Tensor | None
    hidden: Tensor | None
    text: PredictedText


def entry_output(rerun: Rerun, result: RunResult) -> EntryOutput:
    """Return the output of a run for the traced entry."""
    name, main = rerun.model.class_name, rerun.main
    hidden = result.hidden
    if hidden is not None and len(hidden) == main.lengths[0]:
        hidden = hidden[main.rows]
    logits = rerun.model.logits_of(result.output, rerun.inputs.entries)
    if logits is None:
        return EntryOutput(PredictionHead(name, "hidden"), None, hidden, rerun.text)
    logits = logits[rerun.entry(logits)]
    if logits.ndim == 1 and _is_of_tokens(rerun, len(logits), result.output):
        scores = logits[main.rows, None]
        head = PredictionHead(name, "class", len(scores), True, _last_word(rerun, len(scores)))
        return EntryOutput(replace(head, activation="sigmoid"), scores, hidden, rerun.text)
    if logits.ndim == 1:
        activation = _activation(rerun.model.config, len(logits))
        ends = _ends_of_answer(rerun, result.output, logits)
        if ends is not None:
            head = PredictionHead(name, "class", len(ends), of_positions=True)
            return EntryOutput(head, ends[:, main.rows], hidden, rerun.text)
        is_score = activation == "identity" and len(logits) == 1
        head = PredictionHead(name, "class", 1, activation=activation, is_score=is_score)
        return EntryOutput(head, logits[None], hidden, rerun.text)
    if len(logits) == main.lengths[0]:
        logits = logits[main.rows]
    count = len(logits)
    if _is_vocabulary(rerun, logits.shape[-1]):
        default = _first_sound(rerun, logits) if _is_ctc(rerun) else _default_token(rerun, count)
        head = PredictionHead(name, "token", count, True, default)
    else:
        head = PredictionHead(name, "class", count, True, _last_word(rerun, count))
    return EntryOutput(head, logits, hidden, rerun.text)


def _ends_of_answer(rerun: Rerun, output: Any, starts: Tensor) -> Tensor | None:
    """Return the logits (2, n) of the beginning and the end of an answer, None of other models."""
    is_span = _has_field(output, "start_logits") and _has_field(output, "end_logits")
    if not is_span or len(starts) != rerun.main.lengths[0]:
        return None
    ends = output["end_logits"] if isinstance(output, dict) else output.end_logits
    return torch.stack([starts, ends[rerun.entry(ends)]])


def _is_of_tokens(rerun: Rerun, size: int, output: Any) -> bool:
    """Return whether logits (size,) are one score a token, as where replaced ones are found."""
    is_long = rerun.model.is_pretrained and size == rerun.main.lengths[0]
    classes = getattr(rerun.model.config, "num_labels", None)
    return is_long and size != classes and _has_field(output, "logits")


def _has_field(output: Any, name: str) -> bool:
    return name in output if isinstance(output, dict) else hasattr(output, name)


def _activation(config: Any, classes: int) -> Activation:
    """Return what makes probabilities of the logits of a classifier."""
    problem = getattr(config, "problem_type", None)
    if problem == "multi_label_classification":
        return "sigmoid"
    return "identity" if problem == "regression" or classes == 1 else "softmax"


def _is_vocabulary(rerun: Rerun, size: int) -> bool:
    """Return whether logits of a size are over a vocabulary."""
    if rerun.model.can_generate or not rerun.model.is_pretrained:
        return True
    config = getattr(rerun.main.stacks[0], "config", None)
    return size == getattr(config, "vocab_size", None)


def _is_ctc(rerun: Rerun) -> bool:
    """Return whether a model predicts a letter or a blank for each frame of a sound."""
    return rerun.model.is_pretrained and "CTC" in rerun.model.class_name


def _first_sound(rerun: Rerun, logits: Tensor) -> int:
    """Return the first frame for which a letter is likelier than the blank, else the last one."""
    blank = getattr(rerun.model.config, "pad_token_id", None)
    likeliest: list[int] = logits.detach().argmax(-1).tolist()
    heard = (frame for frame, letter in enumerate(likeliest) if letter != blank)
    return next(heard, len(likeliest) - 1)


def _default_token(rerun: Rerun, count: int) -> int | None:
    """Return the last position of a model that writes, that of the first mask of any other."""
    mask = None if rerun.model.can_generate else _first_mask(rerun)
    writes = rerun.model.can_generate or not rerun.model.is_pretrained
    return count - 1 if mask is None and writes else mask


def _first_mask(rerun: Rerun) -> int | None:
    """Return the position of the first mask token, None if there is none."""
    mask = getattr(rerun.inputs.tokenizer, "mask_token_id", None)
    ids = (rerun.inputs.ids("input_ids") or [])[rerun.main.rows]
    return ids.index(mask) if mask is not None and mask in ids else None


def _last_word(rerun: Rerun, count: int) -> int:
    """Return the position of the last token that is not special."""
    special = rerun.tokens.special
    words = [place for place in range(count) if len(special) != count or not special[place]]
    return words[-1] if words else count - 1
