"""Statutory returns made from the record: the Client Level Data return (domain §3)."""
