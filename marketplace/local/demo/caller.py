"""Somebody who uses the API over HTTP and knows nothing of what is behind it."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from types import TracebackType
from typing import Any

import httpx

Json = dict[str, Any]
PATIENCE_SECONDS = 120.0


class DemoFault(Exception):
    """The service answered otherwise than the story needs; the message says how."""


class Caller:
    """A logged-in person. Paths are below ``/api/v1``; an unexpected status raises DemoFault with the answer."""

    def __init__(self, base_url: str, email: str, password: str) -> None:
        self.email = email
        self._http = httpx.Client(base_url=base_url, timeout=30.0)
        answer = self._http.post("/_allauth/app/v1/auth/login", json={"email": email, "password": password})
        if answer.status_code != httpx.codes.OK:
            raise DemoFault(f"{email} cannot log in ({answer.status_code}).")
        self._http.headers["X-Session-Token"] = answer.json()["meta"]["session_token"]

    def __enter__(self) -> Caller:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._http.close()

    def ask(
        self,
        method: str,
        path: str,
        body: Json | None = None,
        *,
        expect: int = 200,
        seen: str | None = None,
        language: str = "en",
    ) -> httpx.Response:
        """Return the answer. ``seen`` is the ETag of what the caller decides about."""
        headers = {"Accept-Language": language} | ({"If-Match": seen} if seen else {})
        answer = self._http.request(method, f"/api/v1{path}", json=body, headers=headers)
        if answer.status_code != expect:
            raise DemoFault(f"{method} {path}: expected {expect}, got {answer.status_code}: {answer.text[:800]}")
        return answer

    def get(self, path: str, language: str = "en") -> Json:
        found: Json = self.ask("GET", path, language=language).json()
        return found

    def seen(self, path: str) -> tuple[Json, str]:
        """Return a resource and its ETag."""
        answer = self.ask("GET", path)
        return answer.json(), answer.headers["ETag"]

    def post(self, path: str, body: Json | None = None, *, expect: int = 200, seen: str | None = None) -> Json:
        answer: Json = self.ask("POST", path, body or {}, expect=expect, seen=seen).json()
        return answer

    def tried(self, path: str, body: Json, *, seen: str) -> bool:
        """POST a decision; tell whether it was still about what had been seen."""
        answer = self._http.post(f"/api/v1{path}", json=body, headers={"If-Match": seen})
        if answer.status_code not in {httpx.codes.OK, httpx.codes.PRECONDITION_FAILED}:
            raise DemoFault(f"POST {path}: got {answer.status_code}: {answer.text[:800]}")
        return answer.status_code == httpx.codes.OK

    def upload(self, path: str, content: bytes, media_type: str, *, expect: int = 202) -> Json:
        """POST a file as it is."""
        answer = self._http.post(f"/api/v1{path}", content=content, headers={"Content-Type": media_type})
        if answer.status_code != expect:
            raise DemoFault(f"POST {path}: expected {expect}, got {answer.status_code}: {answer.text[:800]}")
        made: Json = answer.json()
        return made

    def all(self, path: str) -> Iterator[Json]:
        """Yield every row of a list, page by page."""
        url: str | None = f"/api/v1{path}"
        while url:
            page = self._http.get(url)
            if page.status_code != httpx.codes.OK:
                raise DemoFault(f"GET {path}: got {page.status_code}: {page.text[:800]}")
            yield from page.json()["results"]
            url = page.json()["next"]

    def follow(self, path: str, watch: Callable[[Json], None]) -> Json:
        """Poll a run as its ``Retry-After`` says until it has ended, telling ``watch`` each time."""
        deadline = time.monotonic() + PATIENCE_SECONDS
        while True:
            answer = self.ask("GET", path)
            run: Json = answer.json()
            watch(run)
            if run["status"] not in {"queued", "running"}:
                return run
            if time.monotonic() > deadline:
                raise DemoFault(f"the run has not ended within {PATIENCE_SECONDS:.0f} s: {run['status']}")
            time.sleep(float(answer.headers.get("Retry-After", 1)) / 4)
