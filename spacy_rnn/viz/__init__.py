"""Pictures: maps of word vectors. matplotlib is imported inside functions only."""
