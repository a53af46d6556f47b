# SPDX-License-Identifier: Apache-2.0
"""Clients that sign JSON Web Tokens with a key of their own, made by the openssl program."""
import base64
import json
import pathlib
import shutil
import subprocess
import tempfile
import time
import uuid

CAN_SIGN = shutil.which('openssl') is not None


def base64url(data):
    return base64.urlsafe_b64encode(data).decode().rstrip('=')


class Client:
    """An issuer of tokens. `keys` is the key set that it publishes."""

    def __init__(self, issuer):
        self.issuer = issuer
        self.key = pathlib.Path(tempfile.mkdtemp(prefix='vigil-tokens-')) / 'key.pem'
        subprocess.run(['openssl', 'ecparam', '-name', 'secp384r1', '-genkey', '-noout', '-out', self.key], check=True)
        public = subprocess.run(['openssl', 'pkey', '-in', self.key, '-pubout', '-outform', 'DER'], check=True,
                                capture_output=True).stdout[-96:]
        self.keys = {'keys': [{'kty': 'EC', 'crv': 'P-384', 'use': 'sig', 'alg': 'ES384', 'kid': 'k1',
                               'x': base64url(public[:48]), 'y': base64url(public[48:])}]}

    def token(self, audience, **changes):
        """The header of a request to that address, good once."""
        now = int(time.time())
        claims = {'iss': self.issuer, 'aud': audience, 'iat': now, 'exp': now + 300, 'jti': uuid.uuid4().hex, **changes}
        header = {'alg': 'ES384', 'typ': 'JWT', 'kid': 'k1'}
        text = '.'.join(base64url(json.dumps(part).encode()) for part in (header, claims))
        der = subprocess.run(['openssl', 'dgst', '-sha384', '-sign', self.key], input=text.encode(), check=True,
                             capture_output=True).stdout
        r_size = der[3 + (der[1] > 0x80)]
        at = 4 + (der[1] > 0x80)
        r, s = der[at:at + r_size], der[at + r_size + 2:]
        return {'Authorization': f'Bearer {text}.{base64url(r[-48:].rjust(48, bytes(1)) + s[-48:].rjust(48, bytes(1)))}'}
