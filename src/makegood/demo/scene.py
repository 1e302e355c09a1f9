"""What a plot of the demo is played in: the simulated present, and one report's surroundings."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from makegood.demo.stories import Story
from makegood.life.people.models import Agent, Contact
from makegood.life.reports.models import Report

# How long until each next thing happens.
Moments = Iterator[timedelta]


@dataclass
class Clock:
    """The simulated present, moved by the seed from one step to the next."""

    now: datetime


@dataclass
class Scene:
    """One report's surroundings: who, which story, how attentive the desk is this time."""

    clock: Clock
    chance: random.Random
    story: Story
    contact: Contact
    dora: Agent
    eve: Agent
    number: int
    channel: str = "web"
    attentive: bool = True
    ending: str = "yes"
    is_brief: bool = False
    is_taken_soon: bool = True
    report: Report = field(init=False)

    def minutes(self, low: float, high: float) -> timedelta:
        return timedelta(minutes=self.chance.uniform(low, high))
