"""A council's pack: what a council may decide, as TOML files, read and checked by one loader."""
