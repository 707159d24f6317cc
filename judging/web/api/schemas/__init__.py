"""What programs send and get, as models: strict, without members that are not named here."""
