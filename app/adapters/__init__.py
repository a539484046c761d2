"""The outside: mail, job queue, files, local servers.

May import `app.config`; no services, models or web.
"""
