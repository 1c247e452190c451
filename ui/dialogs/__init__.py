"""Dialogues: few, short, each about one thing."""
