"""What RQ runs: entry points that take ids, call a service, may run twice and raise on failure.

May import services, queries and adapters; never web or models.
"""
