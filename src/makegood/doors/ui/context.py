"""What every template may know: the desk's name and ways to reach it, and how the reader likes the page drawn."""

from django.conf import settings
from django.http import HttpRequest

_THEMES, _DENSITIES = {"light", "dark"}, {"compact", "comfortable"}


def dress(request: HttpRequest) -> str:
    """The frame of a page that says no: the console's for whoever works there, the portal's for everybody else."""
    user = getattr(request, "user", None)  # Refused before sign-in was looked at: nobody.
    inside = request.path.startswith("/console/") and user is not None and user.is_authenticated
    return "ui/base_console.html" if inside else "ui/base_portal.html"


def desk(request: HttpRequest) -> dict[str, object]:
    theme, density = request.COOKIES.get("mg_theme", ""), request.COOKIES.get("mg_density", "")
    return {
        "dress": dress(request),
        "desk_name": settings.DESK_NAME,
        "desk_email": settings.DESK_EMAIL,
        "desk_phone": settings.DESK_PHONE,
        "emergency_phone": settings.EMERGENCY_PHONE,
        "theme": theme if theme in _THEMES else "",
        "density": density if density in _DENSITIES else "compact",
    }
