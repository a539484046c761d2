"""Questions about leads, and what becomes of them."""
