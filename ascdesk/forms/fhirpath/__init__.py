"""A subset of FHIRPath, compiled to Python closures; it knows nothing of forms or records."""
