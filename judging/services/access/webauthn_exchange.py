"""What goes back and forth between a browser and us about a passkey (WebAuthn level 2), checked by the library.

Apart from `passkeys`, because the library takes half a second to load and few requests need it.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from webauthn import (
    generate_authentication_options,
    generate_registration_options,
    options_to_json,
    verify_authentication_response,
    verify_registration_response,
)
from webauthn.helpers import base64url_to_bytes, bytes_to_base64url
from webauthn.helpers.exceptions import WebAuthnException
from webauthn.helpers.structs import (
    AuthenticatorSelectionCriteria,
    PublicKeyCredentialDescriptor,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from judging.db.models import Account

_NAME_OF_SITE = "judging"
# What a broken or hostile client can make the library stumble over besides its own errors.
_MALFORMED = (WebAuthnException, ValueError, TypeError, KeyError, AttributeError, IndexError)


@dataclass(frozen=True, slots=True)
class Site:
    """What passkeys are bound to: the host of the installation's address, and the address itself."""

    host: str
    origin: str


@dataclass(frozen=True, slots=True)
class Made:
    """A new credential; id and key are base64url."""

    credential_id: str
    public_key: str
    sign_count: int


def making_options(site: Site, *, account: Account, challenge: str, present: Iterable[str]) -> dict[str, Any]:
    """What the browser needs to make a passkey that finds itself and verifies its user; `present` are known ids."""
    options = generate_registration_options(
        rp_id=site.host,
        rp_name=_NAME_OF_SITE,
        user_id=account.id.encode(),
        user_name=account.email,
        user_display_name=account.name,
        challenge=challenge.encode(),
        authenticator_selection=AuthenticatorSelectionCriteria(
            resident_key=ResidentKeyRequirement.REQUIRED, user_verification=UserVerificationRequirement.REQUIRED
        ),
        exclude_credentials=[PublicKeyCredentialDescriptor(id=base64url_to_bytes(one)) for one in present],
    )
    return _as_json(options_to_json(options))


def asking_options(site: Site, *, challenge: str) -> dict[str, Any]:
    """What the browser needs to ask the device for any passkey of this installation."""
    options = generate_authentication_options(
        rp_id=site.host, challenge=challenge.encode(), user_verification=UserVerificationRequirement.REQUIRED
    )
    return _as_json(options_to_json(options))


def answered_challenge(credential: Mapping[str, Any]) -> str | None:
    """The challenge that the client says it answered; the signature over it is checked later."""
    try:
        told = json.loads(base64url_to_bytes(credential["response"]["clientDataJSON"]))
        return base64url_to_bytes(told["challenge"]).decode("ascii")
    except _MALFORMED:
        return None


def read_made(site: Site, credential: Mapping[str, Any], *, challenge: str) -> Made | None:
    """The credential that a browser made, or None when anything about it is wrong."""
    try:
        made = verify_registration_response(
            credential=dict(credential),
            expected_challenge=challenge.encode(),
            expected_rp_id=site.host,
            expected_origin=site.origin,
            require_user_verification=True,
        )
    except _MALFORMED:
        return None
    return Made(bytes_to_base64url(made.credential_id), bytes_to_base64url(made.credential_public_key), made.sign_count)


def read_shown(
    site: Site, credential: Mapping[str, Any], *, challenge: str, public_key: str, sign_count: int
) -> int | None:
    """The new counter of a passkey that answered the challenge, or None when anything about its answer is wrong.

    A counter that went back means that the passkey was copied (WebAuthn, section 6.1.1): that is wrong too.
    """
    try:
        shown = verify_authentication_response(
            credential=dict(credential),
            expected_challenge=challenge.encode(),
            expected_rp_id=site.host,
            expected_origin=site.origin,
            credential_public_key=base64url_to_bytes(public_key),
            credential_current_sign_count=sign_count,
            require_user_verification=True,
        )
    except _MALFORMED:
        return None
    return shown.new_sign_count


def _as_json(text: str) -> dict[str, Any]:
    made: dict[str, Any] = json.loads(text)
    return made
