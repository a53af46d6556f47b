#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The page at `/`, and a page of another origin, in a real browser: run_page_tests.py PROGRAM SOURCE_DIR. Without
Chromium what only a browser can show is skipped."""
import functools
import http.server
import json
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile
import threading
import unittest

from activation_support import PROGRAM, PackCase, always
from serve_support import Service

BROWSER = next((found for name in ('chromium', 'chromium-browser', 'google-chrome') if (found := shutil.which(name))), None)


def shown(url):
    """The document at the address, when its scripts have run."""
    with tempfile.TemporaryDirectory() as profile:
        return subprocess.run(
            [BROWSER, '--headless', '--no-sandbox', '--disable-gpu', f'--user-data-dir={profile}', '--dump-dom',
             '--virtual-time-budget=8000', url], capture_output=True, text=True, check=True, timeout=90).stdout


class Page(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.service = Service(PROGRAM)

    @classmethod
    def tearDownClass(cls):
        assert cls.service.stop() == 0

    def test_its_parts_are_served_and_nothing_foreign_is_loaded(self):
        page = self.service.request('GET', '/')
        self.assertEqual((page.status, page.headers['Content-Type']), (200, 'text/html; charset=utf-8'))
        self.assertIn("default-src 'none'", page.headers['Content-Security-Policy'])
        for part in re.findall(r'(?:href|src)="([^"]+)"', page.text):
            self.assertTrue(part.startswith('/'), part)
            self.assertEqual(self.service.request('GET', part).status, 200, part)
        self.assertIn('lang="en"', page.text)
        for field in re.findall(r'<(?:select|textarea|input) id="(\w+)"', page.text):
            self.assertIn(f'<label for="{field}">', page.text)

    def test_what_is_active_is_told(self):
        status = json.loads(self.service.request('GET', '/page-status.json').text)
        self.assertTrue(status['ready'])
        rules = status['packs'][0]['rules']
        self.assertGreater(len(rules), 10)
        self.assertTrue(any(rule['cites'] or rule['evidence'] for rule in rules))
        names = [one['name'] for one in json.loads(self.service.request('GET', '/page-examples.json').text)]
        self.assertIn('ibuprofen-on-warfarin', names)

    def test_it_may_be_switched_off(self):
        service = Service(PROGRAM, '[server]\nlisten = "127.0.0.1:0"\npage = false\n')
        self.assertEqual(service.request('GET', '/').status, 404)
        self.assertEqual(service.stop(), 0)

    @unittest.skipUnless(BROWSER, 'no Chromium is installed')
    def test_a_browser_shows_cards(self):
        base = f'http://127.0.0.1:{self.service.port}/'
        dom = shown(base + '?hook=order-sign&example=ibuprofen-on-warfarin&send=1')
        self.assertIn('Ready.', dom)
        self.assertIn('class="card warning"', dom)
        self.assertRegex(dom, r'<h3>[^<]*warfarin')
        self.assertIn('No cards: every rule was checked', shown(base + '?hook=order-sign&example=nothing-to-say&send=1'))

    @unittest.skipUnless(BROWSER, 'no Chromium is installed')
    def test_the_form_makes_a_whole_call_of_each_service(self):
        base = f'http://127.0.0.1:{self.service.port}/'
        for service in self.service.services():
            with self.subTest(service['id']):
                dom = shown(base + f'?hook={service["hook"]}&example=ibuprofen-on-warfarin&send=1')
                self.assertIn('<p class="said">Status 200', dom)


class Candidates(PackCase):
    """What is on trial stands on the page: version, stage, on whom, and what a shadow would have said otherwise."""

    def status(self, service):
        return json.loads(service.request('GET', '/page-status.json').text)['candidates']

    def on_the_page(self, service):
        if not BROWSER:
            self.skipTest('no Chromium is installed')
        dom = shown(f'http://127.0.0.1:{service.port}/')
        self.assertRegex(dom, r'<section aria-labelledby="candidates-title">\s*<h2 id="candidates-title">')
        listed = re.search(r'<ul id="candidates">(.*?)</ul>', dom, re.S).group(1)
        return re.findall(r'<li>(.*?)</li>', listed)

    def test_a_shadow_and_its_disagreements(self):
        service = self.serve()
        self.assertEqual(self.status(service), [])
        self.tell(service, 'activate', self.two, '--stage', 'shadow')
        for _ in range(3):
            self.said(service)
        self.wait_for_shadow(service, 3)
        self.assertEqual([(one['version'], one['stage'], one['disagreements'], one['notComparable'])
                          for one in self.status(service)], [('1.1.0', 'shadow', 0, 0)])
        changed = self.pack('1.2.0', always('one', 'interruptive').replace('tier passive', 'tier interruptive'))
        self.tell(service, 'withdraw')
        self.tell(service, 'activate', changed, '--stage', 'shadow')
        for _ in range(3):
            self.said(service)
        self.wait_for_shadow(service, 6)
        self.assertEqual(self.status(service)[0]['disagreements'], 3)
        listed = self.on_the_page(service)
        self.assertEqual(len(listed), 1)
        self.assertIn('(vigil 1.2.0), shadow: ', listed[0])
        self.assertIn('3 disagreements with the active pack since the start', listed[0])

    def test_a_canary_its_share_and_clients(self):
        folder = pathlib.Path(tempfile.mkdtemp(dir=self.folder))
        (folder / 'keys.json').write_text('{"keys": []}')
        service = self.serve(folder, server='public_url = "https://cds.example.org"\n',
                             more='[[auth.issuer]]\nissuer = "https://ehr.example.org/"\nkeys_file = "keys.json"\n')
        self.tell(service, 'activate', self.two, '--stage', 'canary', '--share', '12.5', '--client', 'https://ehr.example.org/')
        (told,) = self.status(service)
        self.assertEqual((told['version'], told['stage'], told['sharePercent'], told['clients']),
                         ('1.1.0', 'canary', 12.5, ['https://ehr.example.org/']))
        (listed,) = self.on_the_page(service)
        self.assertIn('(vigil 1.1.0), canary: answers for 12.5 % of patients; answers for https://ehr.example.org/.', listed)

    def test_none(self):
        self.assertEqual(self.on_the_page(self.serve()), ['None.'])


class PageOfAnotherOrigin(unittest.TestCase):
    """A client in a browser, as the CDS Hooks sandbox is: discovery, a call and feedback, with the preflights a browser makes."""

    PAGE = """<!doctype html><title>EHR</title><p id="said">nothing yet</p><script type="module">
