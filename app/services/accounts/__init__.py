"""Accounts at work: merged, split and taken back, linked with leads, their leads matched again."""
