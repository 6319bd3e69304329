"""A page is fetched from where it was checked to be, within limits of time, size and kind, or not at all."""

from __future__ import annotations

import shutil
import socket
import ssl
import subprocess
import threading
import time
import tomllib
from ipaddress import ip_address
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings

import quotes
from quotes.reading.addresses import IPAddress
from quotes.reading.fetching import FetchError, Rules, fetch, fetch_under
from tests.reading import HOST, PAGE, answer, code_for, code_of, loopback_rules, redirect, resolved_to, serving

# What is asked


def test_a_page_comes_with_its_kind_and_the_charset_that_the_server_names() -> None:
    with serving(answer(content_type='Text/HTML; boundary=x; Charset="windows-1252"')) as server:
        page = fetch_under(loopback_rules(server), server.url("/vote#top"))
    assert (page.content, page.content_type, page.charset) == (PAGE, "text/html", "windows-1252")
    assert (page.url, page.final_url) == (server.url("/vote#top"), server.url("/vote"))


def test_a_charset_that_is_not_named_is_none() -> None:
    with serving(answer(content_type="text/plain")) as server:
        assert fetch_under(loopback_rules(server), server.url()).charset is None


def test_the_request_names_the_host_and_us_and_carries_nothing_of_the_environment(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, settings: Any
) -> None:
    settings.READER_CONTACT = "https://quotes.example/about"
    (tmp_path / ".netrc").write_text(f"machine {HOST} login lantern password lit")
    monkeypatch.setenv("HOME", str(tmp_path))
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    with serving(answer(Set_Cookie="lamp=lit")) as server:
        fetch_under(loopback_rules(server), server.url("/a?b=ü"))
        fetch_under(loopback_rules(server), server.url("/a?b=ü"))
    first, second = (request.decode() for request in server.requests)
    assert (
        first
        == second
        == (
            "GET /a?b=%C3%BC HTTP/1.1\r\n"
            f"Host: {HOST}:{server.port}\r\n"
            f"User-Agent: quotebase/{quotes.__version__} (+https://quotes.example/about)\r\n"
            "Accept: text/html, application/xhtml+xml, text/plain\r\n"
            "Accept-Encoding: gzip, deflate\r\n"
            "Connection: close\r\n\r\n"
        )
    )


def test_the_version_that_we_name_is_the_projects() -> None:
    project = tomllib.loads((Path(settings.BASE_DIR) / "pyproject.toml").read_text())["project"]
    assert quotes.__version__ == project["version"]


# Where the connection goes


@pytest.mark.parametrize(
    "url",
    ["http://127.0.0.1/", "https://[::1]/", "http://169.254.169.254/latest/", "http://gazette.example:22/", "lantern"],
)
def test_an_address_that_is_not_supported_by_what_it_says_is_called_so(url: str) -> None:
    with pytest.raises(FetchError) as caught:
        fetch(url)
    assert caught.value.code == "unsupported_address"


@pytest.mark.parametrize("addresses", [["10.0.0.1"], ["127.0.0.1", "10.0.0.1"], ["10.0.0.1", "127.0.0.1"], []])
def test_a_name_is_not_asked_when_one_of_its_addresses_is_not_allowed(addresses: list[str]) -> None:
    with serving(answer()) as server:
        assert code_of(server.url(), loopback_rules(server, resolver=resolved_to(*addresses))) == "unreachable"
    assert server.requests == []


def test_the_rules_of_a_curators_fetch_allow_no_address_inside() -> None:
    with serving(answer()) as server:
        assert code_of(server.url(), loopback_rules(server, is_allowed=Rules.is_allowed)) == "unreachable"
    assert server.requests == []


def test_a_name_that_means_something_else_when_asked_again_is_not_asked_again() -> None:
    answers = iter([[ip_address("127.0.0.1")], [ip_address("127.0.0.99")]])
    with serving(answer()) as server:
        rules = loopback_rules(server, resolver=lambda host, port: next(answers))
        assert fetch_under(rules, server.url()).content == PAGE
    assert next(answers) == [ip_address("127.0.0.99")]


