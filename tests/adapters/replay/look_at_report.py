#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Opens a report in headless Chromium: it must draw without messages in the console, and fit on paper.

    look_at_report.py REPORT.html [SCREENSHOT.png]
"""
import pathlib
import shutil
import subprocess
import sys
import tempfile

browser = shutil.which('chromium') or shutil.which('chromium-browser') or shutil.which('google-chrome')
if browser is None:
    print('skipped: there is no chromium')
    sys.exit(0)
report = pathlib.Path(sys.argv[1]).resolve()
with tempfile.TemporaryDirectory() as folder:
    picture = pathlib.Path(sys.argv[2] if len(sys.argv) > 2 else folder + '/report.png')
    paper = pathlib.Path(folder) / 'report.pdf'
    common = [browser, '--headless', '--no-sandbox', '--disable-gpu', '--hide-scrollbars', f'--user-data-dir={folder}/profile',
              '--enable-logging=stderr', '--log-level=0']
    shot = subprocess.run([*common, '--window-size=920,3200', f'--screenshot={picture}', report.as_uri()],
                          capture_output=True, text=True, timeout=120)
    subprocess.run([*common, f'--print-to-pdf={paper}', report.as_uri()], capture_output=True, timeout=120)
    messages = [line for line in shot.stderr.splitlines() if 'CONSOLE' in line]
    problems = messages + [f'{path.name} is not there' for path in (picture, paper) if not path.exists() or path.stat().st_size < 10000]
for problem in problems:
    print(problem)
sys.exit(1 if problems else 0)
