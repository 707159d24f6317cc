"""Everything an installation may set, read once from the environment."""

from __future__ import annotations

import contextlib
import difflib
import os
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

from judging.errors import N_, JudgingError

DEFAULT_DATA = Path("var/judging")
SECRET_FILE = "secret.key"  # noqa: S105 - the name of a file, not its content
MIN_SECRET_LENGTH = 32
MEBIBYTE = 1024 * 1024

_TRUE = frozenset({"1", "true", "yes", "on"})
_FALSE = frozenset({"", "0", "false", "no", "off"})
_DATABASES = ("sqlite", "postgresql", "postgresql+psycopg", "postgres")
_STORES = ("file", "s3", "memory")
_MAILS = ("file", "smtp", "smtps", "memory")
_SCANNERS = ("tcp", "unix")
SECOND_FACTORS = ("offered", "staff")
LOGS = ("auto", "json", "text")
# Every variable that is read below; a test compares.
KNOWN = (
    "JUDGING_BASE_URL", "JUDGING_CLAMD", "JUDGING_DATA", "JUDGING_DATABASE_URL", "JUDGING_HOST",
    "JUDGING_LIMIT_ACCOUNT", "JUDGING_LIMIT_ADDRESS", "JUDGING_LOG", "JUDGING_MAIL_FROM", "JUDGING_MAIL_URL",
    "JUDGING_MAX_UPLOAD_MB", "JUDGING_OFFLINE_MB", "JUDGING_OIDC_CLIENT_ID", "JUDGING_OIDC_CLIENT_SECRET",
    "JUDGING_OIDC_ISSUER", "JUDGING_PATIENCE", "JUDGING_PLUGINS", "JUDGING_PORT", "JUDGING_SCORE_LOG",
    "JUDGING_SECOND_FACTOR",
    "JUDGING_SECRET_KEY", "JUDGING_STORAGE_URL", "JUDGING_TLS", "JUDGING_TRUSTED_PROXIES", "JUDGING_WORKER",
)  # fmt: skip
_PREFIX = "JUDGING_"
_THIS_MACHINE = frozenset({"localhost", "127.0.0.1", "::1"})
_ALIKE = 0.75


