"""What changes if a token were another one."""

import torch
from torch import Tensor

from attnwidget.methods.progress import Progress, reporting
from attnwidget.methods.replacements import Pool, Replacements, pool_of
from attnwidget.methods.rerunning import reruns_of, target_of
from attnwidget.methods.source import stream_named
from attnwidget.trace import Target, Trace
from attnwidget.trace.reruns import Change
from attnwidget.trace.target import IndexedTarget


def counterfactual(
    trace: Trace,
    *,
    draws: int = 8,
    replacements: Replacements = None,
    seed: int = 0,
    target: Target = None,
    stream: str | None = None,
    progress: Progress = None,
) -> Tensor:
    """Return how far the target's log-probability falls, on average, if a token is replaced.

    Token j is replaced by each of some other tokens, and the model runs again:
    ``score_j = mean over the others of (before - after)``. It is large where the prediction needs
    just this token, negative where other tokens would make the target more probable.

    Parameters
    ----------
    trace
        A captured trace of a model that reads tokens.
    draws
        Number of other tokens for each token, drawn without repetition and never the token itself;
        of a list, at most so many are drawn, and of a small vocabulary there may be fewer.
    replacements
        What is drawn from: None for the ordinary tokens of the vocabulary that are of the same
        kind, all alike: letters, digits or signs, at the beginning of a word or within it, as the
        token is; for a token that is the only one of its kind any others, and special and unused
        ones never. ``"predictions"`` for what the model itself predicts at a mask in the
        token's place, each by its probability, for models that fill masks; or a list of tokens, as
        texts or indices.
    seed
        Seed of the draws; the same seed draws the same tokens.
    target
        The target, in the forms of `attnwidget.capture`; None for the target of the trace. Of a
        logit the log-probability of the same token or class is taken, where the model has
        probabilities; of any other target its own value. A position or token that it leaves open is
        that of the run without changes.
    stream
        The stream whose keys are replaced; the first if None. In an encoder-decoder, cross and
        encoder have the same keys.
    progress
        True shows a progress bar, False none, None a bar if it takes long. A function is called
        with (done, total) and may raise to cancel; the total is `attnwidget.runs_of`.

    Returns
    -------
    Tensor
        (n_k,) float32 on the CPU, in nats, or in units of the target. 0 for tokens that are not
        replaced: those that the target stands on (the mask that is filled, the tokens of a span),
        and placeholders of images and sounds.

    Raises
    ------
    IndexError
        The target names a missing position or entry.
    ValueError
        The trace has no model, the model reads no tokens, `draws` is less than 1, the replacements
        cannot be used, or the target does not fit the model.
    """
    reruns = reruns_of(trace, "counterfactual")
    aim = reruns.log_probability(target_of(trace, target))
    pool = counterfactual_pool(
        trace, draws=draws, replacements=replacements, seed=seed, target=aim, stream=stream
    )
    with reporting(progress, pool.runs, "counterfactuals") as report:
        drawn = pool.drawn(reruns, report)
        before = reruns.value(aim)
        changes = [Change(tokens=(each,), stream=pool.stream) for each in drawn]
        filled = pool.runs - len(drawn)
        values = reruns.values(changes, aim, lambda done: report(filled + done))
    places = torch.tensor([place for place, _ in drawn], device="cpu")
    falls = torch.zeros(len(pool.ids), device="cpu").index_add_(0, places, before - values)
    return falls / places.bincount(minlength=len(pool.ids)).clamp(min=1)


def counterfactual_pool(
    trace: Trace,
    *,
    draws: int,
    replacements: Replacements,
    seed: int,
    target: IndexedTarget,
    stream: str | None,
) -> Pool:
    """Return what the tokens of a trace are replaced by; see `counterfactual`."""
    reruns = reruns_of(trace, "counterfactual")
    name = stream_named(trace, stream).name
    left_out = reruns.stands_on(target, name)
    words = reruns.words(name)
    return pool_of(words, name, left_out | words.fixed, draws, replacements, seed)
