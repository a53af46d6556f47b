# SPDX-License-Identifier: Apache-2.0
"""A PostgreSQL server of a test: in a folder of its own, on a UNIX socket, gone afterwards."""
import atexit
import os
import pathlib
import pwd
import shutil
import subprocess
import tempfile


def find_server():
    """The folder of its programs, newest version first; None where there is none that this user may start."""
    folders = sorted(pathlib.Path('/usr/lib/postgresql').glob('*/bin'), key=lambda path: float(path.parent.name))
    if not folders or not (folders[-1] / 'initdb').exists():
        return None
    if os.getuid() == 0:  # the server does not run as root
        try:
            pwd.getpwnam('postgres')
        except KeyError:
            return None
    return folders[-1]


class Postgres:
    """Started at once. `url` is the connection string; commits wait for the disk unless `fast`."""

    def __init__(self, fast=False, settings=''):
        self.programs = find_server()
        assert self.programs is not None
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix='vigil-postgres-', dir='/tmp'))  # a socket's path is short
        self.options = f"-k {self.folder} -h ''" + (' -c fsync=off ' if fast else ' ') + settings
        if os.getuid() == 0:
            shutil.chown(self.folder, 'postgres')
        atexit.register(self.close)  # also where a test ends before it comes to that
        self._run('initdb', '-D', self.folder / 'data', '-U', 'vigil', '--auth=trust')
        self.url = f'postgresql:///postgres?host={self.folder}&user=vigil'
        self.start()

    def _run(self, program, *arguments):
        command = [str(self.programs / program), *map(str, arguments)]
        if os.getuid() == 0:
            command = ['setpriv', '--reuid=postgres', '--regid=postgres', '--clear-groups', *command]
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, cwd='/tmp', timeout=120)

    def start(self):
        self._run('pg_ctl', '-D', self.folder / 'data', '-w', '-l', self.folder / 'server.log', '-o', self.options, 'start')

    def stop(self, mode='fast'):
        self._run('pg_ctl', '-D', self.folder / 'data', '-w', '-m', mode, 'stop')

    def psql(self, *arguments, database='postgres', user='vigil', **options):
        """Runs psql, quietly; what it writes."""
        done = subprocess.run([str(self.programs / 'psql'), '-h', str(self.folder), '-U', user, '-d', database, '-X', '-q', '-A', '-t',
                               '-v', 'ON_ERROR_STOP=1', *arguments], check=True, capture_output=True, text=True, timeout=120,
                              **options)
        return done.stdout.strip()

    def ask_password(self, user):
        """From now on this user must give a password."""
        rules = self.folder / 'data' / 'pg_hba.conf'
        rules.write_text(f'local all {user} scram-sha-256\n' + rules.read_text(encoding='utf-8'), encoding='utf-8')
        self._run('pg_ctl', '-D', self.folder / 'data', 'reload')

    def close(self):
        try:
            self.stop('immediate')
        except subprocess.SubprocessError:
            pass  # a test has stopped it
        shutil.rmtree(self.folder, ignore_errors=True)
