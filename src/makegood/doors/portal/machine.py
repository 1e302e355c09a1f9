"""Which browser, system and device a request comes from, in words a person would use. Never asked twice."""

from __future__ import annotations

from django.http import HttpRequest
from ua_parser import parse

from makegood.lib.texts import whole_number

# Asked of browsers that know more than their User-Agent tells (the answer comes with the next request).
HINTS_WANTED = "Sec-CH-UA-Platform-Version, Sec-CH-UA-Model"
_LONGEST = 400


def of(request: HttpRequest) -> dict[str, str]:
    """``browser``, ``os`` and ``device``; empty words where nothing is known."""
    found = parse(request.headers.get("User-Agent", "")[:_LONGEST])
    return {"browser": _browser(found), "os": _system(found, request), "device": _device(found, request)}


def _browser(found: object) -> str:
    agent = getattr(found, "user_agent", None)
    if agent is None:
        return ""
    return " ".join(part for part in (agent.family, agent.major) if part)


def _system(found: object, request: HttpRequest) -> str:
    system = getattr(found, "os", None)
    named = _hint(request, "Sec-CH-UA-Platform") or (system.family if system else "")
    if not named:
        return ""
    version = _hint(request, "Sec-CH-UA-Platform-Version")
    if named == "Windows":
        return "Windows 11" if (whole_number(version.split(".")[0]) or 0) >= 13 else "Windows 10"
    if version:
        return f"{named} {'.'.join(version.split('.')[:2])}".removesuffix(".0")
    return " ".join(part for part in (named, system.major if system and system.family == named else "") if part)


def _device(found: object, request: HttpRequest) -> str:
    if model := _hint(request, "Sec-CH-UA-Model"):
        return model
    device = getattr(found, "device", None)
    if device is not None and device.family not in ("Other", "Mac", "Generic Smartphone"):
        return str(device.model or device.family)
    system = getattr(found, "os", None)
    if _hint(request, "Sec-CH-UA-Mobile") == "?1" or (system and system.family in ("Android", "iOS")):
        return "Smartphone"
    return "Computer" if system else ""


def _hint(request: HttpRequest, name: str) -> str:
    return request.headers.get(name, "").strip().strip('"')[:60]
