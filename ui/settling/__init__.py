"""Conflicts and histories on the screen: their cards, and who wrote what."""
