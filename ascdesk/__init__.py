"""ASC Desk without a screen or a network: the record, the forms, the law, the copies."""
