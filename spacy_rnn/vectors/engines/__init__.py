"""What trains a model: compiled code, gensim as the reference, torch on a GPU, and GloVe, which is another method."""
