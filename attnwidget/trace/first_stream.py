"""What a Trace shares with its first stream."""

from torch import Tensor

from attnwidget.trace.indexing import Indexer
from attnwidget.trace.scores import AttentionScores
from attnwidget.trace.stream import Stream


class OfFirstStream:
    """The properties and methods of a Trace that are those of its first stream."""

    stacks: tuple[Stream, ...]

    @property
    def tokens(self) -> list[str]:
        """The readable tokens that attend in the first stream."""
        return self.stacks[0].query_tokens

    @property
    def query_tokens(self) -> list[str]:
        """The readable tokens that attend in the first stream."""
        return self.stacks[0].query_tokens

    @property
    def key_tokens(self) -> list[str]:
        """The readable tokens that are attended to in the first stream."""
        return self.stacks[0].key_tokens

    @property
    def num_layers(self) -> int:
        """Number of layers of the first stream."""
        return self.stacks[0].num_layers

    @property
    def num_heads(self) -> int:
        """Number of heads in each layer of the first stream."""
        return self.stacks[0].num_heads

    @property
    def causal(self) -> bool:
        """True if no query attends to a later key in the first stream."""
        return self.stacks[0].causal

    @property
    def has_projections(self) -> bool:
        """True if the queries and keys of the first stream were captured."""
        return self.stacks[0].has_projections

    def attention(
        self,
        layer: int,
        heads: Indexer = None,
        *,
        queries: Indexer = None,
        keys: Indexer = None,
    ) -> Tensor:
        """Return attention weights of the first stream; see `Stream.attention`."""
        return self.stacks[0].attention(layer, heads, queries=queries, keys=keys)

    def attention_gradient(
        self,
        layer: int,
        heads: Indexer = None,
        *,
        queries: Indexer = None,
        keys: Indexer = None,
    ) -> Tensor:
        """Return gradients by weights of the first stream; see `Stream.attention_gradient`."""
        return self.stacks[0].attention_gradient(layer, heads, queries=queries, keys=keys)

    def query(self, layer: int) -> Tensor:
        """Return the query vectors of the first stream; see `Stream.query`."""
        return self.stacks[0].query(layer)

    def key(self, layer: int) -> Tensor:
        """Return the key vectors of the first stream; see `Stream.key`."""
        return self.stacks[0].key(layer)

    def value(self, layer: int) -> Tensor:
        """Return the value vectors of the first stream; see `Stream.value`."""
        return self.stacks[0].value(layer)

    def scores(self, layer: int, head: int, query: int) -> AttentionScores:
        """Return the steps from a query to its weights in the first stream; see `Stream.scores`."""
        return self.stacks[0].scores(layer, head, query)
