"""Random inputs for the arguments of a forward pass, by their names."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import torch
import transformers
from torch import Tensor

from scripts.architectures.dimensions import ROWS, WORDS, Dimensions
from scripts.architectures.given_arguments import ARGUMENTS

PLACEHOLDERS = ("image", "video", "audio")
"""What may stand among words: its token, and its number in ``mm_token_type_ids``, from 1 on."""


@dataclass
class Draw:
    """Draws the arguments of a forward pass.

    Attributes
    ----------
    model
        The model.
    pixels
        How its images are laid out: a name in `PIXELS`.
    sound
        How its sounds are laid out: a name in `SOUNDS`.
    counts
        How many tokens stand for the image, the video and the sound among the words.
    """

    model: transformers.PreTrainedModel
    pixels: str = "image"
    sound: str = "flat"
    counts: dict[str, int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.sizes = Dimensions(self.model.config)
        self.made: dict[str, Tensor] = {}

    def all(self, names: list[str]) -> dict[str, Tensor]:
        """Return the arguments of these names; those of no known kind are left out."""
        self.made = {}
        self._random = torch.Generator().manual_seed(0)
        known: list[tuple[int, str]] = []
        for name in names:
            row = self._particular(name)
            if row is not None:
                self.made[name] = row
            elif (kind := kind_of(name)) is not None:
                known.append((kind, name))
        for kind, name in sorted(known):
            self.made[name] = KINDS[kind][1](self, name)
        return self.made

    def _particular(self, name: str) -> Tensor | None:
        """Return the argument as its architecture alone takes it, None without a row for it."""
        row = ARGUMENTS.get(self.model.config.model_type, {}).get(name)
        return None if row is None else self.like(row)

    def like(self, row: Any) -> Tensor:
        """Return the tensor of a row: numbers, or the shape of random numbers."""
        return self.normal(*row) if isinstance(row, tuple) else torch.tensor(row)

    def normal(self, *shape: int) -> Tensor:
        """Return random numbers."""
        return torch.randn(*shape, generator=self._random)

    def token(self, kind: str) -> int | None:
        """Return the id of the token that stands for an image, a video or a sound."""
        names = (f"{kind}_token_id", f"{kind}_token_index", f"{kind}_pad_token_id")
        found = self.sizes.find(*names)
        return int(found) if isinstance(found, int) else None

    def words(self, name: str) -> Tensor:
        """Return ids, with the tokens that stand for other things among them."""
        length = 5 if name.startswith("decoder") else WORDS
        ids = torch.randint(5, max(self.sizes.words, 6), (length,), generator=self._random)
        special = {self.token(kind) for kind in PLACEHOLDERS}
        for at, each in enumerate(ids.tolist()):
            while each in special:
                each = each + 1
            ids[at] = each
        if name != "input_ids":
            return ids[None]
        for kind, count in self.counts.items():
            token = self.token(kind)
            if token is not None:
                ids = torch.cat([ids[:2], torch.full((count,), token), ids[2:]])
        return ids[None]

    def kinds_of_words(self, name: str) -> Tensor:
        """Return which ids stand for an image (1), a video (2) or a sound (3)."""
        kinds = torch.zeros_like(self.made["input_ids"])
        for number, kind in enumerate(PLACEHOLDERS, 1):
            token = self.token(kind)
            if token is not None:
                kinds[self.made["input_ids"] == token] = number
        return kinds

    def image(self, name: str) -> Tensor:
        """Return pixels."""
        is_video = self.pixels == "image" and "video" in name
        return PIXELS["video" if is_video else self.pixels](self)

    def samples(self, name: str) -> Tensor:
        """Return a sound, as samples or spectra."""
        is_spectra = "features" in name or "mel" in name or "spectr" in name
        return SOUNDS[f"{'spectra' if is_spectra else 'samples'} {self.sound}"](self)

    def states(self, name: str) -> Tensor:
        """Return hidden states."""
        if self.pixels in ("patches", "cubes") and name == "hidden_states":
            return self.image(name)
        return self.normal(1, WORDS, self.sizes.width)

    def ones(self, name: str) -> Tensor:
        """Return a mask of what it masks, which allows all."""
        base = re.sub(r"_?(attention|observed|padding|feature|features)?_?mask(s)?$", "", name)
        others = (base, f"{base}_ids", f"{base}_values", f"{base}_features", f"{base}_mel")
        masked = next((self.made[each] for each in others if each in self.made), None)
        masked = next(iter(self.made.values()), None) if masked is None else masked
        if masked is None:
            return torch.ones(1, WORDS, dtype=torch.long)
        if name in ("past_observed_mask", "future_observed_mask"):
            return torch.ones_like(masked)
        if name == "pixel_mask":
            return torch.ones(1, *masked.shape[-2:], dtype=torch.long)
        if masked.ndim == 3 and self.sound == "flat" and masked.shape[1] == self.sizes.bins:
            return torch.ones(1, masked.shape[2], dtype=torch.long)
        return torch.ones(masked.shape[:2], dtype=torch.long)

    def boxes(self, name: str) -> Tensor:
        """Return a box for each word."""
        length = self.made["input_ids"].shape[1] if "input_ids" in self.made else WORDS
        corners = torch.arange(length)[None, :, None] * 3
        return torch.cat([corners, corners + 1, corners + 2, corners + 3], -1)

    def series(self, name: str) -> Tensor:
        """Return the past or the future of a time series, or what is known of its days."""
        length = int(self.sizes.find("prediction_length", default=4))
        if name.startswith("past"):
            length = int(self.sizes.find("context_length", default=16))
            length += max(self.sizes.find("lags_sequence", default=None) or [0])
        if "time_features" in name:
            width = int(self.sizes.find("num_time_features", default=1))
            return self.normal(1, length, width)
        channels = self.sizes.find("num_input_channels")
        if channels is not None:
            return self.normal(1, length, channels)
        width = self.sizes.find("input_size", default=1)
        return self.normal(1, length, *([] if width == 1 else [width]))

    def located_patches(self, name: str) -> Tensor:
        """Return patches with their rows and columns, from 1 on, before their pixels."""
        places = torch.cartesian_prod(torch.arange(ROWS), torch.arange(ROWS)) + 1.0
        return torch.cat([places[None], PIXELS["flat"](self)], -1)


def _cubes(draw: Draw) -> Tensor:
    frames = draw.sizes.patch_frames
    return draw.normal(ROWS * ROWS, draw.sizes.channels * frames * _area(draw))


def _area(draw: Draw) -> int:
    height, width = draw.sizes.patch
    return height * width


PIXELS: dict[str, Callable[[Draw], Tensor]] = {
    "image": lambda draw: draw.normal(1, draw.sizes.channels, *draw.sizes.image),
    "patches": lambda draw: draw.normal(ROWS * ROWS, draw.sizes.channels * _area(draw)),
    "cubes": _cubes,
    "video": lambda draw: draw.normal(1, draw.sizes.frames, draw.sizes.channels, *draw.sizes.image),
    "flat": lambda draw: draw.normal(1, ROWS * ROWS, draw.sizes.channels * _area(draw)),
    "large": lambda draw: draw.normal(1, draw.sizes.channels, 64, 64),
    "wide": lambda draw: draw.normal(1, draw.sizes.channels, 64, 320),
    "larger": lambda draw: draw.normal(1, draw.sizes.channels, 224, 224),
    "pair": lambda draw: draw.normal(1, 2, draw.sizes.channels, 64, 64),
    "pieces": lambda draw: draw.normal(ROWS * ROWS, draw.sizes.channels, *draw.sizes.patch),
    "tiles": lambda draw: draw.normal(1, 1, 4, draw.sizes.channels, *draw.sizes.image),
}
"""How images are laid out."""

SAMPLES = 7680
"""Samples of a sound."""

SOUNDS: dict[str, Callable[[Draw], Tensor]] = {
    "samples flat": lambda draw: draw.normal(1, SAMPLES),
    "samples transposed": lambda draw: draw.normal(1, 1, SAMPLES),
    "samples deep": lambda draw: draw.normal(1, draw.sizes.spectra, draw.sizes.bins),
    "spectra flat": lambda draw: draw.normal(1, draw.sizes.bins, draw.sizes.spectra),
    "spectra transposed": lambda draw: draw.normal(1, draw.sizes.spectra, draw.sizes.bins),
    "spectra deep": lambda draw: draw.normal(1, 1, draw.sizes.spectra, draw.sizes.bins),
}
"""How sounds are laid out."""


def _long(*numbers: int) -> Callable[[Draw, str], Tensor]:
    return lambda *_: torch.tensor([numbers])


KINDS: tuple[tuple[str, Callable[[Draw, str], Any]], ...] = (
    (r"(.+_)?input_ids|input_text_ids|task_inputs|.*_tokens", Draw.words),
    (r"input_values|input_features|audio_mel|.*spectrogram|audio_features", Draw.samples),
    (r"(.+_)?pixel_values(_videos|_images)?|image|prompt_depth", Draw.image),
    (r"(past|future)_(values|time_features)", Draw.series),
    (r"(.*_)?hidden_states?|.*_embeds|latents|(.*_)?features|context|patch_input", Draw.states),
    (r"mm_token_type_ids", Draw.kinds_of_words),
    (r"token_type_ids", lambda draw, _: torch.zeros_like(draw.made["input_ids"])),
    (r"bbox", Draw.boxes),
    (r"(image_|video_)?grid_thw", _long(1, ROWS, ROWS)),
    (r"(.*_)?spatial_(shapes|sizes)|image_grid_hw|(tgt|target)_sizes", _long(ROWS, ROWS)),
    (r"image_sizes", lambda draw, _: torch.tensor([draw.sizes.image])),
    (r"merge_sizes", lambda draw, _: torch.tensor([1])),
    (r"freq", _long(0)),
    (r"flattened_patches", Draw.located_patches),
    (r"aspect_ratio_ids", _long(1)),
    (r"aspect_ratio_mask", lambda *_: torch.tensor([[[1, 1, 1, 1]]])),
    (r"(.*_)?masks?", Draw.ones),
)
"""The kinds of arguments, by a pattern of their names, in the order to draw them."""


def kind_of(name: str) -> int | None:
    """Return the index of the kind of an argument, None for one that nothing is known of."""
    found = (number for number, (pattern, _) in enumerate(KINDS) if re.fullmatch(pattern, name))
    return next(found, None)
