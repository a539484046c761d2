"""The environment: nothing needed locally, everything named at once in production."""

from __future__ import annotations

from pathlib import Path

import pytest

from app.config import ConfigError, demo_environment, load_config, run_environment

PRODUCTION = {
    "DATABASE_URL": "postgres://user:word@db.example/pullboard",
    "REDIS_URL": "redis://cache.example:6379/0",
    "SECRET_KEY": "0123456789abcdef0123456789abcdef",
    "PULLBOARD_BASE_URL": "https://leads.example/",
    "SMTP_HOST": "mail.example",
    "MAIL_SENDER": "Pullboard <pullboard@leads.example>",
}


def test_a_local_installation_needs_no_variable(tmp_path: Path) -> None:
    config = load_config({"PULLBOARD_VAR": str(tmp_path / "var")})
    assert not config.is_production
    assert (config.database_url, config.redis_url) == ("", "")
    assert config.base_url == "http://127.0.0.1:8000"


def test_the_local_secret_is_made_once_and_private(tmp_path: Path) -> None:
    secrets = {load_config({"PULLBOARD_VAR": str(tmp_path)}).secret_key for _ in range(2)}
    assert len(secrets) == 1
    assert len(secrets.pop()) >= 32
    assert (tmp_path / "secret_key").stat().st_mode & 0o777 == 0o600
    assert [path.name for path in tmp_path.iterdir()] == ["secret_key"]


def test_production_reads_what_it_is_given() -> None:
    config = load_config(PRODUCTION)
    assert config.is_production
    assert config.database_url == "postgresql+psycopg://user:word@db.example/pullboard"
    assert config.base_url == "https://leads.example"
    assert config.secret_key == PRODUCTION["SECRET_KEY"]


def test_production_names_every_missing_variable_at_once() -> None:
    with pytest.raises(ConfigError) as refused:
        load_config({"PULLBOARD_ENV": "production"})
    assert all(f"  {name}: " in str(refused.value) for name in PRODUCTION)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("DATABASE_URL", "mysql://user@db/pullboard"),
        ("DATABASE_URL", "not a url"),
        ("REDIS_URL", "http://cache"),
        ("SECRET_KEY", "short"),
        ("PULLBOARD_BASE_URL", "leads.example"),
        ("MAIL_SENDER", "nobody"),
        ("PORT", "eighty"),
        ("SMTP_PORT", "70000"),
        ("PULLBOARD_LOG_LEVEL", "LOUD"),
        ("PULLBOARD_ENV", "staging"),
        ("PULLBOARD_DEMO", "1"),
    ],
)
def test_a_malformed_variable_is_named_alone(name: str, value: str) -> None:
    with pytest.raises(ConfigError) as refused:
        load_config({**PRODUCTION, "PULLBOARD_ENV": "production", name: value})
    named = [line.split(":")[0].strip() for line in str(refused.value).splitlines() if line.startswith("  ")]
    assert named == [name]


def test_a_variable_set_to_nothing_counts_as_missing() -> None:
    with pytest.raises(ConfigError, match="SECRET_KEY"):
        load_config({**PRODUCTION, "SECRET_KEY": ""})


@pytest.mark.parametrize(
    ("base_url", "name", "is_secure"),
    [("https://leads.example", "__Host-pullboard", True), ("http://intranet:8000", "pullboard", False)],
)
def test_the_cookie_demands_tls_where_people_come_over_tls(base_url: str, name: str, is_secure: bool) -> None:
    settings = load_config({**PRODUCTION, "PULLBOARD_BASE_URL": base_url}).flask_settings()
    assert (settings["SESSION_COOKIE_NAME"], settings["SESSION_COOKIE_SECURE"]) == (name, is_secure)
    assert settings["WTF_CSRF_TIME_LIMIT"] is None


def test_no_dead_database_holds_a_thread_for_ten_seconds() -> None:
    config = load_config(PRODUCTION)
    connect = config.flask_settings()["SQLALCHEMY_ENGINE_OPTIONS"]["connect_args"]
    assert connect["connect_timeout"] + connect["tcp_user_timeout"] / 1000 < 10
    assert "statement_timeout=8000" in connect["options"]
    assert "lock_timeout=4000" in connect["options"]


def test_a_demo_never_sends_mail_to_the_world() -> None:
    environ = demo_environment(2525, {"SMTP_HOST": "mail.example", "SMTP_USER": "me"})
    config = load_config(environ)
    assert config.demo_mode
    assert (config.smtp.host, config.smtp.port, config.smtp.user) == ("127.0.0.1", 2525, "")


def test_an_installation_of_ones_own_keeps_mail_here_unless_a_mail_server_is_named() -> None:
    kept = run_environment(2525, {})
    assert (kept["SMTP_HOST"], kept["SMTP_PORT"]) == ("127.0.0.1", "2525")
    assert "PULLBOARD_DEMO" not in kept
    named = run_environment(2525, {"SMTP_HOST": "mail.acme.example"})
    assert named["SMTP_HOST"] == "mail.acme.example"
    assert "SMTP_PORT" not in named
