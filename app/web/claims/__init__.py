"""One offer: its page, the claim, the decline."""