const base = new URLSearchParams(location.search).get('service');
const said = (text) => { document.getElementById('said').textContent = text; };
const post = (path, body) => fetch(base + path, {method: 'POST', body: JSON.stringify(body),
  headers: {'Content-Type': 'application/json'}});
try {
  const {services} = await (await fetch(base + '/cds-services')).json();
  const id = services.find((s) => s.hook === 'patient-view').id;
  const call = {hook: 'patient-view', hookInstance: crypto.randomUUID(), context: {userId: 'Practitioner/1', patientId: 'p'},
    prefetch: {patient: {resourceType: 'Patient', id: 'p', birthDate: '1950-01-01'}}};
  const {cards} = await (await post('/cds-services/' + id, call)).json();
  const told = await post('/cds-services/' + id + '/feedback', {feedback: [{card: cards[0].uuid, outcome: 'overridden',
    outcomeTimestamp: new Date().toISOString()}]});
  said(`card: ${cards[0].summary}; feedback: ${told.status}`);
} catch (error) { said(`refused: ${error.name}`); }
</script>"""
    RULES = ("library R\nusing FHIR version '4.0.1'\ncontext Patient\nrule \"R\"\n  on 'patient-view'\n  when true\n"
             "  tier passive\n  alert 'seen from another origin'\n")

    def said_to(self, allowed):
        """What the page shows where its own origin is allowed, or another."""
        with tempfile.TemporaryDirectory() as folder:
            pages = pathlib.Path(folder) / 'pages'
            pages.mkdir()
            (pages / 'ehr.html').write_text(self.PAGE, encoding='utf-8')
            (pathlib.Path(folder) / 'r.vigil').write_text(self.RULES, encoding='utf-8')
            handler = functools.partial(QuietFiles, directory=str(pages))
            with http.server.ThreadingHTTPServer(('127.0.0.1', 0), handler) as server:
                threading.Thread(target=server.serve_forever, daemon=True).start()
                origin = f'http://127.0.0.1:{server.server_address[1]}'
                service = Service(PROGRAM, f'[server]\nlisten = "127.0.0.1:0"\n[cors]\norigins = ["{allowed or origin}"]\n'
                                  '[[pack]]\nid = "vigil"\nrules = ["r.vigil"]\n', folder=folder)
                try:
                    dom = shown(f'{origin}/ehr.html?service=http://127.0.0.1:{service.port}')
                finally:
                    self.assertEqual(service.stop(), 0)
                    server.shutdown()
        return re.search(r'<p id="said">([^<]*)<', dom).group(1)

    @unittest.skipUnless(BROWSER, 'no Chromium is installed')
    def test_an_origin_of_the_list_is_answered(self):
        self.assertEqual(self.said_to(None), 'card: seen from another origin; feedback: 200')

    @unittest.skipUnless(BROWSER, 'no Chromium is installed')
    def test_the_browser_refuses_any_other(self):
        self.assertEqual(self.said_to('https://sandbox.cds-hooks.org'), 'refused: TypeError')


class QuietFiles(http.server.SimpleHTTPRequestHandler):
    def log_message(self, *_):
        pass


if __name__ == '__main__':
    unittest.main(argv=[sys.argv[0], *sys.argv[3:]], verbosity=1)
