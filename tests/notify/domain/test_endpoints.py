"""Where notifications may go: what the operator listed, and no address in disguise."""

import pytest

from services.notify.domain.endpoints import (
    EndpointRefused,
    EndpointRule,
    may_connect,
    read_endpoint,
    rule_from,
)

PUBLIC = EndpointRule("ehr.example")
BELOW = EndpointRule("*.region.example")
INSIDE = rule_from("hook.inside", ["10.1.0.0/16", "fd00:1::/32"], [8443], plain_http=True)
RULES = (PUBLIC, BELOW, INSIDE)


@pytest.mark.parametrize(
    ("url", "host", "port"),
    [
        ("https://ehr.example/hook", "ehr.example", 443),
        ("HTTPS://EHR.Example/hook?x=1", "ehr.example", 443),
        ("https://a.region.example", "a.region.example", 443),
        ("http://hook.inside:8443/", "hook.inside", 8443),
    ],
)
def test_a_listed_host_may_be_named(url: str, host: str, port: int) -> None:
    endpoint = read_endpoint(url, RULES)

    assert (endpoint.host, endpoint.port) == (host, port)


@pytest.mark.parametrize(
    "url",
    [
        "http://ehr.example/hook",
        "https://ehr.example:8443/",
        "https://region.example/",
        "https://evilregion.example/",
        "https://other.example/",
        "https://ehr.example@evil.example/",
        "https://user:pass@ehr.example/",
        "https://ehr.example\\@evil.example/",
        "https://ehr.example#@evil.example/",
        "https://ehr.example/#fragment",
        "https://ehr.example./",
        "https://ehr.example:0/",
        "https://ehr.example:99999/",
        "https://ehr.example/\r\nX-Injected: 1",
        "https://ehr.exämple/",
        "https://\u0435hr.example/",  # Cyrillic
        "https://2130706433/",
        "https://0x7f.1/",
        "https://127.0.0.1/",
        "https://[::1]/",
        "https://[::ffff:127.0.0.1]/",
        "file:///etc/passwd",
        "gopher://ehr.example/",
        "//ehr.example/",
        "ehr.example",
        "",
        "https://",
        "https://ehr.example/" + "a" * 3000,
    ],
)
def test_anything_else_is_refused(url: str) -> None:
    with pytest.raises(EndpointRefused):
        read_endpoint(url, RULES)


def test_without_rules_nothing_may_be_called() -> None:
    with pytest.raises(EndpointRefused):
        read_endpoint("https://ehr.example/", ())


@pytest.mark.parametrize(
    "address",
    [
        *("127.0.0.1", "10.0.0.1", "172.16.0.1", "192.168.1.1", "169.254.169.254", "100.64.0.1", "0.0.0.0"),  # noqa: S104
        *("192.0.2.1", "198.18.0.1", "224.0.0.1", "240.0.0.1", "255.255.255.255"),
        *("::1", "::", "fe80::1", "fe80::1%eth0", "fc00::1", "fec0::1", "ff02::1", "2001:db8::1"),
        *("::ffff:127.0.0.1", "::ffff:10.0.0.1", "::127.0.0.1", "64:ff9b::7f00:1", "64:ff9b::a9fe:a9fe"),
        *("64:ff9b:1::1", "2002:7f00:1::", "2001::7f00:1", "not-an-address", ""),
    ],
)
def test_a_public_host_may_resolve_to_no_address_that_leads_inside(address: str) -> None:
    assert not may_connect(address, PUBLIC)


@pytest.mark.parametrize(
    "address", ["93.184.216.34", "2606:2800:220:1:248:1893:25c8:1946", "::ffff:93.184.216.34"]
)
def test_a_public_address_may_be_connected_to(address: str) -> None:
    assert may_connect(address, PUBLIC)


@pytest.mark.parametrize(
    ("address", "inside"),
    [
        ("10.1.2.3", True),
        ("::ffff:10.1.2.3", True),
        ("fd00:1::5", True),
        ("10.2.0.1", False),
        ("127.0.0.1", False),
        ("93.184.216.34", False),
    ],
)
def test_a_host_with_networks_stays_inside_them(address: str, inside: bool) -> None:  # noqa: FBT001
    assert may_connect(address, INSIDE) == inside
