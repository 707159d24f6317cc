"""The bytes of files: received in pieces, checked, copied without what harms, given out to whom they belong."""
