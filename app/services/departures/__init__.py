"""Partners that are paused, suspended or ended: their leads go to somebody else, and no promise is lost."""
