"""Ways to take tokens out of an input."""

from typing import Literal, TypeAlias, get_args

Removal: TypeAlias = Literal["cut", "remove", "mask"]
"""How a token is deleted.

``"cut"``: no other token attends to it, in any layer and head; all others keep their places.
``"remove"``: it is left out, and later tokens move up. ``"mask"``: the tokenizer's mask token takes
its place.
"""

REMOVALS: tuple[Removal, ...] = get_args(Removal)
