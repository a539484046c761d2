"""Measurements. Timings are ratios against a baseline in the same run; accuracy is counted against known truth."""
