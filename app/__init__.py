"""Pullboard: the application factory."""

from __future__ import annotations

from pathlib import Path

from flask_openapi3 import Info, OpenAPI
from werkzeug.middleware.proxy_fix import ProxyFix

from app import cli, localisation, logs, web
from app.adapters import job_queue
from app.adapters.local_servers import provided
from app.config import Config, load_config
from app.database import db
from app.extensions import csrf, limiter, login_manager, migrate

_CHECKOUT = Path(__file__).resolve().parent.parent


def create_app(config: Config | None = None) -> OpenAPI:
    """The application for one installation; without `config` the environment decides."""
    config = provided(config or load_config())
    app = OpenAPI(
        __name__,
        info=Info(title="Pullboard", version="1"),
        doc_ui=False,
        static_folder=str(_CHECKOUT / "static"),
        template_folder=str(_CHECKOUT / "templates"),
    )
    app.config.update(config.flask_settings())
    app.extensions["config"] = config
    logs.init_app(app)
    app.wsgi_app = ProxyFix(app.wsgi_app, *[config.trusted_proxies] * 4)  # type: ignore[method-assign]
    db.init_app(app)
    job_queue.init_app(app)
    migrate.init_app(app, db, directory=str(_CHECKOUT / "migrations"))
    csrf.init_app(app)
    limiter.init_app(app)
    login_manager.init_app(app)
    localisation.init_app(app)
    web.register(app)
    cli.register(app)
    return app
