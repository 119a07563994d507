"""Tries capture on every architecture of transformers, made small and random."""
