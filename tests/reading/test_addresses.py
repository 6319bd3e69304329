"""Which addresses are never asked for: by what is written, and by what a name resolves to."""

from __future__ import annotations

from ipaddress import ip_address

import pytest

from quotes.reading.addresses import AddressError, is_public, read_address

# Hosts that are, or that a resolver may take for, an address inside; none of them comes as far as a resolver.
INSIDE = [
    "127.0.0.1",
    "127.255.255.254",
    "0.0.0.0",  # noqa: S104 - an address to refuse
    "0.1.2.3",
    "10.0.0.1",
    "10.255.255.255",
    "172.16.0.1",
    "172.31.255.255",
    "192.168.0.1",
    "192.168.255.255",
    "169.254.0.1",
    "169.254.169.254",
    "100.64.0.1",
    "100.127.255.255",
    "192.0.0.1",
    "192.0.0.170",
    "192.0.2.1",
    "198.51.100.7",
    "203.0.113.9",
    "198.18.0.1",
    "198.19.255.255",
    "192.88.99.1",
    "224.0.0.1",
    "239.255.255.250",
    "240.0.0.1",
    "255.255.255.255",
    "[::]",
    "[::1]",
    "[fe80::1]",
    "[fec0::1]",
    "[fc00::1]",
    "[fd12:3456::1]",
    "[ff02::1]",
    "[ff0e::1]",
    "[2001:db8::1]",
    "[3fff::1]",
    "[100::1]",
    "[2001::1]",
    "[2001:2::1]",
    "[2001:10::1]",
    "[5f00::1]",
    "[::ffff:127.0.0.1]",
    "[::ffff:a9fe:a9fe]",
    "[::ffff:0:10.0.0.1]",
    "[::127.0.0.1]",
    "[::8.8.8.8]",
    "[2002:7f00:1::1]",
    "[2002:c0a8:101::1]",
    "[64:ff9b::7f00:1]",
    "[64:ff9b::a00:1]",
    "[64:ff9b:1::808:808]",
    "[2001:0:7f00:1::f7f7:f7f7]",
    "[2001:0:808:808::80ff:fffe]",
    # An ideographic and a full-width dot, full-width and circled digits.
    "127。0。0。1",
    "127\uff0e0\uff0e0\uff0e1",
    "\uff11\uff12\uff17.0.0.1",
    "①②⑦.⓪.⓪.①",
]
NO_HOSTS = [
    "",
    "localhost",
    "intranet",
    "2130706433",
    "0x7f000001",
    "017700000001",
    "127.1",
    "127.0.1",
    "0177.0.0.1",
    "0x7f.0.0.1",
    "127.0.0.0x1",
    "127.0.0.01",
    "00000127.0.0.1",
    "127.0.0.1.",
    "127.0.0.256",
    "1.2.3.4.5",
    "gazette.1",
    "gazette.0x",
    "gazette.example.",
    "gazette..example",
    ".gazette.example",
    "-gazette.example",
    "gazette-.example",
    "lantern_gazette.example",
    "%31%32%37.0.0.1",
    "gazette%2eexample",
    "gazette*.example",
    "gazette.example%00",
    "a" * 64 + ".example",
    "a" * 300 + ".example",
    ".".join(["lantern"] * 40) + ".example",
    "xn--.example",
    "xn--0.example",
    "gaz\u00adette.1",
    "\u200d.example",
    "[::1",
    "[::1%25eth0]",
    "[fe80::1%eth0]",
    "[2606:4700::1%1]",
    "[v1.127]",
    "[127.0.0.1]",
    "[gazette.example]",
    "[::g]",
]
UNSUPPORTED = [
    "",
    "gazette.example/story",
    "//gazette.example/story",
    "file:///etc/passwd",
    "file://gazette.example/etc/passwd",
    "gopher://gazette.example:80/_INFO",
    "ftp://gazette.example/",
    "dict://gazette.example:80/",
    "ws://gazette.example/",
    "data:text/html,lantern",
    "javascript:alert(1)",
    "http:gazette.example",
    "http:///gazette.example",
    "http://",
    "http://lantern@gazette.example/",
    "http://lantern:lit@gazette.example/",
    "http://gazette.example@127.0.0.1/",
    "http://@gazette.example/",
    "http://gazette.example:22/",
    "http://gazette.example:8080/",
    "http://gazette.example:0/",
    "http://gazette.example:-1/",
    "http://gazette.example:+80/",
    "http://gazette.example:65536/",
    "http://gazette.example:80:80/",
    "http://gazette.example:eighty/",
    "http://gazette.example:\uff18\uff10/",
    "http://gazette.example /",
    " http://gazette.example/",
    "http://gazette.example/a b",
    "http://gazette.example/\r\nHost: 127.0.0.1",
    "ht\ttp://gazette.example/",
    "http://gazette.exam\nple/",
    "http://gazette.example/\x00",
    "http://gazette.example/\x7f",
    "http://gazette.example/\u2028",
    "http://gazette.example/\ufeff",
    "http://gazette.example\\@127.0.0.1/",
    "http:\\\\gazette.example\\",
    "http://gazette.example\u2100lantern/",
    "http://gazette.example/\ud800",
    "http://gazette.example/" + "a" * 2000,
]


@pytest.mark.parametrize("host", INSIDE)
def test_an_address_inside_is_not_public_however_it_is_written(host: str) -> None:
    literal = read_address(f"http://{host}/").literal
    assert literal
    assert not is_public(literal)


@pytest.mark.parametrize("host", NO_HOSTS)
def test_what_a_resolver_could_take_for_an_address_is_no_host(host: str) -> None:
    with pytest.raises(AddressError):
        read_address(f"http://{host}/")


@pytest.mark.parametrize("url", UNSUPPORTED)
def test_anything_but_a_plain_web_address_is_refused(url: str) -> None:
    with pytest.raises(AddressError):
        read_address(url)


@pytest.mark.parametrize("address", ["8.8.8.8", "100.63.255.255", "172.32.0.1", "2606:4700::1111", "64:ff9b::808:808"])
def test_a_public_address_is_public(address: str) -> None:
    assert is_public(ip_address(address))


def test_what_a_resolver_answers_with_a_zone_is_not_public() -> None:
    assert not is_public(ip_address("2606:4700::1111%eth0"))


@pytest.mark.parametrize(
    ("written", "asked"),
    [
        ("http://gazette.example", "http://gazette.example/"),
        ("HTTP://GAZETTE.example:80/A", "http://gazette.example/A"),
        ("https://gazette.example:443/?q=1#top", "https://gazette.example/?q=1"),
        ("https://gazette.example?q=1", "https://gazette.example/?q=1"),
        ("https://gazette。example/", "https://gazette.example/"),
        ("https://lántern.example/ö?ü=“x”", "https://xn--lntern-pta.example/%C3%B6?%C3%BC=%E2%80%9Cx%E2%80%9D"),
        ("https://gazette.example/%7Ea/../b", "https://gazette.example/%7Ea/../b"),
        ("https://[2606:4700:0::1111]/", "https://[2606:4700::1111]/"),
        ("https://8.8.8.8/", "https://8.8.8.8/"),
    ],
)
def test_an_address_is_asked_for_as_it_is_meant(written: str, asked: str) -> None:
    assert read_address(written).url == asked


def test_a_refusal_says_what_is_wrong() -> None:
    with pytest.raises(AddressError, match="Port 22 is not read"):
        read_address("http://gazette.example:22/")
    with pytest.raises(AddressError, match=r"'127\.1' is no host name"):
        read_address("http://127.1/")
