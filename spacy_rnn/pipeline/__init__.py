"""What a Doc sees: one trainable component per file."""
