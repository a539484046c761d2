"""Partners: the list, one partner's standing, what it may sell, and the forms to write all that."""
