"""One signed-in connection to a mailbox. Reading never marks anything; only ``settle`` does, after the mail is kept.

``imap_tools`` signs in and speaks; searching, fetching and marking are worded here, because its own ways read flags we
do not need, expunge what people have marked, and hold a mail three times in memory.
"""

from __future__ import annotations

import imaplib
import re
import select
import ssl
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from imap_tools import BaseMailBox, ImapToolsError, MailBox, MailBoxStartTls, MailBoxUnencrypted
from imap_tools.utils import encode_folder

from makegood.channels.imap.account import (
    BROKEN_OFF,
    FOLDER,
    REFUSED,
    UNREACHABLE,
    UNSAFE,
    Account,
    Trouble,
)

TIMEOUT_SECONDS = 60
CONNECT_SECONDS = 20
# RFC 2177 wants a new IDLE every 29 minutes; routers and phones' networks forget connections far sooner.
IDLE_SECONDS = 9 * 60
_MOST_AT_ONCE, _BYTES_AT_ONCE = 40, 4_000_000
_UID = re.compile(rb"\bUID (\d+)")
_SIZE = re.compile(rb"\bRFC822\.SIZE (\d+)")
_NOTHING = re.compile(rb'BODY\[[A-Z]*\] ""')
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


@dataclass(frozen=True)
class Fetched:
    """One mail: its bytes, or its header alone with the reason (``too_big``, ``unreadable``); None: not even that."""

    uid: int
    raw: bytes | None
    size: int = 0
    why: str = ""


