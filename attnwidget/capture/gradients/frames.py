"""Follow which modules are running, with the tensors that they read and return."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from typing import Any

from torch import Tensor, nn

from attnwidget.capture.attention.layout import Grid


@dataclass(eq=False)
class Frame:
    """One call of a module.

    Attributes
    ----------
    start
        Number of tensors that had been seen before it.
    given
        The first tensor of whole entries that it reads, None if it reads windows or something else.
    grid
        Rows and columns that it is told beside the tensor, None if it is not.
    """

    start: int
    given: Tensor | None
    grid: Grid | None


@dataclass
class Frames:
    """The running modules, innermost last, and the tensors that modules read and return.

    Parameters
    ----------
    batch
        Number of entries on the first axis of a tensor of whole entries.
    close
        Is called when a module returns, with its frame and the first tensor that it returns.
    """

    batch: int
    close: Callable[[Frame, Tensor | None], None]
    running: list[Frame] = field(default_factory=list)
    seen: list[Tensor] = field(default_factory=list)
    maps: list[Tensor] = field(default_factory=list)
    """The maps (B, C, rows, columns) that convolutions returned."""

    @contextmanager
    def of(self, model: nn.Module) -> Iterator[None]:
        """Follow the modules of a model while it runs."""
        with ExitStack() as hooks:
            for module in model.modules():
                enter = module.register_forward_pre_hook(self._enter, with_kwargs=True)
                hooks.callback(enter.remove)
                hooks.callback(module.register_forward_hook(self._leave).remove)
            yield

    def _enter(self, _: nn.Module, args: tuple[Any, ...], options: dict[str, Any]) -> None:
        values = [*args, *options.values()]
        given = self._first(values)
        self.running.append(Frame(len(self.seen), given, _grid(values, given)))
        if given is not None:
            self.seen.append(given)

    def _leave(self, module: nn.Module, _: object, output: Any) -> None:
        frame = self.running.pop()
        result = self._first(_listed(output))
        self.close(frame, result)
        if result is not None:
            self.seen.append(result)
            if isinstance(module, nn.Conv2d) and result.ndim == 4:
                self.maps.append(result)

    def _first(self, values: list[Any]) -> Tensor | None:
        """Return the first tensor that holds positions of whole entries and lies in the graph."""
        for each in values:
            if isinstance(each, Tensor) and each.ndim >= 3 and each.is_floating_point():
                return each if len(each) == self.batch and each.requires_grad else None
        return None


def _listed(output: Any) -> list[Any]:
    if isinstance(output, Tensor):
        return [output]
    if isinstance(output, dict):
        return list(output.values())
    return list(output) if isinstance(output, (tuple, list)) else []


def _grid(values: list[Any], given: Tensor | None) -> Grid | None:
    """Return the rows and columns of a tensor (B, rows, columns, D) or as many as it has."""
    for each in values:
        if isinstance(each, (tuple, list)) and len(each) == 2 and given is not None:
            rows, columns = each
            is_grid = isinstance(rows, int) and isinstance(columns, int)
            if is_grid and given.ndim == 3 and rows * columns == given.shape[1]:
                return Grid(rows, columns)
    return None
