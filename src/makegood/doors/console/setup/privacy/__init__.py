"""Privacy in set-up: what we hold of a person, handing it over, erasing it, and how long things are kept."""
