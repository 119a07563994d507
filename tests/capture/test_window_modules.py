"""Windows in modules of no library, cut and put back in the ways that people do it."""

import pytest
import torch
from torch import Tensor, nn
from torch.nn import functional

from attnwidget.capture import capture
from tests.capture.windows_by_hand import whole_map, window_positions

SIDE, SIZE, HEADS, WIDTH = 8, 4, 2, 8


class Attention(nn.Module):
    """Attention over the last but one axis, whatever is before; keeps (W, H, s, s)."""

    def __init__(self, by_hand: bool) -> None:
        super().__init__()
        self.project, self.by_hand = nn.Linear(WIDTH, 3 * WIDTH), by_hand
        self.kept: list[Tensor] = []

    def forward(self, x: Tensor) -> Tensor:
        q, k, v = (
            each.unflatten(-1, (HEADS, -1)).transpose(-3, -2)
            for each in self.project(2 * x).chunk(3, -1)
        )
        weights = (q @ k.mT / 2).softmax(-1)
        self.kept.append(weights.detach().flatten(0, -4))
        attend = functional.scaled_dot_product_attention
        context = weights @ v if self.by_hand else attend(q, k, v)
        return context.transpose(-3, -2).flatten(-2)


def partition(x: Tensor) -> Tensor:
    """(B, rows, columns, D) as (B, W, s, D)."""
    rows, columns = x.shape[1] // SIZE, x.shape[2] // SIZE
    x = x.unflatten(2, (columns, SIZE)).unflatten(1, (rows, SIZE)).transpose(2, 3)
    return x.flatten(3, 4).flatten(1, 2)


def reverse(x: Tensor) -> Tensor:
    x = x.unflatten(1, (SIDE // SIZE, SIDE // SIZE)).unflatten(3, (SIZE, SIZE))
    return x.transpose(2, 3).flatten(3, 4).flatten(1, 2)


class Block(nn.Module):
    """A block of windows, which are entries or have an axis of their own, shifted or not."""

    def __init__(self, shift: int, axis: bool, channels_first: bool, by_hand: bool = True) -> None:
        super().__init__()
        self.attention, self.norm = Attention(by_hand), nn.LayerNorm(WIDTH)
        self.shift, self.axis, self.channels_first = shift, axis, channels_first

    def forward(self, x: Tensor) -> Tensor:
        y = x.movedim(1, -1) if self.channels_first else x
        y = partition(self.norm(y).roll((-self.shift, -self.shift), (1, 2)))
        entries = len(y)
        y = self.attention(y if self.axis else y.flatten(0, 1))
        y = reverse(y if self.axis else y.unflatten(0, (entries, -1)))
        y = y.roll((self.shift, self.shift), (1, 2))
        return x + (y.movedim(-1, 1) if self.channels_first else y)


def image(channels_first=False):
    x = torch.randn(1, SIDE, SIDE, WIDTH, generator=torch.Generator().manual_seed(0))
    return x.movedim(-1, 1) if channels_first else x


@pytest.mark.parametrize("by_hand", [True, False])
@pytest.mark.parametrize("channels_first", [True, False])
@pytest.mark.parametrize("axis", [True, False])
def test_windows_are_entries_or_have_an_axis(axis, channels_first, by_hand):
    torch.manual_seed(0)
    blocks = [Block(shift, axis, channels_first, by_hand) for shift in (0, 2)]
    trace = capture(nn.Sequential(*blocks).eval(), image(channels_first))
    assert trace.streams == ("self",)
    for layer, block in enumerate(blocks):
        slots = window_positions(SIDE, SIDE, SIZE, block.shift)
        expected = whole_map(block.attention.kept[0], slots, slots, (SIDE**2, SIDE**2))
        assert torch.allclose(trace.attention(layer), expected, atol=1e-5)
        reachable = trace.stacks[0].layers[layer].reachable(slice(None))
        assert torch.equal(reachable, (expected > 0).any(0))
    assert trace.stacks[0].query_tokens[9] == "r1 c1"


class Halo(nn.Module):
    """Blocks of queries that see a border around them: windows of keys overlap."""

    def __init__(self) -> None:
        super().__init__()
        self.query, self.both = nn.Conv2d(WIDTH, WIDTH, 1), nn.Conv2d(WIDTH, 2 * WIDTH, 1)
        self.kept: list[Tensor] = []

    def forward(self, x: Tensor) -> Tensor:
        q = partition(self.query(2 * x).movedim(1, -1))[0]
        cut = functional.unfold(self.both(x), SIZE + 2, stride=SIZE, padding=1)
        k, v = cut[0].unflatten(0, (2, WIDTH, -1)).permute(0, 3, 2, 1)
        q, k, v = (each.unflatten(-1, (HEADS, -1)).transpose(1, 2) for each in (q, k, v))
        self.kept.append((q @ k.mT / 2).softmax(-1).detach())
        y = functional.scaled_dot_product_attention(q, k, v, scale=0.5)
        return x + reverse(y.transpose(1, 2).flatten(-2)[None]).movedim(-1, 1)


def test_windows_of_keys_that_overlap():
    torch.manual_seed(0)
    model = nn.Sequential(Halo(), Halo()).eval()
    trace = capture(model, image(channels_first=True))
    rows = window_positions(SIDE, SIDE, SIZE)
    grid = functional.pad(torch.arange(SIDE**2).view(SIDE, SIDE), (1, 1, 1, 1), value=-1)
    columns = [
        grid[top : top + SIZE + 2, left : left + SIZE + 2].flatten()
        for top in range(0, SIDE, SIZE)
        for left in range(0, SIDE, SIZE)
    ]
    for layer, module in enumerate(model):
        sizes = SIDE**2, SIDE**2
        expected = whole_map(module.kept[0], rows, torch.stack(columns), sizes)
        assert torch.allclose(trace.attention(layer), expected, atol=1e-5)


class Mixed(Block):
    """Windows of positions that a convolution mixes, without a tensor of them in between."""

    def __init__(self) -> None:
        super().__init__(0, axis=False, channels_first=False)
        self.kernel = nn.Parameter(torch.randn(WIDTH, WIDTH, 3, 3))

    def forward(self, x: Tensor) -> Tensor:
        y = functional.conv2d(x.movedim(-1, 1), self.kernel, padding=1).movedim(1, -1)
        y = partition(y).flatten(0, 1)
        return x + reverse(self.attention(y).unflatten(0, (len(x), -1)))


def test_positions_that_are_mixed_are_refused():
    with pytest.raises(ValueError, match=r"0\.attention.* which positions .* cannot be told"):
        capture(nn.Sequential(Mixed(), Mixed()).eval(), image())
