"""Word vectors: training them, and the table that knows every word."""
