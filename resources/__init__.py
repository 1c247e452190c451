"""Data: forms, council packs, fonts, themes, words."""
