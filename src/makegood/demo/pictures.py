"""Pictures of errors: a browser window drawn with Pillow, so that nobody's real screen is in the demo."""

from __future__ import annotations

from datetime import datetime
from io import BytesIO

from PIL import Image, ImageDraw, ImageFont

from makegood.demo.stories import Story
from makegood.life.reports import attachments
from makegood.life.reports.models import Report


def attach(report: Report, story: Story, *, at: datetime) -> None:
    """Attach what the member would have seen."""
    picture = BytesIO()
    _window(story).save(picture, "PNG", optimize=True)
    picture.seek(0)
    attachments.attach(report, picture, name="screenshot.png", by=report.contact.actor, at=at)


def _window(story: Story) -> Image.Image:
    image = Image.new("RGB", (960, 600), "#ffffff")
    draw = ImageDraw.Draw(image)
    large, small = ImageFont.load_default(26), ImageFont.load_default(16)
    draw.rectangle((0, 0, 960, 54), fill="#e9e7e1")
    for position, colour in enumerate(("#d98880", "#e5c07b", "#9bbf8a")):
        draw.ellipse((20 + position * 26, 20, 34 + position * 26, 34), fill=colour)
    draw.rounded_rectangle((120, 12, 930, 42), 8, fill="#ffffff")
    draw.text((136, 18), f"members.fairfield.example{story.page}", font=small, fill="#55605f")
    draw.rectangle((0, 54, 960, 110), fill="#2b5d8a")
    draw.text((28, 68), "Fairfield Health", font=large, fill="#ffffff")
    draw.rounded_rectangle((120, 220, 840, 400), 10, outline="#c0392b", width=2)
    draw.text((150, 262), story.error[:52], font=large, fill="#922b21")
    draw.text((150, 320), "Please try again later.", font=small, fill="#55605f")
    return image
