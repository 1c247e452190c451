"""A determination on the screen: what was recorded, the fields of the decision, and the signature."""
