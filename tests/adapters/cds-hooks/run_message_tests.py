#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Runs `vigil serve` as HTTP messages of all forms reach it: run_message_tests.py PROGRAM SOURCE_DIR."""
import socket
import sys
import time
import unittest

from serve_support import PATIENCE, ServiceTest, wait_until


class Pieces(ServiceTest):
    """Requests as networks and clients cut them."""
    settings = '[server]\nlisten = "127.0.0.1:0"\n[log]\nrequests = "all"\n'
    request = b'POST /cds-services/nothing HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n'

    def connected(self):
        raw = socket.create_connection(('127.0.0.1', self.service.port))
        raw.settimeout(PATIENCE)
        raw.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        return raw

    def statuses(self, raw, count):
        """Of so many answers that follow each other."""
        found = []
        with raw.makefile('rb') as stream:
            for _ in range(count):
                found.append(int(stream.readline().split()[1]))
                size = 0
                while (line := stream.readline()) != b'\r\n':
                    if line.lower().startswith(b'content-length:'):
                        size = int(line.split(b':')[1])
                stream.read(size)
        return found

    def test_several_requests_at_once(self):
        with self.connected() as raw:
            raw.sendall(b'GET /livez HTTP/1.1\r\nHost: x\r\n\r\n' * 3 + self.request + b'Content-Length: 2\r\n\r\n{}'
                        + b'GET /livez HTTP/1.1\r\nHost: x\r\n\r\n')
            self.assertEqual(self.statuses(raw, 5), [200, 200, 200, 404, 200])

    def test_byte_by_byte(self):
        chunked = self.request + b'Transfer-Encoding: chunked\r\n\r\n1\r\n{\r\n1;x=y\r\n}\r\n0\r\n\r\n'
        for text in (self.request + b'Content-Length: 2\r\n\r\n{}', chunked):
            with self.subTest(text), self.connected() as raw:
                for i in range(len(text)):
                    raw.sendall(text[i:i + 1])
                self.assertEqual(self.statuses(raw, 1), [404])

    def test_a_client_that_asks_before_it_sends(self):
        with self.connected() as raw:
            raw.sendall(self.request + b'Content-Length: 2\r\nExpect: 100-continue\r\n\r\n')
            self.assertEqual(raw.recv(1000), b'HTTP/1.1 100 Continue\r\n\r\n')
            raw.sendall(b'{}')
            self.assertEqual(self.statuses(raw, 1), [404])

    def test_a_client_of_1_0_that_asks_is_not_answered_early(self):
        with self.connected() as raw:
            raw.sendall(self.request.replace(b'1.1', b'1.0') + b'Content-Length: 2\r\nExpect: 100-continue\r\n\r\n{}')
            self.assertEqual(self.statuses(raw, 1), [404])

    def test_bodies_whose_end_is_not_known(self):
        """What follows such a head may be its body or another request: neither is looked at."""
        body = b'0\r\n\r\nGET /livez HTTP/1.1\r\nHost: x\r\n\r\n'
        for fields in (b'Transfer-Encoding: identity', b'Transfer-Encoding: xchunked', b'Transfer-Encoding:',
                       b'Transfer-Encoding: chunked, identity', b'Transfer-Encoding: gzip, chunked',
                       b'Transfer-Encoding: identity\r\nTransfer-Encoding: chunked',
                       b'Transfer-Encoding: identity\r\nContent-Length: 5', b'Content-Length: 5\r\nTransfer-Encoding: chunked',
                       b'Transfer-Encoding: chunked\r\nContent-Length: 5', b'Content-Length: 5\r\nContent-Length: 0'):
            with self.subTest(fields), self.connected() as raw:
                raw.sendall(self.request + fields + b'\r\n\r\n' + body)
                with raw.makefile('rb') as stream:
                    answer = stream.read()
                self.assertEqual((answer[9:12], answer.count(b'HTTP/1.1 ')), (b'400', 1))
        with self.connected() as raw:
            raw.sendall(self.request.replace(b'1.1', b'1.0') + b'Connection: keep-alive\r\nTransfer-Encoding: chunked\r\n\r\n'
                        + body)
            self.assertEqual(self.statuses(raw, 1), [400])

    def test_a_client_of_1_0_is_answered_by_the_end_of_the_connection(self):
        """It would wait for that: nothing tells it that the connection is kept."""
        with self.connected() as raw, raw.makefile('rb') as stream:
            raw.sendall(b'GET /livez HTTP/1.0\r\nConnection: keep-alive\r\n\r\n')
            self.assertIn(b'\r\nConnection: close\r\n', stream.read())

    def test_fields_behind_the_last_chunk_say_nothing(self):
        behind, before = '4bf92f3577b34da6a3ce929d0e0e4736', '0af7651916cd43dd8448eb211c80319c'
        trace = [f'traceparent: 00-{name}-00f067aa0ba902b7-01\r\n'.encode() for name in (behind, before)]
        with self.connected() as raw:
            raw.sendall(self.request + b'Transfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n' + trace[0] + b'\r\n'
                        + self.request + trace[1] + b'Content-Length: 2\r\n\r\n{}')
            self.assertEqual(self.statuses(raw, 2), [404, 404])
        self.assertTrue(wait_until(lambda: before in self.service.output()))
        self.assertNotIn(behind, self.service.output())

    def test_whose_it_is_must_be_said_once(self):
        for fields in (b'', b'Host: x\r\nHost: x\r\n', b'Host: x\r\nhost: y\r\n'):
            with self.subTest(fields), self.connected() as raw:
                raw.sendall(b'GET /livez HTTP/1.1\r\n' + fields + b'\r\n')
                self.assertEqual(self.statuses(raw, 1), [400])

    def test_whose_it_is_must_be_a_host(self):
        for host, status in ((b'cds.example.org:8443', 200), (b'[::1]:80', 200), (b'', 200), (b'x:', 200), (b'a/b', 400),
                             (b'x, y', 400), (b'user@x', 400), (b'x:y', 400), (b'[::1', 400), (b'[::1]x', 400), (b'[]', 400),
                             (b'h\xc3\xa9', 400)):
            with self.subTest(host), self.connected() as raw:
                raw.sendall(b'GET /livez HTTP/1.1\r\nHost: ' + host + b'\r\n\r\n')
                self.assertEqual(self.statuses(raw, 1), [status])

    def test_targets_with_a_host(self):
        """As they are sent to a proxy. The Host must be there all the same, and says nothing (RFC 9112, 3.2.2)."""
        for target, status in ((b'http://x/livez', 200), (b'HTTP://y.example:8080/livez?z', 200), (b'https://[::1]/livez', 200),
                               (b'http://x', 200), (b'http://x?y', 200), (b'http://x:/livez', 200), (b'http://[::1]:/livez', 200),
                               (b'http://:/livez', 400), (b'http://x/nothing', 404), (b'*', 404),
                               (b'/http://x/livez', 404), (b'http:///livez', 400), (b'http://user@x/livez', 400),
                               (b'http://x:y/livez', 400), (b'ftp://x/livez', 400), (b'livez', 400)):
            with self.subTest(target), self.connected() as raw:
                raw.sendall(b'GET ' + target + b' HTTP/1.1\r\nHost: x\r\n\r\n')
                self.assertEqual(self.statuses(raw, 1), [status])
        with self.connected() as raw:
            raw.sendall((self.request + b'Content-Length: 2\r\n\r\n{}').replace(b' /', b' http://x/', 1)
                        + b'GET http://x/livez HTTP/1.1\r\n\r\n')
            self.assertEqual(self.statuses(raw, 2), [404, 400])

    def test_empty_lines_before_a_request(self):
        """Clients of old sent one behind a body (RFC 9112, 2.2)."""
        get = b'GET /livez HTTP/1.1\r\nHost: x\r\n\r\n'
        with self.connected() as raw:
            raw.sendall(b'\r\n' + self.request + b'Content-Length: 2\r\n\r\n{}\r\n' + get + b'\r\n\r\n' + get)
            self.assertEqual(self.statuses(raw, 3), [404, 200, 200])
        with self.connected() as raw:
            for piece in (b'\r', b'\n', b'\r\n\r', b'\n' + get[:1], get[1:]):
                raw.sendall(piece)
                time.sleep(0.02)  # so that each is most often read alone
            self.assertEqual(self.statuses(raw, 1), [200])
        for start in (b'\n', b'\r', b'\r\r\n', b' \r\n'):  # these are no lines
            with self.subTest(start), self.connected() as raw:
                raw.sendall(start + get)
                self.assertEqual(self.statuses(raw, 1), [400])

    def test_empty_lines_have_an_end(self):
        """They count with the head they stand before."""
        with self.connected() as raw:
            raw.sendall(b'\r\n' * 20_000 + b'GET /livez HTTP/1.1\r\nHost: x\r\n\r\n')
            self.assertEqual(self.statuses(raw, 1), [431])

    def test_empty_lines_alone_are_no_request(self):
        for text in (b'\r\n', b'\r'):
            with self.subTest(text), self.connected() as raw:
                raw.sendall(text)
                raw.shutdown(socket.SHUT_WR)
                self.assertEqual(raw.recv(1000), b'')

    def test_ends_in_the_middle(self):
        for text in (b'GET /livez HT', self.request + b'Content-Length: 20\r\n\r\n{}'):
            with self.subTest(text), self.connected() as raw:
                raw.sendall(text)
                raw.shutdown(socket.SHUT_WR)
                self.assertEqual(self.statuses(raw, 1), [400])


if __name__ == '__main__':
    unittest.main(argv=[sys.argv[0], *sys.argv[3:]], verbosity=1)
