#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Holds what operators are given to the program: check_deploy.py SOURCE_DIR. Metrics that dashboard and alert rules name
exist, the unit and the proxies are what their programs take. What needs a program that is absent is said to be skipped."""
import json
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

source = pathlib.Path(sys.argv[1])
deploy = source / 'examples' / 'deploy-the-service'
problems, skipped = [], []

made = set(re.findall(r'"(vigil_[a-z_]+)"', (source / 'adapters/cds-hooks/service/metrics.cpp').read_text()))
dashboard = json.loads((deploy / 'grafana-dashboard.json').read_text())
ids = [panel['id'] for panel in dashboard['panels']]
if len(set(ids)) != len(ids):
    problems.append('dashboard: two panels have one id')
named = {'dashboard': ' '.join(t['expr'] for p in dashboard['panels'] for t in p['targets']),
         'alert rules': (deploy / 'prometheus-alerts.yml').read_text()}
for where, text in named.items():
    for metric in sorted(set(re.findall(r'\bvigil_[a-z_]+', text))):
        if metric not in made:
            problems.append(f'{where}: there is no metric {metric}')
unseen = {m for m in made if not m.endswith(('_bucket', '_sum', '_count'))} - {'vigil_request_seconds', 'vigil_rule_outcomes_total',
                                                                              'vigil_decisions_last_number',
                                                                              'vigil_decisions_failures_total'}
for metric in sorted(unseen):
    if metric not in named['dashboard']:
        problems.append(f'dashboard: {metric} is not shown')


def run(program, *arguments):
    if not shutil.which(program):
        skipped.append(program)
        return
    done = subprocess.run([program, *arguments], capture_output=True, text=True, check=False)
    if done.returncode != 0:
        problems.append(f'{program}: {done.stdout}{done.stderr}')


run('promtool', 'check', 'rules', str(deploy / 'prometheus-alerts.yml'))
run('promtool', 'test', 'rules', str(source / 'tests/adapters/cds-hooks/prometheus_alerts_test.yml'))


def check_proxies(folder):
    """With a certificate of the moment, and no port, which may be taken or need rights."""
    made_pair = subprocess.run(['openssl', 'req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-days', '2', '-subj', '/CN=test',
                                '-keyout', folder / 'server.key', '-out', folder / 'server.pem'], capture_output=True, check=False)
    if made_pair.returncode != 0:
        problems.append(f'openssl: {made_pair.stderr.decode()}')
    (folder / 'server-with-key.pem').write_text((folder / 'server.pem').read_text() + (folder / 'server.key').read_text())

    def fitted(name):
        return (deploy / name).read_text().replace('/etc/vigil', str(folder)).replace('listen 443', f'listen unix:{folder}/nginx.sock')
    (folder / 'haproxy.cfg').write_text(fitted('haproxy.cfg'))
    (folder / 'site.conf').write_text(fitted('nginx.conf'))
    # nginx takes ours as a part of its `http`, as from /etc/nginx/conf.d.
    (folder / 'nginx.conf').write_text(f'pid {folder}/nginx.pid;\nerror_log stderr;\nevents {{}}\nhttp {{\n' + ''.join(
        f'{kind}_temp_path {folder}/{kind};\n' for kind in ('client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi')) +
        f'include {folder}/site.conf;\n}}\n')
    run('haproxy', '-c', '-f', str(folder / 'haproxy.cfg'))
    run('nginx', '-t', '-q', '-p', str(folder), '-c', str(folder / 'nginx.conf'))


if any(map(shutil.which, ('haproxy', 'nginx'))) and shutil.which('openssl'):
    with tempfile.TemporaryDirectory() as name:
        check_proxies(pathlib.Path(name))
else:
    skipped.append('haproxy, nginx')
run('man', '--warnings', '-l', str(source / 'docs/man/vigil-serve.1'))

unit = (deploy / 'vigil.service').read_text()
for setting in ('NoNewPrivileges=yes', 'ProtectSystem=strict', 'CapabilityBoundingSet=', 'MemoryDenyWriteExecute=yes'):
    if setting not in unit:
        problems.append(f'vigil.service: {setting} is missing')
manual = (source / 'docs/recipes/serve-cds-hooks.md').read_text()
for setting in set(re.findall(r'section\.take(?:_\w+)?(?:<[^>]*>)?\((?:section, )?"(\w+)"',
                              ''.join(p.read_text() for p in sorted((source / 'adapters/cds-hooks/config').glob('*.cpp'))))):
    if setting not in manual:
        problems.append(f'serve-cds-hooks.md: the setting `{setting}` is not explained')

print('\n'.join(problems) or f'{len(made)} metrics, all as told')
if skipped:
    print('skipped, not installed: ' + ', '.join(skipped))
sys.exit(1 if problems else 0)
