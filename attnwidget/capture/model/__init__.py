"""Load a model, ask what it can do, and change its state for a while."""