class Session:
    """Opens at once. Raises Trouble from every method; then it is of no further use. Belongs to one thread."""

    def __init__(self, account: Account, *, answer_seconds: float = TIMEOUT_SECONDS) -> None:
        self.account, self.answer_seconds = account, answer_seconds
        self.box = _connect(account, min(answer_seconds, CONNECT_SECONDS))
        try:
            self._sign_in()
            self.box.client.sock.settimeout(answer_seconds)
            self.able = self._capabilities()
            self._open_folder()
        except BaseException:
            self.close()
            raise

    def __enter__(self) -> Session:
        return self

    def __exit__(self, *_trouble: object) -> None:
        self.close()

    @property
    def can_idle(self) -> bool:
        return "IDLE" in self.able

    def unread(self) -> list[int]:
        """UIDs, ascending."""
        return self._search("UNSEEN")

    def after(self, uid: int) -> list[int]:
        """UIDs above ``uid``, read or not."""
        return [found for found in self._search(f"UID {uid + 1}:*") if found > uid]

    def since(self, day: date) -> list[int]:
        """UIDs of what the server received on ``day`` or later, read or not."""
        return self._search(f"SINCE {day.day}-{_MONTHS[day.month - 1]}-{day.year}")

    def fetch(self, uids: Sequence[int], *, limit: int) -> Iterator[list[Fetched]]:
        """The mails in bundles of a few megabytes, in order of ``uids``. Over ``limit`` bytes only the header is asked
        for; a mail that vanished meanwhile is left out."""
        for begin in range(0, len(uids), 500):
            part = uids[begin : begin + 500]
            sizes = self._sizes(part)
            small = [uid for uid in part if sizes.get(uid, limit + 1) <= limit]
            for bundle in _bundles(part, sizes, limit):
                yield list(self._bundle(bundle, sizes, small=set(small)))

    def settle(self, uids: Iterable[int]) -> None:
        """These are kept for good: mark them read, and move them where the account says so."""
        listed = ",".join(map(str, uids))
        if not listed:
            return
        self._say(self.box.client.uid, "STORE", listed, "+FLAGS.SILENT", r"(\Seen)")
        if self.account.done_folder:
            self._move(listed)

    def star(self, uids: Iterable[int]) -> None:
        """These stay where they are, read and starred: only their header is kept."""
        listed = ",".join(map(str, uids))
        if listed:
            self._say(self.box.client.uid, "STORE", listed, "+FLAGS.SILENT", r"(\Seen \Flagged)")

    def wait(self, seconds: float, *, go_on: Callable[[], bool], slice_seconds: float = 1.0) -> None:
        """Listen (IDLE) until the server says that a mail came, ``seconds`` are over, or ``go_on``, asked every
        ``slice_seconds``, says no. Without IDLE: just wait."""
        deadline = time.monotonic() + seconds
        if not self.can_idle:
            while (left := deadline - time.monotonic()) > 0 and go_on():
                time.sleep(min(left, slice_seconds))
            return
        with _translated(BROKEN_OFF):
            self.box.client.untagged_responses.pop("EXISTS", None)
            self.box.idle.start()
            news = "EXISTS" in self.box.client.untagged_responses
            while not news and (left := deadline - time.monotonic()) > 0 and go_on():
                news = self._heard(min(left, slice_seconds))
            self.box.idle.stop()

    def abort(self) -> None:
        """Cut the line from another thread; whoever is reading gets Trouble."""
        sock = self.box.client.sock
        try:
            # The plain socket below: an orderly end of TLS would wait for the other side.
            super(type(sock), sock).shutdown(2) if isinstance(sock, ssl.SSLSocket) else sock.shutdown(2)
        except OSError:
            return

    def close(self) -> None:
        """Say goodbye if the other side still listens."""
        client = self.box.client
        try:
            client.sock.settimeout(5)
            client.logout()
        except (OSError, imaplib.IMAP4.error, ImapToolsError):
            _drop(client)

    def _sign_in(self) -> None:
        account = self.account
        with _translated(REFUSED):
            if account.token is not None:
                self.box.xoauth2(account.user, account.token(), initial_folder=None)
            elif account.user.isascii() and account.password.isascii():
                self.box.login(account.user, account.password, initial_folder=None)
            else:
                self.box.login_utf8(account.user, account.password, initial_folder=None)

    def _capabilities(self) -> set[str]:
        """What the server can do after signing in is more than before."""
        answer = self._say(self.box.client.capability)
        return {word for line in answer if line for word in line.decode("ascii", "replace").upper().split()}

    def _open_folder(self) -> None:
        account, client = self.account, self.box.client
        with _translated(FOLDER):
            if account.done_folder and not self.box.folder.exists(account.done_folder):
                self.box.folder.create(account.done_folder)
            self.box.folder.set(account.folder)
        self.validity = _number(client.response("UIDVALIDITY")[1])
        self.next_uid = _number(client.response("UIDNEXT")[1])

    def _search(self, criteria: str) -> list[int]:
        answer = self._say(self.box.client.uid, "SEARCH", f"UNDELETED {criteria}")
        return [int(word) for line in answer if line for word in line.split()]

    def _sizes(self, uids: Sequence[int]) -> dict[int, int]:
        sizes = {}
        for item in self._say(self.box.client.uid, "FETCH", _listed(uids), "(RFC822.SIZE)"):
            line = item if isinstance(item, bytes) else b""
            uid, size = _UID.search(line), _SIZE.search(line)
            if uid and size:
                sizes[int(uid[1])] = int(size[1])
        return sizes

    def _bundle(self, uids: Sequence[int], sizes: dict[int, int], *, small: set[int]) -> Iterator[Fetched]:
        whole = [uid for uid in uids if uid in small]
        found = self._bodies(whole) if whole else {}
        for uid in uids:
            if uid not in sizes:
                continue
            if uid not in small:
                yield Fetched(uid, self._header(uid), sizes[uid], "too_big")
            elif uid in found:
                yield Fetched(uid, found[uid], sizes[uid])
            elif uid in self._sizes([uid]):  # still there: the server cannot give it
                yield Fetched(uid, self._header(uid), sizes[uid], "unreadable")

    def _bodies(self, uids: Sequence[int]) -> dict[int, bytes]:
        """What the server gives. One mail it cannot read may fail the whole command: then one by one."""
        try:
            return _parts(self._say(self.box.client.uid, "FETCH", _listed(uids), "(BODY.PEEK[])"))
        except _No:
            if len(uids) == 1:
                return {}
            return {uid: raw for one in uids for uid, raw in self._bodies([one]).items()}

    def _header(self, uid: int) -> bytes | None:
        try:
            return _parts(self._say(self.box.client.uid, "FETCH", str(uid), "(BODY.PEEK[HEADER])")).get(uid)
        except _No:
            return None

    def _move(self, listed: str) -> None:
        client, folder = self.box.client, encode_folder(self.account.done_folder)
        with _translated(FOLDER):
            if "MOVE" in self.able:
                self._say(client.uid, "MOVE", listed, folder)
                return
            self._say(client.uid, "COPY", listed, folder)
            self._say(client.uid, "STORE", listed, "+FLAGS.SILENT", r"(\Deleted)")
            # Without UIDPLUS an EXPUNGE would take away what people have marked: then ours stay marked as deleted.
            if "UIDPLUS" in self.able:
                self._say(client.uid, "EXPUNGE", listed)

    def _heard(self, seconds: float) -> bool:
        """Whether the server said that a mail came."""
        client = self.box.client
        if not self._buffered():
            poller = select.poll()
            poller.register(client.sock.fileno(), select.POLLIN)
            if not poller.poll(seconds * 1000) or self._buffered() is None:
                return False
        line = client._get_line()  # type: ignore[attr-defined]
        return bool(re.match(rb"\* \d+ (EXISTS|RECENT)", line))

    def _buffered(self) -> bool | None:
        """Whether words wait where poll cannot see them: in the file's buffer or inside TLS. None: TLS wants more."""
        sock = self.box.client.sock
        sock.settimeout(0)
        try:
            return bool(self.box.client.file.peek(1))  # type: ignore[union-attr]
        except ssl.SSLWantReadError:
            return None
        finally:
            sock.settimeout(self.answer_seconds)

    def _say(self, command: Callable[..., Any], *words: Any) -> list[Any]:
        """One command; its data. NO is _No, a Trouble like everything else that goes wrong."""
        with _translated(BROKEN_OFF):
            status, data = command(*words)
        if status != "OK":
            raise _No(BROKEN_OFF, _text(data))
        return list(data)


