"""The direct queue: leads that wait for a person of the manufacturer."""
