"""The writes: one public function is one use case is one transaction.

May import queries, models, domain, `app.database` and `app.adapters.job_queue`; never flask, web or jobs. Functions
that take a `session` are steps inside somebody else's transaction.
"""