class SettingsError(JudgingError):
    """A setting cannot be used. The message names the variable and says what to write."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """What an installation runs with. Sizes are bytes.

    `plugins` names the plugins that may be loaded, None stands for all that are installed. `trusted_proxies` counts the
    proxies in front whose forwarded headers are believed. `cookie_secure` says that readers come by TLS. `worker` says
    whether the web process does the background work itself. `second_factor` is `offered` to everybody or asked of
    `staff`: of whoever runs contests or the installation. `log` is how records are written: `json`, `text`, or `auto`.
    `limit_account` and `limit_address` are how many requests a minute a person and a network address have, 0 for no
    limit. `score_log` is the folder, outside the database, of the signing key and of the signed checkpoints.
    `oidc_issuer` is the identity provider whose people may sign in with it, empty for none. `clamd` is the address of a
    virus scanner, empty for none. `patience` is how many seconds a request may come slowly before it is ended.
    `offline_room` is how much a judge's device keeps for work without a network.
    """

    data: Path
    secret_key: str = field(repr=False)
    database_url: str = field(repr=False)
    storage_url: str
    mail_url: str = field(repr=False)
    mail_from: str
    base_url: str
    plugins: tuple[str, ...] | None
    trusted_proxies: int
    cookie_secure: bool
    host: str
    port: int
    max_upload: int
    worker: bool
    score_log: Path
    second_factor: str = "offered"
    log: str = "auto"
    limit_account: int = 1_200
    limit_address: int = 12_000
    oidc_issuer: str = ""
    oidc_client_id: str = ""
    oidc_client_secret: str = field(default="", repr=False)
    clamd: str = ""
    offline_room: int = 300 * MEBIBYTE
    patience: int = 30

    @classmethod
    def from_environment(cls, environ: Mapping[str, str], *, data: Path | None = None) -> Settings:
        """Read the `JUDGING_…` variables of `environ`; `data` overrides JUDGING_DATA.

        Nothing is written. The secret key comes from JUDGING_SECRET_KEY or from the data folder, where
        `create_data_folder` puts one. Raises SettingsError.
        """
        folder = (data or Path(_text(environ, "JUDGING_DATA", str(DEFAULT_DATA)))).expanduser().absolute()
        host = _text(environ, "JUDGING_HOST", "127.0.0.1")
        port = _number(environ, "JUDGING_PORT", 8000, low=1, high=65535)
        secure = _flag(environ, "JUDGING_TLS", default=False)
        address = f"{'https' if secure else 'http'}://{f'[{host}]' if ':' in host else host}:{port}"
        return cls(
            data=folder,
            secret_key=_secret_key(environ, folder),
            database_url=_url(environ, "JUDGING_DATABASE_URL", f"sqlite:///{folder / 'judging.db'}", _DATABASES),
            storage_url=_url(environ, "JUDGING_STORAGE_URL", (folder / "files").as_uri(), _STORES),
            mail_url=_url(environ, "JUDGING_MAIL_URL", (folder / "mail").as_uri(), _MAILS),
            mail_from=_text(environ, "JUDGING_MAIL_FROM", "judging@localhost"),
            base_url=_url(environ, "JUDGING_BASE_URL", address, ("http", "https")).rstrip("/"),
            plugins=_names(environ, "JUDGING_PLUGINS"),
            trusted_proxies=_number(environ, "JUDGING_TRUSTED_PROXIES", 0, low=0, high=10),
            cookie_secure=secure,
            host=host,
            port=port,
            max_upload=_number(environ, "JUDGING_MAX_UPLOAD_MB", 200, low=1, high=100_000) * MEBIBYTE,
            worker=_flag(environ, "JUDGING_WORKER", default=True),
            score_log=Path(_text(environ, "JUDGING_SCORE_LOG", str(folder / "log"))).expanduser().absolute(),
            second_factor=_choice(environ, "JUDGING_SECOND_FACTOR", SECOND_FACTORS),
            log=_choice(environ, "JUDGING_LOG", LOGS),
            limit_account=_number(environ, "JUDGING_LIMIT_ACCOUNT", 1_200, low=0, high=1_000_000),
            limit_address=_number(environ, "JUDGING_LIMIT_ADDRESS", 12_000, low=0, high=1_000_000),
            oidc_issuer=_issuer(environ),
            oidc_client_id=_text(environ, "JUDGING_OIDC_CLIENT_ID", ""),
            oidc_client_secret=_text(environ, "JUDGING_OIDC_CLIENT_SECRET", ""),
            clamd=_url(environ, "JUDGING_CLAMD", "", _SCANNERS),
            offline_room=_number(environ, "JUDGING_OFFLINE_MB", 300, low=0, high=100_000) * MEBIBYTE,
            patience=_number(environ, "JUDGING_PATIENCE", 30, low=1, high=600),
        )


def unknown_settings(environ: Mapping[str, str]) -> list[str]:
    """Return the variables that look like settings and are none."""
    return sorted(name for name in environ if name.startswith(_PREFIX) and name not in KNOWN)


def refuse_unknown_settings(environ: Mapping[str, str]) -> None:
    """Raise SettingsError for a variable that is a setting misspelt: it would do nothing, and nobody would notice."""
    names = [known.removeprefix(_PREFIX) for known in KNOWN]
    for name in unknown_settings(environ):
        if alike := difflib.get_close_matches(name.removeprefix(_PREFIX), names, n=1, cutoff=_ALIKE):
            raise SettingsError(
                N_("%(name)s is no setting. Did you mean %(known)s?"), name=name, known=_PREFIX + alike[0]
            )


def create_data_folder(data: Path, *, secret_key: str | None = None) -> Path:
    """Make the data folder with a secret key in it, readable by its owner only; keep what is there.

    The key is `secret_key`, or a new one. Returns the absolute folder. Safe to call from several processes at once.
    """
    folder = data.expanduser().absolute()
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    # The key is written whole under another name, then linked: a second process sees no key or a complete one.
    draft = folder / f"{SECRET_FILE}.{os.getpid()}.{secrets.token_hex(4)}"
    if not (folder / SECRET_FILE).exists():
        descriptor = os.open(draft, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
        with os.fdopen(descriptor, "w", encoding="ascii") as writable:
            writable.write(secret_key or secrets.token_urlsafe(48))
            writable.flush()
            os.fsync(writable.fileno())
        with contextlib.suppress(FileExistsError):
            os.link(draft, folder / SECRET_FILE)
        draft.unlink()
    return folder


def _secret_key(environ: Mapping[str, str], folder: Path) -> str:
    given = environ.get("JUDGING_SECRET_KEY", "").strip()
    stored = folder / SECRET_FILE
    if not given and not stored.exists():
        raise SettingsError(
            N_(
                "There is no secret key. Run `judging init`, which writes %(file)s, or set JUDGING_SECRET_KEY to at"
                " least %(length)s random characters."
            ),
            file=stored,
            length=MIN_SECRET_LENGTH,
        )
    key = given or stored.read_text(encoding="ascii").strip()
    if len(key) < MIN_SECRET_LENGTH or len(set(key)) < MIN_SECRET_LENGTH // 4:
        raise SettingsError(
            N_("%(source)s is too easy to guess. Use at least %(length)s random characters."),
            source="JUDGING_SECRET_KEY" if given else str(stored),
            length=MIN_SECRET_LENGTH,
        )
    return key


def _text(environ: Mapping[str, str], name: str, default: str) -> str:
    return environ.get(name, "").strip() or default


def _flag(environ: Mapping[str, str], name: str, *, default: bool) -> bool:
    if name not in environ:
        return default
    value = environ[name].strip().lower()
    if value not in _TRUE | _FALSE:
        raise SettingsError(N_("%(name)s is %(value)s; write 1 or 0."), name=name, value=repr(value))
    return value in _TRUE


def _issuer(environ: Mapping[str, str]) -> str:
    """Read the identity provider, which must be named whole and asked over TLS, but for one on the same machine."""
    issuer = _text(environ, "JUDGING_OIDC_ISSUER", "")
    if not issuer:
        return ""
    parts = urlsplit(issuer)
    if parts.scheme != "https" and parts.hostname not in _THIS_MACHINE:
        raise SettingsError(N_("%(name)s cannot be used: it must begin with https://."), name="JUDGING_OIDC_ISSUER")
    if not _text(environ, "JUDGING_OIDC_CLIENT_ID", ""):
        raise SettingsError(
            N_("%(name)s is set, and %(missing)s is not: both are needed."),
            name="JUDGING_OIDC_ISSUER",
            missing="JUDGING_OIDC_CLIENT_ID",
        )
    return issuer


def _choice(environ: Mapping[str, str], name: str, values: tuple[str, ...]) -> str:
    """Read one of `values`, the first of which holds when the variable is not set."""
    value = _text(environ, name, values[0])
    if value not in values:
        raise SettingsError(
            N_("%(name)s is %(value)s; write one of: %(values)s."),
            name=name,
            value=repr(value),
            values=", ".join(values),
        )
    return value


def _number(environ: Mapping[str, str], name: str, default: int, *, low: int, high: int) -> int:
    value = _text(environ, name, str(default))
    # `int` would also take "1_000", " 8 " and digits of other scripts.
    if not (value.isascii() and value.isdigit() and low <= int(value) <= high):
        raise SettingsError(
            N_("%(name)s is %(value)s; write a whole number from %(low)s to %(high)s."),
            name=name,
            value=repr(value),
            low=low,
            high=high,
        )
    return int(value)


def _names(environ: Mapping[str, str], name: str) -> tuple[str, ...] | None:
    """Read a comma list; a variable that is set but empty means "none", one that is not set means "all"."""
    if name not in environ:
        return None
    return tuple(part.strip() for part in environ[name].split(",") if part.strip())


def _url(environ: Mapping[str, str], name: str, default: str, schemes: tuple[str, ...]) -> str:
    value = _text(environ, name, default)
    if not (value or default):
        return ""
    if urlsplit(value).scheme not in schemes or "://" not in value:
        # The value itself may hold a password, so the message shows only what may be written.
        raise SettingsError(
            N_("%(name)s cannot be used. Write an address that begins with one of: %(schemes)s."),
            name=name,
            schemes=", ".join(f"{scheme}://" for scheme in schemes),
        )
    return value
