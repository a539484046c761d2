"""What a manufacturer writes down about its network: checked drafts, what changed in them, and the rows of its files.

May import the foundation of the domain (errors, phrases) and the features' own words.
"""
