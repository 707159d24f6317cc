"""Accounts and the ways in: password, letter, passkey, identity provider, token, invitation."""
