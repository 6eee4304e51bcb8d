"""What can go wrong around the processes, said in one sentence that tells what to do."""

from __future__ import annotations


class LocalFault(Exception):
    """A server, a folder or a process is not as it must be; the message is one sentence for the terminal."""

    def __init__(self, sentence: str, *, log_tail: str = "") -> None:
        """Keep the sentence and, where a process wrote something, its last lines."""
        super().__init__(sentence)
        self.sentence = sentence
        self.log_tail = log_tail


class Terminated(BaseException):
    """SIGTERM or SIGHUP arrived; not an Exception, so that no broad handler swallows it before the clean stop."""

    def __init__(self, signum: int) -> None:
        """Keep the signal's number, from which the exit code is made."""
        super().__init__(signum)
        self.signum = signum
