"""Reading what arrives: the words of a file, form or API call turned into the values the rules work with.

May import the standard library, pure libraries and `app.domain`. `reading.read_lead` is the way in.
"""
