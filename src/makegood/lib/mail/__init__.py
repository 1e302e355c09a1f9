"""Raw mail to plain values, and judgements about it. Pure: no models, no clock, no network.

``parse(raw)`` gives a ``Parsed``; ``parsed`` says what that holds.
"""
