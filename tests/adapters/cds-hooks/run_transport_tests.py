#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Runs `vigil serve` as clients of all kinds reach it, limits, TLS and tokens: run_transport_tests.py PROGRAM SOURCE_DIR."""
import base64
import hmac
import http.client
import json
import pathlib
import shutil
import socket
import ssl
import subprocess
import sys
import tempfile
import unittest

from serve_support import PATIENCE, FhirServer, Service, ServiceTest, wait_until
from token_support import CAN_SIGN, Client, base64url

PROGRAM = sys.argv[1]


class Sizes(ServiceTest):
    settings = '[server]\nlisten = "127.0.0.1:0"\nmax_body = 20000\nmax_head = 2000\n'

    def test_bodies(self):
        self.assertEqual(self.service.request('POST', '/cds-services/vigil-order-sign', 'x' * 30_000).status, 413)
        chunked = (b'4000\r\n' + b'x' * 0x4000 + b'\r\n') * 3 + b'0\r\n\r\n'
        with socket.create_connection(('127.0.0.1', self.service.port)) as raw:
            raw.settimeout(PATIENCE)
            raw.sendall(b'POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n' + chunked)
            self.assertIn(b'413', raw.recv(1000))

    def test_headers(self):
        self.assertEqual(self.service.request('GET', '/livez', headers={'X': 'y' * 5000}).status, 431)

    def test_headers_one_by_one(self):
        """Each piece ends behind the first byte of the next field, so that no field is left to be parsed again."""
        with socket.create_connection(('127.0.0.1', self.service.port)) as raw:
            raw.settimeout(0.05)
            raw.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            raw.sendall(b'GET /livez HTTP/1.1\r\nHost: x\r\nX')
            for _ in range(20):
                try:
                    raw.recv(1, socket.MSG_PEEK)  # waits, so that each piece is read alone
                    break
                except TimeoutError:
                    raw.sendall(b': ' + b'y' * 500 + b'\r\nX')
            raw.settimeout(PATIENCE)
            self.assertIn(b'431', raw.recv(1000))

    def test_heads_of_chunks(self):
        """One that does not end; and the connection is closed before all of it was taken."""
        with socket.create_connection(('127.0.0.1', self.service.port)) as raw:
            raw.settimeout(PATIENCE)
            raw.sendall(b'POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n5;extension=')
            try:
                for _ in range(1000):
                    raw.sendall(b'y' * 100_000)
            except ConnectionError:
                return
            self.fail('100 MB of a head were taken')


class Times(unittest.TestCase):
    """Each limit where the other is an hour: whichever closes the connection is the one."""

    def check_closed(self, read_seconds, idle_seconds, *sent):
        service = Service(PROGRAM, f'[server]\nlisten = "127.0.0.1:0"\nread_seconds = {read_seconds}\n'
                          f'idle_seconds = {idle_seconds}\n')
        for text in sent:
            with self.subTest(text), socket.create_connection(('127.0.0.1', service.port)) as raw:
                raw.settimeout(PATIENCE)
                raw.sendall(text)
                self.assertEqual(raw.recv(1000), b'')
        self.assertEqual(service.stop(), 0)

    def test_slow_clients_are_dropped(self):
        self.check_closed(1, 3600, b'GET /livez HTT', b'POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\nabc')

    def test_idle_connections_are_closed(self):
        self.check_closed(3600, 1, b'', b'\r', b'\r\n')


class Connections(ServiceTest):
    settings = '[server]\nlisten = "127.0.0.1:0"\nmax_connections = 4\n'

    def answered(self):
        """A connection that the service has taken, and holds; None where it refuses."""
        connection = http.client.HTTPConnection('127.0.0.1', self.service.port, timeout=PATIENCE)
        try:
            self.assertEqual(self.service.request('GET', '/livez', connection=connection).status, 200)
            return connection
        except (ConnectionError, http.client.HTTPException):
            connection.close()
            return None

    def test_no_more_are_taken_when_they_come_at_once(self):
        raws = [socket.socket() for _ in range(100)]
        for raw in raws:
            raw.setblocking(False)
            raw.connect_ex(('127.0.0.1', self.service.port))
        taken = 0
        for raw in raws:
            raw.settimeout(PATIENCE)
            try:
                raw.sendall(b'GET /livez HTTP/1.1\r\nHost: x\r\n\r\n')
                taken += raw.recv(100).startswith(b'HTTP/1.1 200')
            except ConnectionError:
                pass
        for raw in raws:  # only now: each that is closed gives room
            raw.close()
        self.assertLessEqual(taken, 4)

    def test_more_are_refused_and_room_is_given_again(self):
        held = [self.answered() for _ in range(4)]
        self.assertNotIn(None, held)
        self.assertIsNone(self.answered())
        for connection in held:
            connection.close()
        self.assertIsNotNone(wait_until(self.answered))


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


class Settings(unittest.TestCase):
    def serve(self, settings, *arguments):
        config = pathlib.Path(tempfile.mkdtemp()) / 'vigil.toml'
        config.write_text(settings)
        return subprocess.run([PROGRAM, 'serve', '--config', str(config), '--check', *arguments], capture_output=True,
                              text=True, check=False, timeout=60)

    def test_mistakes_end_with_2_and_a_hint(self):
        run = self.serve('[server]\nlistn = "127.0.0.1:0"\n')
        self.assertEqual(run.returncode, 2)
        self.assertIn('vigil.toml:2:1', run.stderr)
        self.assertIn('did you mean `listen`?', run.stderr)
        self.assertEqual(self.serve('', '--listen', '0.0.0.0:8080').returncode, 2)

    def test_a_broken_file_ends_with_2_and_the_place(self):
        for settings, place in (('[server\n', '1:'), ('[server]\nlisten = \n', '2:'), ('[server]\ndeadline_ms = "2 s"\n', '2:'),
                                ('[server]\ndeadline_ms = -1\n', '2:'), ('[server]\nlisten = "x"\nlisten = "y"\n', '3:'),
                                ('[decisions]\nwhen_full = "wait"\n', '2:'), ('[[client]]\n[[client]]\n', 'vigil.toml:'),
                                ('\0\xff', '1:')):
            with self.subTest(settings):
                run = self.serve(settings)
                self.assertEqual(run.returncode, 2, run.stdout)
                self.assertIn('vigil.toml:' if place.startswith('vigil') else f'vigil.toml:{place}', run.stderr)
        run = subprocess.run([PROGRAM, 'serve', '--config', '/nowhere/vigil.toml'], capture_output=True, text=True, check=False,
                             timeout=60)
        self.assertEqual(run.returncode, 2)
        self.assertIn('/nowhere/vigil.toml', run.stderr)

    def test_good_ones_with_0(self):
        run = self.serve('')
        self.assertEqual((run.returncode, 'are of use' in run.stdout), (0, True))

    def test_help_has_examples(self):
        text = subprocess.run([PROGRAM, 'serve', '--help'], capture_output=True, text=True, check=True).stdout
        self.assertIn('vigil serve --config vigil.toml', text)


if __name__ == '__main__':
    unittest.main(argv=[sys.argv[0], *sys.argv[3:]], verbosity=1)
