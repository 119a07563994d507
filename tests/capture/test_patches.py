"""Patches are named by row and column in models of no library too."""

import pytest
import torch
import transformers as tf
from torch import Tensor, nn

from attnwidget.capture import capture
from tests.capture.small_modules import VISION, Encoder, detr, made

IMAGE = torch.randn(1, 3, 8, 12, generator=torch.Generator().manual_seed(0))
NAMES = ["r0 c0", "r0 c1", "r0 c2", "r1 c0", "r1 c1", "r1 c2"]


class Cut(nn.Module):
    """Cuts an image into patches without a convolution."""

    def forward(self, image: Tensor) -> Tensor:
        rows = image.unfold(2, 4, 4).unfold(3, 4, 4).permute(0, 2, 3, 1, 4, 5)
        return rows.flatten(1, 2).flatten(2)


class Vision(nn.Module):
    def __init__(self, kind: str, before: int = 0, after: int = 0) -> None:
        super().__init__()
        cut = nn.Sequential(Cut(), nn.Linear(48, 32))
        self.cut = cut if kind == "cut" else nn.Conv2d(3, 32, 4, 4 if kind == "patches" else 2)
        self.before = nn.Parameter(torch.randn(1, before, 32))
        self.after = nn.Parameter(torch.randn(1, after, 32))
        self.blocks = Encoder(2)

    def forward(self, image: Tensor) -> Tensor:
        x = self.cut(image)
        x = x if x.ndim == 3 else x.flatten(2).mT
        return self.blocks(torch.cat([self.before, x, self.after], 1))[:, 0]


@pytest.mark.parametrize("kind", ["patches", "cut"])
def test_patches_of_a_module_of_no_library(kind):
    assert capture(Vision(kind).eval(), IMAGE).tokens == NAMES
    trace = capture(Vision(kind, before=1).eval(), IMAGE)
    assert trace.tokens == ["[CLS]", *NAMES]
    assert trace.stacks[0].queries.special == (True, *[False] * 6)


def test_the_order_is_not_guessed():
    """Three more positions may lie anywhere, unless the model says where."""
    model = Vision("patches", before=3).eval()
    numbers = [str(place) for place in range(9)]
    assert capture(model, IMAGE).tokens == numbers
    model.num_prefix_tokens = 3
    assert capture(model, IMAGE).tokens[3:] == NAMES


def test_maps_before_a_transformer_name_what_has_their_size_alone():
    grid = [f"r{row} c{column}" for row in range(3) for column in range(5)]
    assert capture(Vision("map").eval(), IMAGE).tokens == grid
    with_more = capture(Vision("map", before=1).eval(), IMAGE).tokens
    assert with_more == [str(place) for place in range(16)]


def test_what_is_given_as_vectors_is_no_image():
    class Beside(Vision):
        def forward(self, image: Tensor, vectors: Tensor) -> Tensor:
            self.cut(image)
            return self.blocks(vectors)

    inputs = {"image": IMAGE, "vectors": torch.randn(1, 6, 32)}
    assert capture(Beside("patches").eval(), inputs).tokens == [str(each) for each in range(6)]


def test_frames_of_a_video_and_bins_of_a_spectrogram():
    video = made(tf.VideoMAEModel, tf.VideoMAEConfig(**VISION, num_frames=4, tubelet_size=2))
    names = [
        f"f{frame} r{row} c{column}" for frame in (0, 1) for row in (0, 1) for column in (0, 1)
    ]
    assert capture(video, {"pixel_values": torch.randn(1, 4, 3, 8, 8)}).tokens == names
    sizes = {name: VISION[name] for name in VISION if name != "image_size"}
    config = tf.ASTConfig(**sizes, num_mel_bins=8, max_length=12, frequency_stride=4, time_stride=4)
    sound = made(tf.ASTModel, config)
    names = ["f0 t0", "f0 t1", "f0 t2", "f1 t0", "f1 t1", "f1 t2"]
    trace = capture(sound, {"input_values": torch.randn(1, 12, 8)})
    assert trace.tokens == ["[CLS]", "[DIST]", *names]


def test_object_queries_and_the_map_that_they_read():
    trace = capture(detr(), {"pixel_values": torch.randn(1, 3, 32, 32)})
    assert trace["cross"].query_tokens == [f"query {place}" for place in range(6)]
    assert trace["cross"].key_tokens[:5] == ["r0 c0", "r0 c1", "r0 c2", "r0 c3", "r1 c0"]
