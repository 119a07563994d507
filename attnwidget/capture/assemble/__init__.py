"""Group recorded attention into streams, name their tokens and cut their padding."""
