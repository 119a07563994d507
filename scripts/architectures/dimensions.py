"""The sizes of what a model reads, from its config."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import transformers

WORDS = 9
"""Tokens of a text."""

ROWS = 4
"""Rows, and columns, of the patches of an image whose size is free."""


class Dimensions:
    """The sizes of what a model reads.

    Parameters
    ----------
    config
        The config of the whole model.
    """

    def __init__(self, config: transformers.PreTrainedConfig) -> None:
        self.config = config
        whole = [config, *_within(config)]
        self._vision = [each for each in whole if _is_vision(each)] + whole
        self._audio = [each for each in whole if "audio" in type(each).__name__.lower()] + whole
        self._whole = whole

    def find(self, *names: str, default: Any = None, of: str = "whole") -> Any:
        """Return the first field of these names that the config or one within it has."""
        configs = getattr(self, f"_{of}")
        for name in names:
            for config in configs:
                try:
                    value = getattr(config, name, None)
                except Exception:  # fields that every layer has for itself
                    continue
                if value is not None:
                    return value
        return default

    @property
    def words(self) -> int:
        """Number of ids that are words."""
        return int(min(self.find("vocab_size", default=60) or 60, 60))

    @property
    def width(self) -> int:
        """Width of the hidden states."""
        width = self.find("hidden_size", "d_model", "n_embd", "dim", "embed_dim", default=32)
        return int(width if isinstance(width, int) else width[0])

    @property
    def patch(self) -> tuple[int, int]:
        """Height and width of a patch."""
        return _pair(self.find("patch_size", "patch_sizes", default=8, of="vision"))

    @property
    def channels(self) -> int:
        """Channels of an image."""
        return int(self.find("num_channels", "in_channels", "in_chans", default=3, of="vision"))

    @property
    def image(self) -> tuple[int, int]:
        """Height and width of an image."""
        size = self.find("image_size", "img_size", "crop_size", of="vision")
        height, width = self.patch
        return _pair(size) if size else (ROWS * height, ROWS * width)

    @property
    def frames(self) -> int:
        """Frames of a video."""
        names = ("num_frames", "frames_per_clip", "num_image_with_embedding")
        return int(self.find(*names, default=2, of="vision"))

    @property
    def patch_frames(self) -> int:
        """Frames of a patch."""
        return int(self.find("temporal_patch_size", default=1, of="vision") or 1)

    @property
    def bins(self) -> int:
        """Frequencies of a spectrogram."""
        names = ("num_mel_bins", "feature_size", "input_feat_per_channel", "n_mels", "mel_bins")
        others = ("feature_projection_input_dim", "input_feat_size", "input_dim", "num_mels")
        return int(self.find(*names, *others, default=80, of="audio"))

    @property
    def spectra(self) -> int:
        """Spectra of a sound."""
        fixed = self.find("max_source_positions", default=0, of="audio")
        return int(self.find("max_length", default=0, of="audio") if not fixed else 2 * fixed) or 64


def _within(config: transformers.PreTrainedConfig) -> Iterator[transformers.PreTrainedConfig]:
    for each in vars(config).values():
        if isinstance(each, transformers.PreTrainedConfig):
            yield each
            yield from _within(each)


def _is_vision(config: transformers.PreTrainedConfig) -> bool:
    name = type(config).__name__.lower()
    return "vision" in name or "vit" in name


def _pair(size: Any) -> tuple[int, int]:
    if isinstance(size, dict):
        return int(size["height"]), int(size["width"])
    if isinstance(size, (list, tuple)):
        pair = size[-2:] if len(size) > 1 else [size[0], size[0]]
        return _pair(pair[0])[0], _pair(pair[1])[0]
    return int(size), int(size)
