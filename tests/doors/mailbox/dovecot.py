"""A real Dovecot for tests: an instance of its own, without rights, in a folder of its own, on free ports.

``MAKEGOOD_REQUIRE_MAIL=1`` makes its absence a failure instead of a skip.
"""

import grp
import imaplib
import os
import pwd
import shutil
import socket
import subprocess
import tempfile
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from tests.product import free_port

PASSWORD = "a-box-of-letters"
_BINARY = "/usr/sbin/dovecot"
_CONF = """
base_dir = {run}
state_dir = {run}/state
log_path = {folder}/log
protocols = imap
listen = 127.0.0.1
ssl = yes
ssl_cert = <{folder}/server.pem
ssl_key = <{folder}/server.key
disable_plaintext_auth = no
auth_mechanisms = plain login xoauth2 oauthbearer
default_internal_user = {user}
default_internal_group = {group}
default_login_user = {user}
first_valid_uid = 1
first_valid_gid = 1
mail_location = maildir:{folder}/mail/%u
mail_max_userip_connections = 100
service imap-login {{
  chroot =
  inet_listener imap {{
    port = {port}
  }}
  inet_listener imaps {{
    port = {tls_port}
    ssl = yes
  }}
}}
service anvil {{
  chroot =
}}
service stats {{
  chroot =
}}
{oauth}
passdb {{
  driver = static
  args = password={password}
}}
userdb {{
  driver = static
  args = uid={user} gid={group} home={folder}/mail/%u
}}
{more}
"""
_OAUTH = """
passdb {{
  driver = oauth2
  mechanisms = xoauth2 oauthbearer
  args = {folder}/oauth2.conf
}}
"""
_OAUTH_CONF = """
introspection_url = {url}?token=
introspection_mode = get
force_introspection = yes
active_attribute = active
active_value = true
username_attribute = username
"""


class Dovecot:
    """``port`` speaks without TLS, ``tls_port`` with it; ``authority`` is the certificate to trust. Any user exists."""

    def __init__(self, *, introspection_url="", more=""):
        self.folder = Path(tempfile.mkdtemp(prefix="mg-dovecot-", dir="/tmp"))
        self.port, self.tls_port = free_port(), free_port()
        is_root = os.geteuid() == 0
        self.user = "nobody" if is_root else pwd.getpwuid(os.geteuid()).pw_name
        self.group = grp.getgrgid(pwd.getpwnam(self.user).pw_gid).gr_name
        self._as = {"user": self.user, "group": self.group, "extra_groups": []} if is_root else {}
        self.authority = make_certificate(self.folder)
        (self.folder / "mail").mkdir()
        facts = {
            "folder": self.folder,
            "run": self.folder / "run",
            "user": self.user,
            "group": self.group,
            "port": self.port,
            "tls_port": self.tls_port,
            "password": PASSWORD,
        }
        oauth = _OAUTH.format(**facts) if introspection_url else ""
        if introspection_url:
            (self.folder / "oauth2.conf").write_text(_OAUTH_CONF.format(url=introspection_url))
        (self.folder / "dovecot.conf").write_text(_CONF.format(oauth=oauth, more=more, **facts))
        if is_root:
            for path in (self.folder, *self.folder.rglob("*")):
                shutil.chown(path, self.user, self.group)

    def __enter__(self):
        self.process = subprocess.Popen([_BINARY, "-F", "-c", str(self.folder / "dovecot.conf")], **self._as)
        deadline = time.monotonic() + 20
        while True:
            try:
                with socket.create_connection(("127.0.0.1", self.port), 1) as first:
                    assert first.recv(10)
                    return self
            except OSError:
                log = self.folder / "log"
                assert self.process.poll() is None, log.read_text() if log.exists() else "Dovecot ended."
                assert time.monotonic() < deadline, log.read_text() if log.exists() else "Dovecot did not start."
                time.sleep(0.05)

    def __exit__(self, *_trouble):
        self.process.terminate()
        self.process.wait(10)
        shutil.rmtree(self.folder, ignore_errors=True)

    def put(self, user, mails, folder="INBOX", flags=()):
        """Deliver raw mails."""
        with self.signed_in(user) as client:
            if folder != "INBOX":
                client.create(folder)
            for raw in mails:
                assert client.append(folder, " ".join(flags) or None, None, raw)[0] == "OK"

    def signed_in(self, user):
        client = imaplib.IMAP4("127.0.0.1", self.port, timeout=10)
        client.login(user, PASSWORD)
        return client

    def look(self, user, folder="INBOX", criteria="ALL"):
        """UIDs that a look at the folder shows."""
        with self.signed_in(user) as client:
            if client.select(folder, readonly=True)[0] != "OK":
                return []
            return client.uid("SEARCH", criteria)[1][0].split()

    def log(self):
        return (self.folder / "log").read_text()


def require():
    """Skip with a word where Dovecot is not installed; fail where it must be."""
    if os.path.exists(_BINARY):
        return
    if os.environ.get("MAKEGOOD_REQUIRE_MAIL"):
        pytest.fail("MAKEGOOD_REQUIRE_MAIL is set, but there is no Dovecot (Debian: dovecot-imapd).")
    pytest.skip("Fetching is tested where Dovecot is installed (Debian: dovecot-imapd).")


def make_certificate(folder, name="localhost"):
    """server.pem and server.key for ``name`` and 127.0.0.1 in ``folder``; returns the path of the certificate."""
    import ipaddress

    key = ec.generate_private_key(ec.SECP256R1())
    names = [x509.DNSName(name), x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=2))
        .add_extension(x509.SubjectAlternativeName(names), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .sign(key, hashes.SHA256())
    )
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    (folder / "server.key").write_bytes(private)
    path = folder / "server.pem"
    path.write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
    return path
