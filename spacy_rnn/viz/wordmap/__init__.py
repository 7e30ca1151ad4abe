"""A map of word vectors: many dimensions on two, as a picture for print or as a page to look around in."""
