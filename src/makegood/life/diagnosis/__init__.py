"""Finding out what went wrong without asking twice and without breaking anything.

Offers: the catalogue (categories, questions, safe steps), answers, what is still missing (``completeness``, pure),
asking for it (``actions``), the error document (``document``) and its exports (``exports``).
May import: intake, promises, reports, people, the floors below.
"""
