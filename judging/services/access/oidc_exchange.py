"""Asking an identity provider who somebody is: OpenID Connect, authorization code with PKCE, state and nonce.

Apart from everything else, because its libraries come with `judging[oidc]` alone. Nothing here touches the database:
the provider may take its time.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import requests
from authlib.common.errors import AuthlibBaseError  # type: ignore[import-untyped] # the library has no annotations
from authlib.integrations.requests_client import OAuth2Session  # type: ignore[import-untyped] # as above
from authlib.oauth2.rfc7636 import create_s256_code_challenge  # type: ignore[import-untyped] # as above
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

from judging.errors import N_, JudgingError, StoreUnavailable

if TYPE_CHECKING:
    from collections.abc import Mapping

    from judging.settings import Settings

_TIMEOUT = 10
_DISCOVERY = "/.well-known/openid-configuration"
# Signatures by the provider's own key. "none" and those with a shared secret are not among them.
_ALGORITHMS = ["RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "EdDSA"]
_LEEWAY = 60
_SCOPE = "openid email profile"


class NotIdentified(JudgingError):
    """The provider's answer is none, or not to our question, or not signed by it."""

    status = 422


@dataclass(frozen=True, slots=True, kw_only=True)
class Identity:
    """Who somebody is at the provider. `email` is empty unless the provider says that it is verified."""

    issuer: str
    subject: str
    email: str
    name: str


def question_to_provider(settings: Settings, *, back: str, state: str, nonce: str, verifier: str) -> str:
    """The address at the provider where a person signs in. Raises StoreUnavailable when it cannot be reached."""
    with _client(settings, back=back) as client:
        address, _state = client.create_authorization_url(
            _described(settings)["authorization_endpoint"],
            state=state,
            nonce=nonce,
            code_challenge=create_s256_code_challenge(verifier),
            code_challenge_method="S256",
        )
    return str(address)


def read_answer(settings: Settings, *, back: str, code: str, nonce: str, verifier: str) -> Identity:
    """Who the code stands for. Raises NotIdentified, and StoreUnavailable when the provider cannot be reached."""
    described = _described(settings)
    try:
        with _client(settings, back=back) as client:
            told = client.fetch_token(
                described["token_endpoint"],
                code=code,
                code_verifier=verifier,
                grant_type="authorization_code",
                timeout=_TIMEOUT,
            )
        keys = KeySet.import_key_set(_fetch(described["jwks_uri"]))
        claims = jwt.decode(str(told.get("id_token", "")), keys, algorithms=_ALGORITHMS).claims
        _check(settings, claims, nonce=nonce)
    except requests.RequestException as error:
        raise _unreachable() from error
    except (AuthlibBaseError, JoseError, ValueError, KeyError, TypeError) as error:
        raise NotIdentified(
            N_("The directory's answer could not be used. Try again, or sign in another way.")
        ) from error
    verified = claims.get("email_verified") is True
    return Identity(
        issuer=settings.oidc_issuer,
        subject=str(claims["sub"])[:255],
        email=str(claims.get("email", "")) if verified else "",
        name=str(claims.get("name", "")),
    )


def _check(settings: Settings, claims: Mapping[str, Any], *, nonce: str) -> None:
    """OpenID Connect Core 1.0, section 3.1.3.7: from whom, for whom, until when, in answer to what."""
    rules = jwt.JWTClaimsRegistry(
        leeway=_LEEWAY,
        iss={"essential": True, "value": settings.oidc_issuer},
        aud={"essential": True, "value": settings.oidc_client_id},
        exp={"essential": True},
        iat={"essential": True},
        sub={"essential": True},
        nonce={"essential": True, "value": nonce},
    )
    rules.validate(dict(claims))
    audience = claims["aud"]
    several = isinstance(audience, list) and len(audience) > 1
    if (several or "azp" in claims) and claims.get("azp") != settings.oidc_client_id:
        raise ValueError("the token was made for another client")


def _client(settings: Settings, *, back: str) -> Any:
    return OAuth2Session(
        settings.oidc_client_id,
        settings.oidc_client_secret or None,
        scope=_SCOPE,
        redirect_uri=back,
        token_endpoint_auth_method="client_secret_basic" if settings.oidc_client_secret else "none",
    )


def _described(settings: Settings) -> dict[str, Any]:
    """What the provider says of itself. It must call itself what the settings call it."""
    described: dict[str, Any] = _fetch(settings.oidc_issuer.rstrip("/") + _DISCOVERY)
    if described.get("issuer") != settings.oidc_issuer:
        raise NotIdentified(N_("The directory calls itself by another name than the settings do. Tell the office."))
    return described


def _fetch(address: str) -> Any:
    try:
        answer = requests.get(address, timeout=_TIMEOUT, allow_redirects=False)
        answer.raise_for_status()
        return answer.json()
    except (requests.RequestException, ValueError) as error:
        raise _unreachable() from error


def _unreachable() -> StoreUnavailable:
    return StoreUnavailable(N_("The directory cannot be reached now. Try again, or sign in another way."))
