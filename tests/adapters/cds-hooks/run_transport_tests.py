#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Runs `vigil serve` as clients of all kinds reach it, its limits and its settings: run_transport_tests.py PROGRAM SOURCE_DIR."""
import http.client
import pathlib
import socket
import subprocess
import sys
import tempfile
import unittest

from serve_support import PATIENCE, Service, ServiceTest, wait_until

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

    def test_a_hook_that_no_service_answers_is_refused(self):
        for line, named in (('order-review = "order-sing"', 'order-sing'), ('order-sign = "order-select"', 'order-select')):
            with self.subTest(line):
                run = self.serve(f'[hooks]\n{line}\n')
                self.assertEqual(run.returncode, 2, run.stdout)
                self.assertIn('vigil.toml:2:1', run.stderr)
                self.assertIn(f'by the rules of `{named}`', run.stderr)
        self.assertEqual(self.serve('[hooks]\norder-review = "order-sign"\n').returncode, 0)
        run = self.serve('[prefetch]\nnot_held = ["MedicationStatment"]\n')
        self.assertEqual(run.returncode, 2, run.stdout)
        self.assertIn('vigil.toml:2:1', run.stderr)
        self.assertIn('no rule reads that', run.stderr)
        self.assertEqual(self.serve('[prefetch]\nnot_held = ["MedicationStatement"]\n').returncode, 0)
        # Packs that come later may have it, and one that lacks it is not to keep the service from starting.
        run = self.serve('[hooks]\norder-review = "order-sing"\n[activation]\nfolder = "packs"\n[trust]\nunsigned = true\n')
        self.assertEqual(run.returncode, 0, run.stderr)
        self.assertIn('warning', run.stderr)

    def test_help_has_examples(self):
        text = subprocess.run([PROGRAM, 'serve', '--help'], capture_output=True, text=True, check=True).stdout
        self.assertIn('vigil serve --config vigil.toml', text)


if __name__ == '__main__':
    unittest.main(argv=[sys.argv[0], *sys.argv[3:]], verbosity=1)
