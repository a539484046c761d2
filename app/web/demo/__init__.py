"""The demo's personas and mailbox. Bound in demo mode only: elsewhere these addresses do not exist."""
