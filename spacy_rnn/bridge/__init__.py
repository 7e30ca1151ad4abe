"""Thinc <-> torch, written once: shims, array conversion, weights on disk, the optimiser's step."""
