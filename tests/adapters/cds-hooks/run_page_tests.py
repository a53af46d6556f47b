#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The page at `/` in a real browser: run_page_tests.py PROGRAM. Without Chromium what only a browser can show is skipped."""
import json
import re
import shutil
import subprocess
import sys
import tempfile
import unittest

from serve_support import Service

PROGRAM = sys.argv[1]
BROWSER = next((found for name in ('chromium', 'chromium-browser', 'google-chrome') if (found := shutil.which(name))), None)


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
        def shown(query):
            with tempfile.TemporaryDirectory() as profile:
                return subprocess.run(
                    [BROWSER, '--headless', '--no-sandbox', '--disable-gpu', f'--user-data-dir={profile}', '--dump-dom',
                     '--virtual-time-budget=8000', f'http://127.0.0.1:{self.service.port}/{query}'],
                    capture_output=True, text=True, check=True, timeout=90).stdout

        dom = shown('?hook=order-sign&example=ibuprofen-on-warfarin&send=1')
        self.assertIn('Ready.', dom)
        self.assertIn('class="card warning"', dom)
        self.assertRegex(dom, r'<h3>[^<]*warfarin')
        self.assertIn('No cards: every rule was checked', shown('?hook=order-sign&example=nothing-to-say&send=1'))


if __name__ == '__main__':
    unittest.main(argv=[sys.argv[0], *sys.argv[2:]], verbosity=1)
