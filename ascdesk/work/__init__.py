"""Named operations: what a worker does. Each takes plain values and returns what changed."""
