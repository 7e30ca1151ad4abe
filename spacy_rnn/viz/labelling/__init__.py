"""What a pipeline found in a text and how sure it is: entities, probabilities of labels, transitions, morphemes."""
