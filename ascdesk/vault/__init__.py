"""Keys: how a profile is sealed and opened.

The profile's folder is in `profile`, the key hierarchy in `keys`, the device's half in `device`, the rules
for a passphrase in `passphrase`, and the three things a caller does (create, open, change the passphrase)
in `opening`.

Room is left, and nothing is faked, for four things of design §5 that are not here yet: the *tries* counter
is written beside `key.json` before `opening.open_profile` derives anything; the *lease* is checked by the
worker process after opening and before the record is shown; the *escrow* is an append-only file beside
`record.db` that this package will seal to the council's recovery key; *erasing* is
`DeviceSecretStore.forget`, after which `key.json` opens nothing.
"""
