"""One file for each layout, named by its number. Written once, never changed after it was released."""
