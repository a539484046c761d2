"""The address without a path: everybody is sent to where their day begins, and a new installation to its set-up."""
