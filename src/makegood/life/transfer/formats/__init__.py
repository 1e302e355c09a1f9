"""One module per format, each with ``read(path, mapping)``: a generator of ForeignReport and NotUnderstood.

Readers stream where the format allows it, call nothing outside, and never raise for a bad row: it is yielded as
NotUnderstood with where it stands. A file that is not of the format at all raises Unreadable.
"""
