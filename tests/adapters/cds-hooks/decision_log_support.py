# SPDX-License-Identifier: Apache-2.0
"""A service with a decision log, and `vigil log` on what it wrote; for tests run as NAME PROGRAM SOURCE_DIR."""
import os
import pathlib
import subprocess
import sys
import tempfile

PROGRAM, SOURCE = sys.argv[1], pathlib.Path(sys.argv[2])


def new_folder():
    return pathlib.Path(tempfile.mkdtemp(prefix='vigil-log-'))


def settings_of(more='', server=''):
    return f'[server]\nlisten = "127.0.0.1:0"\n{server}\n[decisions]\nfile = "decisions.db"\npatience_ms = 60000\n{more}\n'


def log(command, folder, *arguments, key=None):
    environment = {**os.environ, **({'VIGIL_LOG_KEY': key} if key else {})}
    return subprocess.run([PROGRAM, 'log', command, str(folder / 'decisions.db'), *arguments], capture_output=True,
                          text=True, check=False, env=environment, timeout=120)


def answer_card(service, hook, card, outcome='overridden'):
    body = {'feedback': [{'card': card['uuid'], 'outcome': outcome, 'outcomeTimestamp': '2026-11-22T09:30:00Z',
                          'overrideReason': {'reason': {'code': 'c', 'system': 's'}, 'userComment': 'CANARY-COMMENT'}}]}
    return service.request('POST', f'/cds-services/vigil-{hook}/feedback', body)
