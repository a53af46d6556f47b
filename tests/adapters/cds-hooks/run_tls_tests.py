#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Runs `vigil serve` behind TLS and tokens: run_tls_tests.py PROGRAM SOURCE_DIR."""
import base64
import hmac
import http.client
import json
import pathlib
import shutil
import signal
import socket
import ssl
import subprocess
import sys
import tempfile
import unittest

from serve_support import PATIENCE, FhirServer, Service, wait_until
from token_support import CAN_SIGN, Client, base64url

PROGRAM = sys.argv[1]


class Tls(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        if not shutil.which('openssl'):
            raise unittest.SkipTest('no openssl program')
        cls.folder = pathlib.Path(tempfile.mkdtemp(prefix='vigil-tls-'))
        for name in ('server', 'client', 'stranger'):
            subprocess.run(['openssl', 'req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-days', '2', '-subj', f'/CN={name}',
                            '-addext', 'subjectAltName=IP:127.0.0.1', '-keyout', cls.folder / f'{name}.key', '-out',
                            cls.folder / f'{name}.pem'], check=True, capture_output=True)

    def context(self, client=None):
        context = ssl.create_default_context(cafile=self.folder / 'server.pem')
        if client:
            context.load_cert_chain(self.folder / f'{client}.pem', self.folder / f'{client}.key')
        return context

    def get(self, service, context):
        connection = http.client.HTTPSConnection('127.0.0.1', service.port, context=context, timeout=PATIENCE)
        try:
            return service.request('GET', '/cds-services', connection=connection)
        finally:
            connection.close()

    def settings(self, more=''):
        return (f'[server]\nlisten = "127.0.0.1:0"\n[server.tls]\ncertificate = "{self.folder}/server.pem"\n'
                f'key = "{self.folder}/server.key"\n{more}')

    def test_tls_1_2_and_up(self):
        service = Service(PROGRAM, self.settings())
        self.assertEqual(self.get(service, self.context()).status, 200)
        old = self.context()
        old.minimum_version = ssl.TLSVersion.TLSv1
        old.maximum_version = ssl.TLSVersion.TLSv1_1
        with self.assertRaises((ssl.SSLError, OSError)):
            self.get(service, old)
        self.assertEqual(service.stop(), 0)

    def test_slow_clients_are_dropped(self):
        service = Service(PROGRAM, self.settings().replace('[server.tls]', 'read_seconds = 1\nidle_seconds = 3600\n[server.tls]'))
        with socket.create_connection(('127.0.0.1', service.port)) as raw:
            raw.settimeout(PATIENCE)
            raw.sendall(b'\x16\x03')  # of a greeting
            self.assertEqual(raw.recv(1000), b'')
        with self.context().wrap_socket(socket.create_connection(('127.0.0.1', service.port)),
                                        server_hostname='127.0.0.1') as raw:
            raw.settimeout(PATIENCE)
            raw.sendall(b'GET /livez HTT')
            with self.assertRaises((ssl.SSLError, OSError)):
                if not raw.recv(1000):
                    raise OSError('closed')
        self.assertEqual(service.stop(), 0)

    def test_what_is_refused_is_told_to_its_end(self):
        """And the connection closed, whether or not the client says that it saw the end: this one never does."""
        service = Service(PROGRAM, self.settings().replace('[server.tls]', 'max_body = 20000\n[server.tls]'))
        large = b'POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 1000000\r\n\r\n' + b'x' * 1_000_000
        for request, status in ((b'GET /livez HTTP/1.1\r\n\r\n', b'400'), (b'nothing\r\n\r\n', b'400'), (large, b'413')):
            with self.subTest(status), socket.create_connection(('127.0.0.1', service.port)) as raw:
                raw.settimeout(PATIENCE)
                received, sent = ssl.MemoryBIO(), ssl.MemoryBIO()
                layer = self.context().wrap_bio(received, sent, server_hostname='127.0.0.1')

                def done(step):
                    """What a step gives when all that it waits for has come."""
                    while True:
                        try:
                            got = step()
                            raw.sendall(sent.read())
                            return got
                        except ssl.SSLWantReadError:
                            raw.sendall(sent.read())
                            came = raw.recv(65536)
                            received.write(came) if came else received.write_eof()
                done(layer.do_handshake)
                done(lambda: layer.write(request))
                answer = b''
                while piece := done(lambda: layer.read(65536)):  # an end without notice is an SSLError
                    answer += piece
                self.assertEqual((answer[9:12], answer.count(b'HTTP/1.1 ')), (status, 1))
                self.assertEqual(raw.recv(1000), b'')
        self.assertEqual(service.stop(), 0)

    def test_a_client_that_closes_takes_no_room_until_it_says_so(self):
        """RFC 8446, 6.1: a close_notify sent suffices. What is done at once here comes before what a second must pass for."""
        service = Service(PROGRAM, self.settings().replace('[server.tls]', 'threads = 1\nread_seconds = 1\n[server.tls]'))

        def ask(text):
            asked = self.context().wrap_socket(socket.create_connection(('127.0.0.1', service.port), timeout=PATIENCE),
                                               server_hostname='127.0.0.1')
            asked.sendall(text)
            return asked
        silent = ask(b'GET /livez HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n')
        while silent.recv(1000):
            pass  # up to the service's close_notify, which is not answered
        with ask(b'GET /livez HTT') as slow, socket.socket(fileno=silent.detach()) as raw:
            with self.assertRaises((ssl.SSLError, OSError)):
                if not slow.recv(1000):
                    raise OSError('closed, since its second is over')
            raw.setblocking(False)
            self.assertEqual(raw.recv(1000), b'')  # else BlockingIOError
        self.assertEqual(service.stop(), 0)

    def test_new_certificates_are_taken_without_a_restart(self):
        folder = pathlib.Path(tempfile.mkdtemp())

        def install(server, client):
            for name, source in (('own.pem', f'{server}.pem'), ('own.key', f'{server}.key'), ('clients.pem', f'{client}.pem')):
                shutil.copy(self.folder / source, folder / name)
        install('server', 'client')
        service = Service(PROGRAM, '[server]\nlisten = "127.0.0.1:0"\nadmin_socket = "admin.sock"\n[server.tls]\n'
                          f'certificate = "{folder}/own.pem"\nkey = "{folder}/own.key"\nclient_ca = "{folder}/clients.pem"\n')

        def shown():
            with self.context('client').wrap_socket(socket.create_connection(('127.0.0.1', service.port), timeout=PATIENCE),
                                                    server_hostname='127.0.0.1') as tls:
                return tls.getpeercert(binary_form=True)

        def told(event, count):
            service.process.send_signal(signal.SIGHUP)
            self.assertTrue(wait_until(lambda: service.output().count(event) == count and
                                       service.output().count('"reloaded"') == service.output().count('certificates_')))
        before = shown()
        connection = http.client.HTTPSConnection('127.0.0.1', service.port, context=self.context('client'), timeout=PATIENCE)
        self.assertEqual(service.request('GET', '/livez', connection=connection).status, 200)

        # Halfway through an installation the key is of another certificate: what is in use stays.
        shutil.copy(self.folder / 'stranger.pem', folder / 'own.pem')
        told('certificates_failed', 1)
        (folder / 'own.pem').write_text('no certificate')
        told('certificates_failed', 2)
        install('server', 'client')
        (folder / 'clients.pem').unlink()
        told('certificates_failed', 3)
        self.assertEqual(shown(), before)
        self.assertIn('vigil_reloads_failed_total 3', self.metrics(service))

        install('stranger', 'stranger')
        told('certificates_reloaded', 1)
        self.assertEqual(service.request('GET', '/livez', connection=connection).status, 200)  # goes on
        connection.close()
        context = ssl.create_default_context(cafile=self.folder / 'stranger.pem')
        context.load_cert_chain(self.folder / 'stranger.pem', self.folder / 'stranger.key')
        self.assertEqual(self.get(service, context).status, 200)
        context.load_cert_chain(self.folder / 'client.pem', self.folder / 'client.key')
        with self.assertRaises((ssl.SSLError, OSError, http.client.HTTPException)):
            self.get(service, context)
        self.assertEqual(service.stop(), 0)

    def metrics(self, service):
        connection = http.client.HTTPSConnection('127.0.0.1', service.port, context=self.context('client'), timeout=PATIENCE)
        try:
            return service.request('GET', '/metrics', connection=connection).text
        finally:
            connection.close()

    def test_sessions_resume_where_clients_show_certificates(self):
        service = Service(PROGRAM, self.settings(f'client_ca = "{self.folder}/client.pem"\n'))
        for version in (ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3):
            context = self.context('client')
            context.minimum_version = context.maximum_version = version
            session = None
            for _ in range(2):
                with socket.create_connection(('127.0.0.1', service.port), timeout=PATIENCE) as raw, \
                        context.wrap_socket(raw, server_hostname='127.0.0.1', session=session) as tls:
                    tls.sendall(b'GET /livez HTTP/1.1\r\nHost: x\r\n\r\n')
                    self.assertIn(b' 200 ', tls.recv(1000))
                    session = tls.session
        self.assertEqual(service.stop(), 0)

    def test_clients_show_a_certificate_where_they_must(self):
        service = Service(PROGRAM, self.settings(f'client_ca = "{self.folder}/client.pem"\n'))
        self.assertEqual(self.get(service, self.context('client')).status, 200)
        for client in (None, 'stranger'):
            with self.assertRaises((ssl.SSLError, OSError, http.client.HTTPException)):
                self.get(service, self.context(client))
        self.assertEqual(service.stop(), 0)


@unittest.skipUnless(CAN_SIGN, 'no openssl program')
class Tokens(unittest.TestCase):
    """A client signs with its own key, which the service fetches; the table of attacks is in token_test.cpp."""

    @classmethod
    def setUpClass(cls):
        cls.client = Client('https://ehr.example.org/')

    def token(self, audience, **changes):
        return self.client.token(audience, **changes)

    def forged(self, audience):
        """Tokens a thief or a stranger may try, each with something that must not be logged."""
        header, claims, signature = self.token(audience, tenant='CANARY')['Authorization'][7:].split('.')

        def altered(part, **changes):
            return base64url(json.dumps({**json.loads(base64.urlsafe_b64decode(part + '==')), **changes}).encode())
        hs256 = altered(header, alg='HS256') + '.' + claims
        public = json.dumps(self.client.keys['keys'][0]).encode()
        return {'none': altered(header, alg='none') + '.' + claims + '.',
                'HS256 with the public key': f'{hs256}.{base64url(hmac.digest(public, hs256.encode(), "sha256"))}',
                'altered payload': f'{header}.{altered(claims, jti="CANARY-2")}.{signature}',
                'foreign jku': f'{altered(header, jku="https://CANARY.example/keys")}.{claims}.{signature}',
                'unknown kid': f'{altered(header, kid="CANARY-KID")}.{claims}.{signature}',
                'no signature': f'{header}.{claims}.', 'not a token': 'CANARY' * 10}

    def test_who_shows_a_token_is_answered(self):
        keys = FhirServer({'*': lambda handler: handler.send(self.client.keys)})
        service = Service(PROGRAM, f'''[server]
listen = "127.0.0.1:0"
public_url = "https://cds.example.org"
[[auth.issuer]]
issuer = "https://ehr.example.org/"
keys_url = "{keys.base}"
''')
        base = 'https://cds.example.org/cds-services'
        self.assertEqual(service.request('GET', '/cds-services').status, 401)
        token = self.token(base)
        self.assertEqual(service.request('GET', '/cds-services', headers=token).status, 200)
        self.assertEqual(service.request('GET', '/cds-services', headers=token).status, 401)
        for changes in ({'aud': 'https://other.example.org'}, {'exp': 5}, {'iss': 'https://evil.example/'}):
            self.assertEqual(service.request('GET', '/cds-services', headers=self.token(base, **changes)).status, 401)
        forged = self.forged(base)
        for name, text in forged.items():
            with self.subTest(name):
                response = service.request('GET', '/cds-services', headers={'Authorization': 'Bearer ' + text})
                self.assertEqual((response.status, response.headers['WWW-Authenticate']), (401, 'Bearer'))
        call = {'hook': 'patient-view', 'hookInstance': 'x', 'context': {'userId': 'Practitioner/1', 'patientId': 'p'},
                'prefetch': {'patient': {'resourceType': 'Patient', 'id': 'p', 'birthDate': '1950'}, 'condition': None,
                             'allergyIntolerance': None, 'medicationRequest': None, 'medicationStatement': None,
                             'observation': None}}
        path = '/cds-services/vigil-patient-view'
        audience = 'https://cds.example.org' + path
        self.assertEqual(service.request('POST', path, call, self.token(audience)).status, 200)
        self.assertEqual(service.request('POST', path, call, self.token(base)).status, 401)
        self.assertEqual(service.request('GET', '/livez').status, 200)
        self.assertEqual(len(keys.requests), 1)
        self.assertEqual(service.stop(), 0)
        log = service.output()
        self.assertNotIn(token['Authorization'][7:40], log)
        for text in forged.values():  # of what was refused, only the reason is told
            for part in text.split('.'):
                self.assertTrue(len(part) < 20 or part[:20] not in log and part[-20:] not in log)
        self.assertNotIn('CANARY', log)
        for reason in ('no Authorization header', 'jti was used before', 'for another audience', 'expired',
                       'issuer is not known'):
            self.assertIn(reason, log)
        keys.close()


if __name__ == '__main__':
    unittest.main(argv=[sys.argv[0], *sys.argv[3:]], verbosity=1)
