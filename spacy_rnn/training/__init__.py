"""Files on disk and loops: corpora, evaluation."""
