"""The demonstration: an invented council and caseload on this machine, driven through the real windows."""
