"""So many requests in so long a time for each reader, counted where all workers see it, and said in every answer."""

from __future__ import annotations

import re
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.contrib.auth.models import User
from django.core.cache import caches
from django.http import HttpResponse

from quotes.api.limits import network
from quotes.curation import make_token
from tests.api.asking import API, CLIENT

pytestmark = pytest.mark.django_db
NOON = "2026-03-04T12:00:10Z"


@pytest.fixture(autouse=True)
def three_a_minute(settings: Any) -> None:
    settings.RATE_LIMITS = {"anonymous": (3, 60), "token": (5, 60)}
    caches["limits"].clear()


def get(path: str = "", address: str = "192.0.2.1", **extra: Any) -> HttpResponse:
    return CLIENT.get(f"{API}{path}", REMOTE_ADDR=address, **extra)


@time_machine.travel(NOON, tick=False)
def test_every_answer_says_what_is_left_and_until_when() -> None:
    answer = get()
    assert answer["RateLimit-Policy"] == '"anonymous";q=3;w=60'
    assert answer["RateLimit"] == '"anonymous";r=2;t=50'
    assert get("quotes/?stanse=x")["RateLimit"] == '"anonymous";r=1;t=50'


@time_machine.travel(NOON, tick=False)
def test_one_more_is_refused_with_the_time_to_come_again() -> None:
    for _ in range(3):
        assert get().status_code == 200
    answer = get()
    assert answer.status_code == 429
    assert answer["Content-Type"] == "application/problem+json"
    assert answer["Retry-After"] == "50"
    assert answer["RateLimit"] == '"anonymous";r=0;t=50'
    assert answer["Cache-Control"] == "no-store"


def test_it_begins_anew_with_the_next_window() -> None:
    with time_machine.travel(NOON, tick=False) as clock:
        for _ in range(4):
            answer = get()
        assert answer.status_code == 429
        clock.shift(50)
        assert get().status_code == 200


@time_machine.travel(NOON, tick=False)
def test_each_reader_has_an_allowance_of_their_own() -> None:
    for _ in range(4):
        get()
    assert get(address="192.0.2.2").status_code == 200


@time_machine.travel(NOON, tick=False)
def test_what_a_reader_says_of_itself_counts_for_nothing(settings: Any) -> None:
    settings.REST_FRAMEWORK = {**settings.REST_FRAMEWORK, "NUM_PROXIES": 0}
    for number in range(4):
        answer = get(HTTP_X_FORWARDED_FOR=f"198.51.100.{number}")
    assert answer.status_code == 429


@time_machine.travel(NOON, tick=False)
def test_behind_a_proxy_the_address_that_it_saw_is_the_readers(settings: Any) -> None:
    settings.REST_FRAMEWORK = {**settings.REST_FRAMEWORK, "NUM_PROXIES": 1}
    for number in range(4):
        answer = get(HTTP_X_FORWARDED_FOR=f"10.0.0.{number}, 198.51.100.7")
    assert answer.status_code == 429
    assert get(HTTP_X_FORWARDED_FOR="10.0.0.1, 198.51.100.8").status_code == 200


@time_machine.travel(NOON, tick=False)
@pytest.mark.parametrize("extra", [{"HTTP_AUTHORIZATION": "Bearer qb_aaaaaaaa_0"}, {"HTTP_ACCEPT": "image/png"}])
def test_what_is_refused_for_another_reason_counts_too(extra: dict[str, str]) -> None:
    statuses = [get(**extra).status_code for _ in range(5)]
    assert statuses[:3] in ([401] * 3, [406] * 3)
    assert statuses[3:] == [429, 429]


@time_machine.travel(NOON, tick=False)
def test_curators_addresses_count_whoever_knocks() -> None:
    assert [get("curation/").status_code for _ in range(5)] == [401, 401, 401, 429, 429]


@time_machine.travel(NOON, tick=False)
def test_a_token_has_a_wider_limit_of_its_own() -> None:
    _, text = make_token(user=User.objects.create_user("reader"), name="a script")
    statuses = [get(HTTP_AUTHORIZATION=f"Bearer {text}").status_code for _ in range(6)]
    assert statuses == [200] * 5 + [429]
    answer = get(HTTP_AUTHORIZATION=f"Bearer {text}")
    assert answer["RateLimit-Policy"] == '"token";q=5;w=60'
    assert get().status_code == 200


@pytest.mark.parametrize(
    ("address", "counted_as"),
    [
        ("192.0.2.7", "192.0.2.7"),
        ("::ffff:192.0.2.7", "192.0.2.7"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("[2001:db8:1:2::9]", "2001:db8:1:2::/64"),
        ("fe80::1%eth0", "fe80::/64"),
        ("192.0.2.7:5678", "192.0.2.7"),
        ("[2001:db8:1:2::9]:5678", "2001:db8:1:2::/64"),
        ("unix:", "unknown"),
        ("", "unknown"),
    ],
)
def test_an_ipv6_customer_is_one_reader(address: str, counted_as: str) -> None:
    assert network(address) == counted_as


def test_without_a_limit_nothing_is_counted(settings: Any) -> None:
    settings.RATE_LIMITS = {"anonymous": None, "token": None}
    answers = [get() for _ in range(10)]
    assert {answer.status_code for answer in answers} == {200}
    assert "RateLimit" not in answers[0]


@pytest.fixture
def redis(tmp_path: Path, settings: Any) -> Iterator[subprocess.Popen[bytes]]:
    """A Redis of this test's own, as the cache that all workers share."""
    program = shutil.which("redis-server")
    if not program:
        pytest.skip("no redis-server here (Debian: apt install redis-server)")
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [program, "--port", str(port), "--save", "", "--dir", str(tmp_path), "--bind", "127.0.0.1"]
    server = subprocess.Popen(command, stdout=subprocess.DEVNULL)
    for _ in range(200):
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                break
        time.sleep(0.02)
    settings.CACHES = {
        **settings.CACHES,
        "limits": {
            "BACKEND": "django.core.cache.backends.redis.RedisCache",
            "LOCATION": f"redis://127.0.0.1:{port}",
        },
    }
    yield server
    server.kill()
    server.wait()


@time_machine.travel(NOON, tick=False)
def test_redis_counts_for_all_workers(redis: Any) -> None:
    assert [get().status_code for _ in range(4)] == [200, 200, 200, 429]
    left = re.search(r"r=(\d+)", get()["RateLimit"])
    assert left and left[1] == "0"


@time_machine.travel(NOON, tick=False)
def test_nobody_is_refused_because_the_cache_is_away(redis: subprocess.Popen[bytes], caplog: Any) -> None:
    redis.kill()
    redis.wait()
    assert [get().status_code for _ in range(5)] == [200] * 5
    assert "cache" in caplog.text
