"""The only reader of the environment: what this installation is told, checked once at start.

Two kinds of installation. *Production* (`PULLBOARD_ENV=production`, or `DATABASE_URL` set and `PULLBOARD_ENV` not)
names its servers, its secret and its address; every missing or malformed variable is listed in one error. *Local*
needs nothing: state lives under `PULLBOARD_VAR`, and `app.adapters.local_servers` provides the servers it does not
name. `docs/operations.md` lists every variable.
"""

from __future__ import annotations

import os
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from environs import Env, ValidationError, validate
from limits import parse_many
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError

CHECKOUT = Path(__file__).resolve().parent.parent
SHORTEST_SECRET_KEY = 32
LARGEST_UPLOAD_BYTES = 32 * 1024 * 1024
LARGEST_FORM_BYTES = 4_000_000
LOG_LEVELS = ("DEBUG", "INFO", "WARNING", "ERROR")


class ConfigError(SystemExit):
    """The environment is not usable. A `SystemExit`, so that a command ends with the list and no traceback."""


@dataclass(frozen=True, slots=True)
class Smtp:
    """The mail server messages leave through, and whom they come from."""

    host: str
    port: int
    user: str
    password: str
    starttls: bool
    sender: str


@dataclass(frozen=True, slots=True)
class Timeouts:
    """How long one thread may wait for something outside; together below 10 s for a dead database."""

    connect_seconds: int
    tcp_user_ms: int
    statement_ms: int
    lock_ms: int
    redis_seconds: float
    smtp_seconds: float


@dataclass(frozen=True, slots=True)
class Config:
    """One installation. `database_url` and `redis_url` are empty until local servers have been provided."""

    is_production: bool
    demo_mode: bool
    var: Path
    database_url: str
    redis_url: str
    secret_key: str
    base_url: str
    host: str
    port: int
    trusted_proxies: int
    web_workers: int
    threads: int
    log_level: str
    api_limit: str
    smtp: Smtp
    timeouts: Timeouts

    @property
    def is_https(self) -> bool:
        """Whether people reach this installation over TLS, so that its cookies may demand it."""
        return self.base_url.startswith("https://")

    def flask_settings(self) -> dict[str, Any]:
        """The settings Flask and its extensions read."""
        return {
            "SECRET_KEY": self.secret_key,
            "SQLALCHEMY_DATABASE_URI": self.database_url,
            "SQLALCHEMY_ENGINE_OPTIONS": self._engine_options(),
            "PREFERRED_URL_SCHEME": "https" if self.is_https else "http",
            "SESSION_COOKIE_NAME": "__Host-pullboard" if self.is_https else "pullboard",
            "SESSION_COOKIE_SECURE": self.is_https,
            "SESSION_COOKIE_HTTPONLY": True,
            "SESSION_COOKIE_SAMESITE": "Lax",
            "SESSION_COOKIE_PATH": "/",
            # A board left open for more than an hour must still be able to claim.
            "WTF_CSRF_TIME_LIMIT": None,
            "MAX_CONTENT_LENGTH": LARGEST_UPLOAD_BYTES,
            # The network's files travel with the page between trying them out and bringing them in.
            "MAX_FORM_MEMORY_SIZE": LARGEST_FORM_BYTES,
            "RATELIMIT_STORAGE_URI": self.redis_url,
            # Without Redis each process counts for itself rather than letting everything through.
            "RATELIMIT_IN_MEMORY_FALLBACK_ENABLED": True,
            "RATELIMIT_STORAGE_OPTIONS": {
                "socket_connect_timeout": self.timeouts.redis_seconds,
                "socket_timeout": self.timeouts.redis_seconds,
            },
        }

    def _engine_options(self) -> dict[str, Any]:
        limits = {
            "statement_timeout": self.timeouts.statement_ms,
            "lock_timeout": self.timeouts.lock_ms,
            "idle_in_transaction_session_timeout": 60_000,
        }
        return {
            # An error message must not quote what a person typed.
            "hide_parameters": True,
            "pool_size": self.threads,
            "max_overflow": 2,
            "pool_timeout": 5,
            "pool_recycle": 1800,
            "connect_args": {
                "application_name": "pullboard",
                "connect_timeout": self.timeouts.connect_seconds,
                "tcp_user_timeout": self.timeouts.tcp_user_ms,
                "options": " ".join(f"-c {name}={value}" for name, value in limits.items()),
            },
        }


