"""ASC Desk without a screen or a network: the record, the forms, the law, the copies."""

__version__ = "0.1.0"
