"""Keys: how a profile is sealed and opened."""
