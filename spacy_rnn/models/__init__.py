"""Registered architectures: what a config can name. nets + bridge -> thinc.Model."""
