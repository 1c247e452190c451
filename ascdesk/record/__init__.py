"""The case record: changes, and the typed tables that are projected from them."""
