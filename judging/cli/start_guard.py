"""What is said loudly before the program serves: settings that contradict each other or weaken a promise."""

from __future__ import annotations

import logging
import os
import stat
from collections.abc import Iterator
from ipaddress import ip_address
from typing import TYPE_CHECKING
from urllib.parse import parse_qs, urlsplit

from judging.settings import SECRET_FILE, unknown_settings

if TYPE_CHECKING:
    from judging.services.platform import Platform
    from judging.settings import Settings

log = logging.getLogger(__name__)

_VERIFIED = frozenset({"verify-ca", "verify-full"})


def warn_at_start(platform: Platform) -> None:
    """Log each doubt about the settings, the key and the database. Raises StoreUnavailable without a database."""
    from judging.db.health import check_health

    health = check_health(platform.database)
    for doubt in (*find_doubts(platform.settings), *(str(problem) for problem in health.warnings)):
        log.warning(doubt)
    for name in unknown_settings(os.environ):
        log.warning("%s is set, but no setting of this program is called so", name)


def find_doubts(settings: Settings) -> Iterator[str]:
    """Yield a sentence for each setting that may be a mistake: what it leads to, and what to set."""
    yield from _doubts_about_tls(settings)
    yield from _doubts_about_keys(settings)
    database = urlsplit(settings.database_url)
    mode = parse_qs(database.query).get("sslmode", [""])[0]
    if database.scheme.startswith("postgres") and not _is_here(database.hostname or "") and mode not in _VERIFIED:
        yield (
            "JUDGING_DATABASE_URL names a server elsewhere without sslmode=verify-full: whoever stands between can read"
            " and change everything"
        )


def _doubts_about_tls(settings: Settings) -> Iterator[str]:
    public = urlsplit(settings.base_url).scheme
    if public == "https" and not settings.cookie_secure:
        yield "JUDGING_BASE_URL begins with https, but JUDGING_TLS is 0: cookies are not kept to TLS"
    if public == "http" and settings.cookie_secure:
        yield "JUDGING_TLS is 1, but JUDGING_BASE_URL begins with http: links in letters lead past TLS"
    if settings.cookie_secure and not settings.trusted_proxies:
        yield (
            "JUDGING_TLS is 1, but JUDGING_TRUSTED_PROXIES is 0: everybody seems to come from the proxy's address, and"
            " one person's wrong passwords slow all others down. Set the number of proxies"
        )
    if not settings.cookie_secure and not _is_here(settings.host):
        yield (
            f"JUDGING_HOST is {settings.host} and JUDGING_TLS is 0: passwords cross the network readable. Put a proxy"
            " with TLS in front, and set JUDGING_TLS=1"
        )


def _doubts_about_keys(settings: Settings) -> Iterator[str]:
    key = settings.data / SECRET_FILE
    if os.name != "nt" and key.exists() and stat.S_IMODE(key.stat().st_mode) & 0o077:
        yield f"{key} can be read by others on this machine. Run: chmod 600 {key}"


def _is_here(host: str) -> bool:
    """Whether the address cannot be reached from another machine. No host means a socket in the file system."""
    if host in {"", "localhost"} or host.startswith("/"):
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False
