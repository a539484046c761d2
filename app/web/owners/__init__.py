"""Pages on which accounts get another owner by hand. May import services, queries and domain."""