def load_config(environ: Mapping[str, str] = os.environ) -> Config:
    """Read and check the environment; raises `ConfigError` naming every variable that is missing or malformed."""
    env = _Environment(environ)
    is_production = _is_production(env)
    var = env.path("PULLBOARD_VAR", default=CHECKOUT / "var")
    port = env.int("PORT", default=8000, validate=validate.Range(1, 65535))
    only_locally = _LocalDefault(is_production)
    config = Config(
        is_production=is_production,
        demo_mode=env.bool("PULLBOARD_DEMO", default=False),
        var=var.expanduser().absolute() if var else CHECKOUT,
        database_url=_with_driver(env.str("DATABASE_URL", **only_locally(""), validate=_database_url)),
        redis_url=env.str("REDIS_URL", **only_locally(""), validate=_redis_url),
        secret_key=env.str("SECRET_KEY", **only_locally(""), validate=_secret_key),
        base_url=(
            env.str("PULLBOARD_BASE_URL", **only_locally(f"http://127.0.0.1:{port}"), validate=_base_url) or ""
        ).rstrip("/"),
        host=env.str("PULLBOARD_HOST", default="127.0.0.1"),
        port=port,
        trusted_proxies=env.int("PULLBOARD_TRUSTED_PROXIES", default=0, validate=validate.Range(0, 5)),
        web_workers=env.int("WEB_CONCURRENCY", default=2, validate=validate.Range(1, 64)),
        threads=env.int("PULLBOARD_THREADS", default=8, validate=validate.Range(1, 64)),
        log_level=env.str("PULLBOARD_LOG_LEVEL", default="INFO", validate=validate.OneOf(LOG_LEVELS)),
        api_limit=env.str("PULLBOARD_API_LIMIT", default="600 per minute", validate=_rate_limit),
        smtp=_read_smtp(env, only_locally),
        timeouts=_read_timeouts(env),
    )
    env.check(refuse_demo=is_production and config.demo_mode)
    return config if config.secret_key else replace(config, secret_key=_local_secret(config.var))


def demo_environment(smtp_port: int, environ: Mapping[str, str] = os.environ) -> dict[str, str]:
    """The environment of a demo's processes: this one's, but personas sign in and no mail leaves the machine."""
    return {**_quiet_local(environ), "PULLBOARD_DEMO": "1", **_mail_kept_at(smtp_port)}


def run_environment(smtp_port: int, environ: Mapping[str, str] = os.environ) -> dict[str, str]:
    """The environment of a local installation's processes: mail is kept on this machine unless SMTP_HOST is set."""
    return {**_quiet_local(environ), **({} if environ.get("SMTP_HOST") else _mail_kept_at(smtp_port))}


def _quiet_local(environ: Mapping[str, str]) -> dict[str, str]:
    return {"PULLBOARD_ENV": "local", "PULLBOARD_LOG_LEVEL": "WARNING", **environ}


def _mail_kept_at(port: int) -> dict[str, str]:
    return {"SMTP_HOST": "127.0.0.1", "SMTP_PORT": str(port), "SMTP_USER": "", "SMTP_STARTTLS": ""}


class _Environment(Env):
    """`environs` over any mapping; a variable set to nothing counts as not set, as in an env file left blank."""

    def __init__(self, environ: Mapping[str, str]) -> None:
        super().__init__(eager=False)
        self._mapping = environ

    def _get_value(self, env_key: str, default: Any) -> Any:
        return self._mapping.get(env_key) or default

    def check(self, *, refuse_demo: bool) -> None:
        """Raise one error with a line for every variable that cannot be used."""
        if refuse_demo:
            self._errors["PULLBOARD_DEMO"].append("Demo mode signs anybody in; it is refused in production.")
        if self._errors:
            problems = [f"  {name}: {' '.join(map(str, said))}" for name, said in self._errors.items()]
            lines = ["Pullboard cannot start, these environment variables are missing or malformed:", *problems]
            raise ConfigError("\n".join([*lines, "docs/operations.md explains each."]))
        self.seal()