def test_no_name_is_looked_up_by_anything_but_the_resolver(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[Any] = []
    lookup = socket.getaddrinfo
    monkeypatch.setattr(
        socket, "getaddrinfo", lambda host, *rest, **more: asked.append(host) or lookup(host, *rest, **more)
    )
    with serving(answer()) as server:
        fetch_under(loopback_rules(server), server.url())
    assert HOST not in asked


def test_the_next_of_several_addresses_is_tried_when_the_first_does_not_answer() -> None:
    both = resolved_to("127.0.0.2", "127.0.0.1")
    with serving(answer()) as server:
        rules = loopback_rules(server, resolver=both, is_allowed=lambda address: address.is_loopback)
        assert fetch_under(rules, server.url()).content == PAGE


def refuse_to_resolve(host: str, port: int) -> list[IPAddress]:
    raise socket.gaierror(-2, "Name or service not known")


def test_whatever_the_network_did_is_one_and_the_same_error() -> None:
    with serving(answer()) as server:
        rules, url = loopback_rules(server), server.url()
        assert code_of(url, loopback_rules(server, resolver=refuse_to_resolve)) == "unreachable"
        assert code_of(url, loopback_rules(server, is_allowed=lambda address: False)) == "unreachable"
    assert code_of(url, rules) == "unreachable"  # nobody listens there any more


def test_a_resolver_that_does_not_come_back_is_not_waited_for() -> None:
    answered = threading.Event()

    def slow(host: str, port: int) -> list[IPAddress]:
        answered.wait(10)
        return []

    began = time.monotonic()
    assert code_for(answer(), resolver=slow, seconds=0.2) == "unreachable"
    assert time.monotonic() - began < 5
    answered.set()


# Redirects


def test_a_redirect_is_followed_to_where_the_page_is_now() -> None:
    places = {b"/old": redirect("/näw/?a=1"), b"/n%C3%A4w/?a=1": answer()}
    with serving(lambda request: places[request.split()[1]]) as server:
        page = fetch_under(loopback_rules(server), server.url("/old"))
    assert page.final_url == server.url("/n%C3%A4w/?a=1")
    assert page.url == server.url("/old")


@pytest.mark.parametrize(("hops", "outcome"), [(3, "read"), (4, "unreachable")])
def test_three_redirects_are_followed_and_no_more(hops: int, outcome: str) -> None:
    def script(request: bytes) -> bytes:
        number = int(request.split()[1].strip(b"/") or 0)
        return redirect(f"/{number + 1}") if number < hops else answer()

    with serving(script) as server:
        if outcome == "read":
            assert fetch_under(loopback_rules(server), server.url()).content == PAGE
        else:
            assert code_of(server.url(), loopback_rules(server)) == outcome
    assert len(server.requests) == 4


@pytest.mark.parametrize(
    "location",
    [
        "http://169.254.169.254/latest/",
        "http://[::1]/",
        "http://2130706433/",
        "http://localhost/",
        "//lantern@gazette.example/",
        "file:///etc/passwd",
        "http://gazette.example:22/",
        "http://[",
        "\x00",
        "\udcff",  # goes out as one byte that is no UTF-8
        "/" + "a" * 3000,
    ],
)
def test_a_redirect_to_what_is_not_asked_for_is_not_followed(location: str) -> None:
    with serving(redirect(location)) as server:
        assert code_of(server.url(), loopback_rules(server)) == "unreachable"
    assert len(server.requests) == 1


def test_a_redirect_to_a_name_that_leads_inside_is_not_followed() -> None:
    def resolver(host: str, port: int) -> list[IPAddress]:
        return [ip_address("127.0.0.1" if host == HOST else "10.0.0.1")]

    with serving(lambda request: redirect(server.url("/", host="inside.example"))) as server:
        assert code_of(server.url(), loopback_rules(server, resolver=resolver)) == "unreachable"
    assert len(server.requests) == 1


def test_a_redirect_status_without_an_address_is_no_page() -> None:
    assert code_for(answer(status="302 Found")) == "unreachable"


@pytest.mark.parametrize(
    "status", ["204 No Content", "304 Not Modified", "401 Unauthorized", "404 Not Found", "500 Oh"]
)
def test_any_status_but_200_is_no_page(status: str) -> None:
    assert code_for(answer(b"", status=status)) == "unreachable"


# TLS


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """A certificate for the gazette, made for this run, and its key."""
    if not shutil.which("openssl"):
        pytest.skip("openssl is needed to make a certificate")
    folder = tmp_path_factory.mktemp("certificate")
    command = "openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2 -keyout key.pem -out cert.pem"
    names = ["-subj", f"/CN={HOST}", "-addext", f"subjectAltName=DNS:{HOST}"]
    subprocess.run([*command.split(), *names], cwd=folder, check=True, capture_output=True)
    return folder / "cert.pem", folder / "key.pem"


def server_context(certificate: tuple[Path, Path]) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(*certificate)
    return context


def test_the_certificate_must_be_that_of_the_name_though_the_connection_goes_to_an_address(
    certificate: tuple[Path, Path],
) -> None:
    trusting = ssl.create_default_context(cafile=certificate[0])
    asked_for: list[Any] = []
    context = server_context(certificate)
    context.sni_callback = lambda connection, name, own: asked_for.append(name)
    with serving(answer(), context) as server:
        rules = loopback_rules(server, ssl_context=trusting)
        assert fetch_under(rules, server.url()).content == PAGE
        assert code_of(server.url(host="other.example"), rules) == "unreachable"
    assert asked_for == [HOST, "other.example"]
    assert len(server.requests) == 1


def test_a_certificate_that_nobody_vouches_for_is_refused(certificate: tuple[Path, Path]) -> None:
    with serving(answer(), server_context(certificate)) as server:
        assert code_of(server.url(), loopback_rules(server)) == "unreachable"
    assert server.requests == []


def test_a_redirect_from_https_to_http_is_not_followed(certificate: tuple[Path, Path]) -> None:
    trusting = ssl.create_default_context(cafile=certificate[0])
    with serving(answer()) as plain, serving(redirect(plain.url()), server_context(certificate)) as server:
        assert code_of(server.url(), loopback_rules(server, plain, ssl_context=trusting)) == "unreachable"
    assert (len(server.requests), plain.requests) == (1, [])
