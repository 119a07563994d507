"""Find what every attention writes: its output projection, the residual stream, the head."""
