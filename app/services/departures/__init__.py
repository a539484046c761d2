"""Partners that are paused, suspended or ended: each lead they worked goes to somebody else, and no promise is lost."""
