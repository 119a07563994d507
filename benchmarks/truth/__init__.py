"""Whether methods tell the truth, measured: the sections of docs/faithfulness.md."""