class _No(Trouble):
    """The server understood and would not."""


class _translated:  # noqa: N801 - reads as a word after "with"
    """What libraries and sockets raise, as Trouble of ``kind``."""

    def __init__(self, kind: str) -> None:
        self.kind = kind

    def __enter__(self) -> None:
        return None

    def __exit__(self, _kind: object, trouble: BaseException | None, _trace: object) -> None:
        if isinstance(trouble, Trouble):
            return
        if isinstance(trouble, imaplib.IMAP4.readonly):
            raise Trouble(FOLDER, str(trouble)) from None
        if isinstance(trouble, (imaplib.IMAP4.abort, OSError)):
            raise Trouble(BROKEN_OFF, str(trouble) or type(trouble).__name__) from None
        if isinstance(trouble, imaplib.IMAP4.error):
            raise Trouble(self.kind, str(trouble)) from None
        if isinstance(trouble, ImapToolsError):
            raise Trouble(self.kind, _text(getattr(trouble, "command_result", (0, [str(trouble)]))[1])) from None


def _connect(account: Account, seconds: float) -> BaseMailBox:
    try:
        if account.tls == "none":
            return MailBoxUnencrypted(account.host, account.port, timeout=seconds)
        context = ssl.create_default_context()
        if account.tls == "starttls":
            return MailBoxStartTls(account.host, account.port, timeout=seconds, ssl_context=context)
        return MailBox(account.host, account.port, timeout=seconds, ssl_context=context)
    except ssl.SSLError as trouble:
        raise Trouble(UNSAFE, getattr(trouble, "verify_message", "") or str(trouble)) from None
    except (OSError, imaplib.IMAP4.error, ImapToolsError, ValueError) as trouble:
        raise Trouble(UNREACHABLE, getattr(trouble, "strerror", "") or str(trouble) or type(trouble).__name__) from None


def _drop(client: imaplib.IMAP4) -> None:
    try:
        client.shutdown()
    except OSError:
        return


def _bundles(uids: Sequence[int], sizes: dict[int, int], limit: int) -> Iterator[list[int]]:
    bundle: list[int] = []
    weight = 0
    for uid in uids:
        size = min(sizes.get(uid, 0), limit)
        if bundle and (weight + size > _BYTES_AT_ONCE or len(bundle) >= _MOST_AT_ONCE):
            yield bundle
            bundle, weight = [], 0
        bundle.append(uid)
        weight += size
    if bundle:
        yield bundle


def _parts(answer: list[Any]) -> dict[int, bytes]:
    """UID → bytes. The UID may stand before the literal or after it."""
    found: dict[int, bytes] = {}
    for place, item in enumerate(answer):
        if not isinstance(item, tuple):
            if isinstance(item, bytes) and (uid := _UID.search(item)) and _NOTHING.search(item):
                found[int(uid[1])] = b""
            continue
        after = answer[place + 1] if place + 1 < len(answer) and isinstance(answer[place + 1], bytes) else b""
        uid = _UID.search(item[0]) or _UID.search(after)
        if uid:
            found[int(uid[1])] = item[1]
    return found


def _listed(uids: Sequence[int]) -> str:
    return ",".join(map(str, uids))


def _number(data: Sequence[Any]) -> int | None:
    words = [item for item in data if item]
    return int(words[-1]) if words and words[-1].isdigit() else None


def _text(data: Any) -> str:
    parts = [part.decode("utf-8", "replace") if isinstance(part, bytes) else str(part) for part in data or [] if part]
    return " ".join(parts)
