"""Who may see a lead: the facts the rules look at, the rules themselves, and the trace they leave.

Pure like all of `domain`; `eligibility.decide_eligibility` is the one way in.
"""
