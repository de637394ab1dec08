"""The text format of Prometheus, and a server that nobody can hold up or reach from elsewhere."""

from __future__ import annotations

import http.client
import socket
import time

import pytest

from duewell.adapters import prometheus
from duewell.flows.metrics import Metric, Sample


def _get(port: int, path: str = "/metrics", method: str = "GET") -> tuple[int, str, str]:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    connection.request(method, path)
    answer = connection.getresponse()
    body = answer.read().decode()
    connection.close()
    return answer.status, answer.getheader("Content-Type", ""), body


def test_families_have_help_type_and_samples_with_their_labels_quoted():
    metrics = [
        Metric("a_b", "gauge", "Two\nlines \\ here.", [Sample((("key", 'q"\\n'),), 1), Sample((), 0.5)]),
        Metric("empty", "gauge", "Nothing.", []),
    ]
    assert prometheus.text(metrics) == (
        '# HELP a_b Two\\nlines \\\\ here.\n# TYPE a_b gauge\na_b{key="q\\"\\\\n"} 1\na_b 0.5\n'
        "# HELP empty Nothing.\n# TYPE empty gauge\n"
    )


def test_large_numbers_are_whole():
    assert "x 1773133200123456\n" in prometheus.text([Metric("x", "gauge", "X.", [Sample((), 1773133200123456)])])


@pytest.mark.parametrize(
    "given", ["0.0.0.0:9464", "192.0.2.1:8", "localhost", "a.example:80", "127.0.0.1:x", ":80"]
)
def test_only_addresses_of_this_machine_are_served(given: str):
    with pytest.raises(prometheus.BadAddress, match="9464"):
        prometheus.address(given)
    assert prometheus.address("[::1]:9464") == ("::1", 9464)


def test_the_server_answers_one_path_and_asks_no_more_often_than_it_must():
    asked = []

    def collect() -> str:
        asked.append(1)
        return "a 1\n"

    with prometheus.served(("127.0.0.1", 0), collect) as port:
        for _ in range(5):
            assert _get(port) == (200, prometheus.CONTENT_TYPE, "a 1\n")
        assert _get(port, "/")[0] == 404
        assert _get(port, method="POST")[0] == 501
        assert len(asked) == 1


def test_what_cannot_be_counted_is_503_without_a_word_of_data():
    def collect() -> str:
        raise LookupError("Maria Muster")

    with prometheus.served(("127.0.0.1", 0), collect) as port:
        status, _, body = _get(port)
        assert (status, "LookupError" in body, "Maria" in body) == (503, True, False)


def test_whoever_connects_and_says_nothing_holds_up_the_next_for_seconds_only(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(prometheus._Answers, "timeout", 0.3)
    with prometheus.served(("127.0.0.1", 0), lambda: "a 1\n") as port:
        silent = [socket.create_connection(("127.0.0.1", port)) for _ in range(3)]
        began = time.monotonic()
        assert _get(port)[0] == 200
        assert time.monotonic() - began < 5
        for one in silent:
            one.close()
