"""PDF copies for the person; pure of storage: values in, bytes out."""
