"""Bodies as the hosts themselves give them, read from the files beside this. See NOTICE.md in the folder above."""

import json
from pathlib import Path

FOLDER = Path(__file__).parent


def recorded(host, name, *, swap=None, **put):
    """One body. ``swap``: text that is written otherwise all through it, such as the name of a commit; ``put``: values
    by their path, with two underscores for each step.
    """
    text = (FOLDER / host / f"{name}.json").read_text()
    for old, new in (swap or {}).items():
        assert old in text, f"{old} is not in {name}"
        text = text.replace(old, new)
    body = json.loads(text)
    for path, value in put.items():
        *steps, last = [int(step) if step.isdigit() else step for step in path.split("__")]
        place = body
        for step in steps:
            place = place[step]
        assert isinstance(last, int) or last in place, f"{path} is not in {name}"
        place[last] = value
    return body
