"""Certificates for the tests: an authority of their own, and what it and others sign."""

from __future__ import annotations

import ssl
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

DAY = timedelta(days=1)


class Authority:
    """Signs; `file` is what trusts it."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._key = ec.generate_private_key(ec.SECP256R1())
        certificate = (
            self._blank("Tests", self._key, timedelta(), "Tests")
            .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
            .sign(self._key, hashes.SHA256())
        )
        self.file = folder / "authority.pem"
        self.file.write_bytes(certificate.public_bytes(serialization.Encoding.PEM))

    def serving(
        self, name: str, *, since: timedelta = timedelta(), own: bool = False
    ) -> ssl.SSLContext:
        """For a server of that name, by a certificate of two days from `since`; `own`: signed by
        itself.
        """
        key = ec.generate_private_key(ec.SECP256R1())
        certificate = (
            self._blank(name, key, since, name if own else "Tests")
            .add_extension(x509.SubjectAlternativeName([x509.DNSName(name)]), critical=False)
            .sign(key if own else self._key, hashes.SHA256())
        )
        path = self._folder / "server.pem"
        path.write_bytes(
            key.private_bytes(
                serialization.Encoding.PEM,
                serialization.PrivateFormat.PKCS8,
                serialization.NoEncryption(),
            )
            + certificate.public_bytes(serialization.Encoding.PEM)
        )
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(path)
        return context

    def _blank(
        self, name: str, key: ec.EllipticCurvePrivateKey, since: timedelta, by: str
    ) -> x509.CertificateBuilder:
        begin = datetime.now(UTC) - DAY + since
        return (
            x509.CertificateBuilder()
            .subject_name(_called(name))
            .issuer_name(_called(by))
            .public_key(key.public_key())
            .serial_number(x509.random_serial_number())
            .not_valid_before(begin)
            .not_valid_after(begin + 2 * DAY)
        )


def _called(name: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, name)])
