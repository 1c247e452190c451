"""The council's end: the reference server."""
