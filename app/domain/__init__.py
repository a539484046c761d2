"""The rules: values in, decisions out.

May import the standard library, pure libraries and `app.domain`; no Flask, SQLAlchemy, Redis, clock or I/O.
"""
