"""Working a lead: what each action changes, and what it refuses."""
