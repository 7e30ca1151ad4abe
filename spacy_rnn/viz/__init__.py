"""Maps of word vectors, and what a pipeline found in a text. matplotlib is imported inside functions only."""
