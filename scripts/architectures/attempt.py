"""Try capture on one architecture, and compare it with the model's own eager attention."""

from __future__ import annotations

import re
import signal
from dataclasses import dataclass
from typing import Literal, TypeAlias

import torch
import transformers
from torch import nn

from attnwidget import capture
from scripts.architectures.difference import (
    difference,
    is_ambiguous,
    made_eager,
    own_attention,
)
from scripts.architectures.small_model import running
from scripts.architectures.unmade import NotMadeError

Outcome: TypeAlias = Literal[
    "exact", "dense", "unchecked", "refused", "wrong", "raw error", "not made", "none"
]
"""What became of an architecture; "none" has no attention, "not made" has no small config here."""

WEIGHTLESS = {
    "autoformer": "compares a series with itself some steps later; there are no weights of pairs",
    "mra": "approximates attention at several resolutions; there are no weights of pairs",
    "rwkv": "a recurrent network, whose attention has no weights of pairs",
    "swiftformer": "additive attention: one weight a token, none of pairs",
    "yoso": "samples attention by hashing; there are no weights of pairs",
}
"""Architectures whose attention has no weights, and why."""

OTHERWISE = "; transformers computes it otherwise with SDPA than with eager attention"
"""The note on an architecture whose eager attention is not that of its fused attention."""

SECONDS = 60
"""Longest time for one architecture, of the processor, so that other work does not count."""


@dataclass(frozen=True)
class Attempt:
    """The result for one architecture.

    Attributes
    ----------
    model_type
        Its name in transformers.
    name
        Name of the model's class, empty where none could be made.
    outcome
        What became of it.
    words
        The streams, or why not.
    compared
        What the layers were compared with, and how many.
    """

    model_type: str
    name: str
    outcome: Outcome
    words: str
    compared: str = ""


def attempt(model_type: str) -> Attempt:
    """Return what capture makes of an architecture."""
    try:
        model, inputs = running(model_type)
    except Exception as error:
        return Attempt(model_type, "", "not made", _why_not_made(error))
    name = type(model).__name__
    if model_type in WEIGHTLESS or not _has_attention(model):
        return Attempt(model_type, name, "none", WEIGHTLESS.get(model_type, "no attention"))
    eager = made_eager(model)
    expected, softmaxes = own_attention(eager, inputs)
    if not softmaxes:  # some run with fused attention only
        expected, softmaxes = own_attention(model, inputs)
    torch.manual_seed(0)  # some models draw what they look at
    try:
        trace = capture(model, dict(inputs))
    except TimeoutError:
        raise
    except (ValueError, IndexError) as error:
        is_ours = "attnwidget" in str(error.__traceback__ and _last_file(error))
        words = " ".join(str(error).split()) if is_ours else _first_line(error)
        return Attempt(model_type, name, "refused" if is_ours else "raw error", words)
    except Exception as error:
        words = f"{type(error).__name__}: {_first_line(error)}"
        return Attempt(model_type, name, "raw error", words)
    found = difference(trace, expected, softmaxes)
    note = ""
    if found.wrong and eager is not None:
        fused = difference(trace, None, own_attention(model, inputs)[1])
        if not fused.wrong:
            found = fused
        elif is_ambiguous(model, eager, inputs):
            found = difference(capture(eager, dict(inputs)), expected, softmaxes)
        note = "" if found.wrong else OTHERWISE
    streams = ", ".join(
        f"{stream.name} ({stream.num_layers} x {stream.num_heads})" for stream in trace.stacks
    )
    streams += note
    if found.wrong:
        return Attempt(model_type, name, "wrong", f"{streams}: {found.wrong}")
    has_all = all(stream.has_projections for stream in trace.stacks)
    outcome: Outcome = "unchecked" if found.is_unchecked else "exact" if has_all else "dense"
    return Attempt(model_type, name, outcome, streams, found.compared)


def attempt_in_time(model_type: str) -> Attempt:
    """Return what capture makes of an architecture, or that it takes longer than `SECONDS`."""

    def stop(*_: object) -> None:
        raise TimeoutError(f"takes more than {SECONDS} s to make and run")

    signal.signal(signal.SIGPROF, stop)
    signal.setitimer(signal.ITIMER_PROF, SECONDS)
    try:
        return attempt(model_type)
    except TimeoutError as error:
        return Attempt(model_type, "", "not made", str(error))
    except Exception as error:  # else StopIteration would end the loop over all of them
        words = f"the check itself failed: {type(error).__name__}: {_first_line(error)}"
        return Attempt(model_type, "", "raw error", words)
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)


def model_types() -> list[str]:
    """Return the names of all architectures."""
    return sorted(transformers.CONFIG_MAPPING)


def _why_not_made(error: Exception) -> str:
    """Return why no small model was made, in a sentence of this command."""
    library = re.search(r"requires the (\w+) library", str(error))
    if library:
        return f"needs {library[1]}, which is not installed"
    if isinstance(error, (NotMadeError, TimeoutError)):
        return str(error)
    return (
        "no small config and drawn inputs were found that fit each other; the first that were "
        f"tried raise {type(error).__name__}: {_first_line(error)}"
    )


def _has_attention(model: nn.Module) -> bool:
    return any("attention" in type(module).__name__.lower() for module in model.modules())


def _last_file(error: BaseException) -> str:
    """Return the file that raised an error."""
    place = error.__traceback__
    while place is not None and place.tb_next is not None:
        place = place.tb_next
    return "" if place is None else place.tb_frame.f_code.co_filename


def _first_line(error: BaseException) -> str:
    lines = str(error).strip().splitlines() or [type(error).__name__]
    return " ".join(line.strip() for line in lines[:2])[:200]
