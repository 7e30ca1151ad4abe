"""Pictures of scores: confusion matrices, reliability diagrams, curves of trainings."""