class _LocalDefault:
    """A default that holds locally; in production the variable is required."""

    def __init__(self, is_production: bool) -> None:
        self._is_production = is_production

    def __call__(self, value: str) -> dict[str, Any]:
        return {} if self._is_production else {"default": value}


def _is_production(env: _Environment) -> bool:
    kind = env.str("PULLBOARD_ENV", default="", validate=validate.OneOf(("production", "local")))
    return kind == "production" or (not kind and bool(env.str("DATABASE_URL", default="")))


def _read_smtp(env: _Environment, only_locally: _LocalDefault) -> Smtp:
    return Smtp(
        host=env.str("SMTP_HOST", **only_locally("127.0.0.1")),
        port=env.int("SMTP_PORT", default=25, validate=validate.Range(1, 65535)),
        user=env.str("SMTP_USER", default=""),
        password=env.str("SMTP_PASSWORD", default=""),
        starttls=env.bool("SMTP_STARTTLS", default=False),
        sender=env.str("MAIL_SENDER", **only_locally("Pullboard <pullboard@localhost>"), validate=_mail_sender),
    )


def _read_timeouts(env: _Environment) -> Timeouts:
    return Timeouts(
        connect_seconds=env.int("PULLBOARD_CONNECT_TIMEOUT", default=3, validate=validate.Range(1, 30)),
        tcp_user_ms=env.int("PULLBOARD_TCP_USER_TIMEOUT_MS", default=6000, validate=validate.Range(100, 60_000)),
        statement_ms=env.int("PULLBOARD_STATEMENT_TIMEOUT_MS", default=8000, validate=validate.Range(100, 600_000)),
        lock_ms=env.int("PULLBOARD_LOCK_TIMEOUT_MS", default=4000, validate=validate.Range(100, 60_000)),
        redis_seconds=env.float("PULLBOARD_REDIS_TIMEOUT", default=1.0, validate=validate.Range(0.1, 10)),
        smtp_seconds=env.float("PULLBOARD_SMTP_TIMEOUT", default=8.0, validate=validate.Range(1, 60)),
    )


def _with_driver(url: str | None) -> str:
    """The URL with our driver, whichever of PostgreSQL's usual spellings it came in."""
    _, separator, rest = (url or "").partition("://")
    return f"postgresql+psycopg://{rest}" if separator else ""


def _database_url(value: str) -> None:
    try:
        url = make_url(value)
    except ArgumentError:
        raise ValidationError("Not a URL like postgresql://user:password@host:5432/name.") from None
    if url.drivername not in ("postgres", "postgresql", "postgresql+psycopg") or not url.database:
        raise ValidationError("Not a URL like postgresql://user:password@host:5432/name.")


def _redis_url(value: str) -> None:
    if urlsplit(value).scheme not in ("redis", "rediss", "unix"):
        raise ValidationError("Not a URL like redis://:password@host:6379/0.")


def _rate_limit(value: str) -> None:
    try:
        parse_many(value)
    except ValueError:
        raise ValidationError("Not a rate like 600 per minute.") from None


def _base_url(value: str) -> None:
    parts = urlsplit(value)
    if parts.scheme not in ("http", "https") or not parts.netloc or parts.path.strip("/"):
        raise ValidationError("Not an address like https://leads.example.com.")


def _secret_key(value: str) -> None:
    if len(value) < SHORTEST_SECRET_KEY:
        raise ValidationError(f"Shorter than {SHORTEST_SECRET_KEY} characters.")


def _mail_sender(value: str) -> None:
    if "@" not in value or "\n" in value:
        raise ValidationError("Not a sender like Pullboard <pullboard@example.com>.")


def _local_secret(var: Path) -> str:
    """The secret of a local installation: made once, readable by its owner only, the same for every process."""
    path = var / "secret_key"
    if not path.exists():
        var.mkdir(parents=True, exist_ok=True)
        draft = var / f"secret_key.{os.getpid()}"
        draft.touch(mode=0o600)
        draft.write_text(secrets.token_urlsafe(48))
        try:
            os.link(draft, path)
        except FileExistsError:
            pass
        finally:
            draft.unlink()
    return path.read_text().strip()
