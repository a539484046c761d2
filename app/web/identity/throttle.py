"""How often one address and one account may try: enough for tired fingers, far too little for guessing."""

from __future__ import annotations

import hashlib

from flask import request
from flask_limiter import RequestLimit

from app.extensions import limiter
from app.services import identity


def account_key() -> str:
    """The account an attempt is made on, as a hash: Redis holds no addresses."""
    return hashlib.sha256(request.form.get("email", "").strip().lower().encode()).hexdigest()


def tell_throttled(_limit: RequestLimit) -> None:
    """Note attempts that were held off in the trail of the account's organisation."""
    identity.note_throttled(email=request.form.get("email", ""))


per_address = limiter.shared_limit("60 per minute; 600 per hour", scope="sign-in", on_breach=tell_throttled)
attempts_per_account = limiter.limit("10 per minute; 40 per hour", key_func=account_key, on_breach=tell_throttled)
mails_per_account = limiter.limit("3 per 10 minutes; 10 per day", key_func=account_key)
