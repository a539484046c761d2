"""When my organisation works: its hours, its public holidays, its own closing days."""
