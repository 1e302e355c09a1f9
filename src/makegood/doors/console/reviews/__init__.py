"""The regular review (L6): the list, one review written and signed, on paper.

pages       the list, one review, its PDF
acts        write, decide on an improvement, end one, sign
"""
