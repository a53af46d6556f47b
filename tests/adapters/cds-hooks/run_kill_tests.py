#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Kills a service under load, again and again, and looks at its log:
run_kill_tests.py PROGRAM SOURCE_DIR [COUNT] [sqlite|postgres].

At each of COUNT random moments (default 200): kill -9 and start again; and at the end: every decision whose answer a client has
got is in the log, and the chain holds. How long each start takes until /readyz says 200 is told, and how many took more than
2 s, which none is to on a machine that has nothing else to do. With PostgreSQL the server is killed too, at every tenth
moment: it starts again from its own log."""
import http.client
import json
import pathlib
import random
import signal
import statistics
import subprocess
import sys
import tempfile
import threading
import time

from serve_support import PATIENCE, Service, example_call, wait_until

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[2] / 'support'))
from postgres_support import Postgres, find_server  # noqa: E402

PROGRAM, SOURCE = sys.argv[1], pathlib.Path(sys.argv[2])
COUNT = int(sys.argv[3]) if len(sys.argv) > 3 else 200
STORE = sys.argv[4] if len(sys.argv) > 4 else 'sqlite'
CONNECTIONS = 8


class Load(threading.Thread):
    """Sends calls, each with a trace id of its own, and remembers those that were answered."""

    def __init__(self, port, body, answered):
        super().__init__(daemon=True)
        self.port, self.body, self.answered, self.ends = port, body, answered, threading.Event()

    def run(self):
        connection = http.client.HTTPConnection('127.0.0.1', self.port, timeout=PATIENCE)
        try:
            while not self.ends.is_set():
                trace = f'{random.getrandbits(128):032x}'
                connection.request('POST', '/cds-services/vigil-order-sign', self.body,
                                   {'Content-Type': 'application/json', 'traceparent': f'00-{trace}-{"1" * 16}-01'})
                response = connection.getresponse()
                response.read()
                if response.status == 200:
                    self.answered.add(trace)
        except (OSError, http.client.HTTPException):
            pass
        finally:
            connection.close()


def log_rows(command, place):
    done = subprocess.run([PROGRAM, 'log', command, *place], capture_output=True, text=True, check=False)
    return done.returncode, done.stdout + done.stderr


def kill_again_and_again(folder, settings, answered, postgres):
    """How long each start took, in seconds."""
    starts, body = [], None
    for moment in range(COUNT):
        begin = time.monotonic()
        service = Service(PROGRAM, settings, folder=folder)
        if not wait_until(lambda started=service: started.request('GET', '/readyz').status == 200):
            raise AssertionError('the service is not ready after it was killed')
        starts.append(time.monotonic() - begin)
        if body is None:
            body = json.dumps(example_call(service, SOURCE / 'examples' / 'patients' / 'ibuprofen-on-warfarin.json',
                                           'order-sign'))
        threads = [Load(service.port, body, answered) for _ in range(CONNECTIONS)]
        for thread in threads:
            thread.start()
        time.sleep(random.uniform(0.02, 0.4))
        if postgres is not None and moment % 10 == 9:
            postgres.stop('immediate')
        service.process.send_signal(signal.SIGKILL)
        service.process.wait()
        for thread in threads:
            thread.ends.set()
            thread.join()
        if postgres is not None and moment % 10 == 9:
            postgres.start()
    return starts


def main():
    folder = pathlib.Path(tempfile.mkdtemp(prefix='vigil-kill-'))
    rules = folder / 'r.vigil'
    rules.write_text("library R\nusing FHIR version '4.0.1'\ncontext Patient\nrule \"R\"\n  on 'order-sign'\n"
                     "  for ordered [MedicationRequest] M\n  alert 'ordered'\n")
    if STORE == 'postgres' and find_server() is None:
        print('skipped: no PostgreSQL server that this user may start')
        return 0
    postgres = Postgres() if STORE == 'postgres' else None
    try:
        if postgres is not None:
            place = [postgres.url, '--instance', 'killed']
            decisions = f'database = "{postgres.url}"\ninstance = "killed"'
        else:
            place = [str(folder / 'decisions.db')]
            decisions = 'file = "decisions.db"'
        settings = (f'[server]\nlisten = "127.0.0.1:0"\n[decisions]\n{decisions}\n[[pack]]\nid = "vigil"\n'
                    'rules = ["r.vigil"]\n')
        random.seed(1)
        answered = set()
        starts = kill_again_and_again(folder, settings, answered, postgres)
        holds, verified = log_rows('verify', place)
        print(verified, end='')
        shown, rows = log_rows('show', place)
    finally:
        if postgres is not None:
            postgres.close()
    recorded = {json.loads(line)['request'] for line in rows.splitlines()} if shown == 0 else set()
    missing = answered - recorded
    print(f'{STORE}: {COUNT} kills, {len(answered)} answers, {len(recorded)} decisions, {len(missing)} missing')
    print(f'{STORE}: from start to ready: median {statistics.median(starts):.2f} s, slowest {max(starts):.2f} s, '
          f'{sum(taken > 2 for taken in starts)} of {len(starts)} over 2 s')
    return 1 if holds != 0 or missing or not answered else 0


if __name__ == '__main__':
    sys.exit(main())
