"""One module a page, listed in the registry of pages."""
