"""Getting changes to and from the council server."""
