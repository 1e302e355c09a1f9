"""How long tests look that find more the longer they look: briefly in every run, at length where one asks for it."""

import os


def examples(few):
    """``few``, or as many times that as MAKEGOOD_TEST_LENGTH says."""
    return few * int(os.environ.get("MAKEGOOD_TEST_LENGTH", "1"))
