"""How good are word vectors? Word similarity, analogies, neighbours of misspelt words."""
