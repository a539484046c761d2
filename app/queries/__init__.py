"""The reads: keyword arguments in, frozen dataclasses out; each takes the `viewer` it reads for.

May import models, domain and `app.database`; never adds, flushes or commits.
"""
