"""Which addresses we may call for others: never ones inside our own network. No models, no domain words."""

from __future__ import annotations

import ipaddress
import socket
from collections.abc import Collection

_TRANSLATED, _DOCUMENTATION = ipaddress.ip_network("64:ff9b::/96"), ipaddress.ip_network("3fff::/20")


class ForbiddenAddress(OSError):
    """The host is, or resolves to, an address inside our own network."""


def is_public(address: str) -> bool:
    """Whether an IP address belongs to the public internet; embedded IPv4 addresses are judged by what they embed."""
    ip = ipaddress.ip_address(address.split("%", 1)[0])
    if isinstance(ip, ipaddress.IPv6Address):
        inner = ip.ipv4_mapped or ip.sixtofour or (ip.teredo[1] if ip.teredo else None)
        if inner is not None:
            return is_public(str(inner))
        if ip in _TRANSLATED:
            return is_public(str(ipaddress.IPv4Address(int(ip) & 0xFFFFFFFF)))
        if ip.is_site_local or ip in _DOCUMENTATION:  # which Python's table takes for public
            return False
    return ip.is_global and not ip.is_multicast and not ip.is_reserved


def public_addresses(host: str, port: int, *, allowed: Collection[str] = ()) -> list[str]:
    """Resolve ``host`` and return the addresses to connect to, to be used as they are (a second look-up could differ).

    Every one must be public, unless ``host`` is one of ``allowed`` (in small letters). Raises ForbiddenAddress, or
    OSError from DNS.
    """
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    addresses = list(dict.fromkeys(str(entry[4][0]) for entry in found))
    if host.lower() not in allowed:
        for address in addresses:
            if not is_public(address):
                raise ForbiddenAddress(f"{host} leads to {address}, which is inside a private network.")
    return addresses


def network_of(address: str) -> str:
    """What a limit counts: an IPv4 address, or the /64 of an IPv6 one, of which one customer has 2⁶⁴ addresses."""
    try:
        ip = ipaddress.ip_address(address.split("%", 1)[0])
    except ValueError:
        return address[:60]
    if isinstance(ip, ipaddress.IPv4Address):
        return str(ip)
    return str(ip.ipv4_mapped or ipaddress.ip_network((ip, 64), strict=False))
