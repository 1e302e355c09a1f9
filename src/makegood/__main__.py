"""``python -m makegood`` is the ``makegood`` command."""

from makegood.cli import main

main()
