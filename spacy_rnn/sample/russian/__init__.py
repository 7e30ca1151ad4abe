"""Russian: inflection, and from the abstract clause to the tree. Start at ``sentences``."""
