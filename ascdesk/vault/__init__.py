"""Keys: how a profile is sealed and opened.

The profile's folder is in `profile`, the key hierarchy in `keys`, the device's half in `device`, the rules
for a passphrase in `passphrase`, and the three things a caller does (create, open, change the passphrase)
in `opening`.

Room is left, and nothing is faked, for three things of design §5 that are not here yet: the *tries* counter
is written beside `key.json` before `opening.open_profile` derives anything; the *lease* is checked by the
worker process after opening and before the record is shown; *erasing* is `DeviceSecretStore.forget`, after
which `key.json` opens nothing. The *escrow* takes what a removed case leaves; that it also takes each unsent
change, for a lost key, is still to come.
"""
