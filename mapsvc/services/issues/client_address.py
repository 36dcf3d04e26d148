"""What limits count of a network address. Which limits there are, each service says itself."""

import ipaddress

CUSTOMER_BITS = 64
"""Providers give one customer a network of 2⁶⁴ addresses of IPv6 (RFC 6177), to use at will."""


def counted_as(address: str) -> str:
    """The address, or the network of its customer where it is one of IPv6."""
    try:
        found = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return address
    if isinstance(found, ipaddress.IPv4Address):
        return str(found)
    mapped = found.ipv4_mapped
    return str(mapped or ipaddress.ip_network((found, CUSTOMER_BITS), strict=False))
