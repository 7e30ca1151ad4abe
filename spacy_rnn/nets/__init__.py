"""The mathematics: torch only. Tensors in, tensors out; nothing here has heard of spaCy or Thinc."""
