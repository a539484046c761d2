"""A quarter of one manufacturer, lived through in a minute: 2,000 leads, 60 partners, and what became of them.

Time is injected: the database's clock (`clock_now()`) runs on an offset that jumps to whatever happens next. Nothing
else is simulated: PostgreSQL, the services and the sweep that fires deadlines are the real ones.
"""
