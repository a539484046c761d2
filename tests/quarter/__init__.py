"""A quarter of one manufacturer, lived through in a minute: 2,000 leads, 60 partners, and what became of them.

Time is injected: for the quarter the database's clock (`clock_now()`) stands still, and jumps to whatever happens next.
Nothing else is simulated: PostgreSQL, the services and the sweep that fires deadlines are the real ones.
"""
