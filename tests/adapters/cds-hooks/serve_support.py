# SPDX-License-Identifier: Apache-2.0
"""What tests of `vigil serve` share: the program on a free port, calls made of example patients, a FHIR server of ours."""
import atexit
import http.client
import http.server
import json
import os
import pathlib
import re
import resource
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
import unittest

# All temporary folders of a test program are below one, which goes when it ends.
tempfile.tempdir = tempfile.mkdtemp(prefix='vigil-test-')
atexit.register(shutil.rmtree, tempfile.tempdir, ignore_errors=True)

PATIENCE = 120  # seconds: longer than anything here takes on any machine; what is waited for longer does not come


def wait_until(condition, seconds=PATIENCE):
    """What the condition gives as soon as it holds; what it gives at last where it never does."""
    until = time.monotonic() + seconds
    while not (got := condition()) and time.monotonic() < until:
        time.sleep(0.02)
    return got


class Service:
    """`vigil serve` with settings of a test; its output goes to files, so that all of it can be looked through."""

    def __init__(self, program, settings='', arguments=(), folder=None, max_file=None, environment=None):
        self.folder = pathlib.Path(folder or tempfile.mkdtemp(prefix='vigil-serve-'))
        config = self.folder / 'vigil.toml'
        config.write_text(settings, encoding='utf-8')
        self.out_path, self.err_path = self.folder / 'out.txt', self.folder / 'err.txt'
        listen = () if 'listen' in settings else ('--listen', '127.0.0.1:0')
        with open(self.out_path, 'wb') as out, open(self.err_path, 'wb') as err:
            def limit():
                if max_file is not None:
                    resource.setrlimit(resource.RLIMIT_FSIZE, (max_file, max_file))
            self.process = subprocess.Popen([program, 'serve', '--config', str(config), *listen, *arguments], stdout=out,
                                            stderr=err, preexec_fn=limit, env={**os.environ, **(environment or {})})
        atexit.register(self.process.kill)  # also where a test fails before it stops its service
        self.port = self._wait_for_port()

    def _wait_for_port(self):
        def told():
            return re.search(r'listening on https?://\S+?:(\d+)/', self.out_path.read_text(encoding='utf-8'))
        wait_until(lambda: told() or self.process.poll() is not None)
        if found := told():
            return int(found.group(1))
        raise AssertionError(f'vigil serve did not start: {self.err_path.read_text()}')

    def request(self, method, path, body=None, headers=None, connection=None):
        used = connection or http.client.HTTPConnection('127.0.0.1', self.port, timeout=PATIENCE)
        given = {'Content-Type': 'application/json'} if body is not None else {}
        used.request(method, path, json.dumps(body).encode() if isinstance(body, (dict, list)) else body,
                     {**given, **(headers or {})})
        response = used.getresponse()
        response.text = response.read().decode()
        if connection is None:
            used.close()
        return response

    def services(self):
        return json.loads(self.request('GET', '/cds-services').text)['services']

    def call(self, body, headers=None):
        service = next(s for s in self.services() if s['hook'] == body['hook'])
        return self.request('POST', '/cds-services/' + service['id'], body, headers)

    def stop(self, how=signal.SIGTERM):
        if self.process.poll() is None:
            self.process.send_signal(how)
        status = self.process.wait(timeout=PATIENCE)
        told = self.err_path.read_text(encoding='utf-8')
        assert 'Sanitizer' not in told, told  # also where nobody asks how it ended
        return status

    def output(self):
        return self.out_path.read_text(encoding='utf-8') + self.err_path.read_text(encoding='utf-8')


def example_call(service, path, hook):
    """A call as an EHR would make it: drafts in the context, the rest as the service's templates ask for it."""
    resources = [entry['resource'] for entry in json.loads(pathlib.Path(path).read_text(encoding='utf-8'))['entry']]
    patient = next(r for r in resources if r['resourceType'] == 'Patient')
    drafts = [r for r in resources if r.get('status') == 'draft']
    templates = next(s for s in service.services() if s['hook'] == hook)['prefetch']
    prefetch = {}
    for key, template in templates.items():
        kind = re.match(r'\w+', template).group(0)
        found = [r for r in resources if r['resourceType'] == kind and r not in drafts]
        prefetch[key] = patient if kind == 'Patient' else bundle(found)
    context = {'userId': 'Practitioner/u1', 'patientId': patient['id']}
    if hook.startswith('order'):
        context['draftOrders'] = bundle(drafts)
    return {'hook': hook, 'hookInstance': 'd1577c69-dfbe-44ad-ba6d-3e05e953b2ea', 'context': context, 'prefetch': prefetch}


def bundle(resources):
    return {'resourceType': 'Bundle', 'type': 'searchset', 'entry': [{'resource': r} for r in resources]}


class FhirServer:
    """A FHIR server of a test: `answers` maps a resource type to a function of the handler."""

    def __init__(self, answers):
        self.requests = []
        outer = self

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = 'HTTP/1.1'

            def do_GET(self):
                outer.requests.append((self.path, self.headers.get('Authorization')))
                kind = re.match(r'/fhir/(\w+)', self.path)
                answer = answers.get(kind.group(1) if kind else '', answers.get('*'))
                try:
                    answer(self)
                except (BrokenPipeError, ConnectionResetError):
                    pass

            def send(self, body, status=200, headers=()):
                data = body if isinstance(body, bytes) else json.dumps(body).encode()
                self.send_response(status)
                for name, value in headers:
                    self.send_header(name, value)
                self.send_header('Content-Length', str(len(data)))
                self.end_headers()
                self.wfile.write(data)

            def log_message(self, *_):
                pass

        class Server(http.server.ThreadingHTTPServer):
            daemon_threads = True
            request_queue_size = 128  # by default 5: of eight queries at once some would try again after a second

        self.server = Server(('127.0.0.1', 0), Handler)
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        self.base = f'http://127.0.0.1:{self.server.server_address[1]}/fhir'

    def close(self):
        self.server.shutdown()
        self.server.server_close()


def shared_data():
    """The folder of published requests, or None where it is absent."""
    root = pathlib.Path(os.environ.get('VIGIL_SHARED_DATA', pathlib.Path(__file__).parents[3].parent / 'shared' / 'data'))
    return root / 'cds-hooks' if (root / 'cds-hooks').is_dir() else None


def cards_of(response):
    assert response.status == 200, (response.status, response.text)
    return json.loads(response.text)['cards']


def check_card(test, card):
    """What CDS Hooks 2.0.1 demands of every card."""
    test.assertLess(len(card['summary']), 140)
    test.assertIn(card['indicator'], ('info', 'warning', 'critical'))
    test.assertTrue(card['source']['label'])
    test.assertTrue(card['uuid'])
    test.assertEqual('suggestions' in card, 'selectionBehavior' in card)
    for suggestion in card.get('suggestions', []):
        test.assertTrue(suggestion['label'])
        for action in suggestion.get('actions', []):
            test.assertIn(action['type'], ('create', 'update', 'delete'))
            test.assertTrue(action['description'])
            test.assertIn('resourceId' if action['type'] == 'delete' else 'resource', action)
    for reason in card.get('overrideReasons', []):
        test.assertTrue(reason['code'] and reason['system'] and reason['display'])


class ServiceTest(unittest.TestCase):
    """Tests of one running service, with the settings of the class."""
    settings = ''

    @classmethod
    def setUpClass(cls):
        cls.service = Service(sys.argv[1], cls.settings)

    @classmethod
    def tearDownClass(cls):
        assert cls.service.stop() == 0
