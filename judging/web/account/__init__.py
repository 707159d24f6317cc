"""Signing in and out, registering, letters with links, second factors, and a person's own account."""

from judging.web.account import (
    data,
    directory,
    factors,
    letters,
    opening,
    passkeys,
    profile,
    proof,
    register,
    sign_in,
    tokens,
)
from judging.web.account.blueprint import blueprint

__all__ = [
    "blueprint",
    "data",
    "directory",
    "factors",
    "letters",
    "opening",
    "passkeys",
    "profile",
    "proof",
    "register",
    "sign_in",
    "tokens",
]
