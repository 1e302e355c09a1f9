"""Makegood carries an error a customer reports to a lasting fix, and keeps every promise made on the way.

The house, from the door inwards: ``doors`` translate what knocks, ``life`` holds the story of a report,
``channels`` carry words out, ``engine`` keeps work and files, ``lib`` is the toolbox. ``config`` wires them.
"""

__version__ = "0.1.0"
