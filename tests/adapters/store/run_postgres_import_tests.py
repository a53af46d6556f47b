#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Imports OMOP tables from a PostgreSQL server of its own: run_postgres_import_tests.py VIGIL SOURCE_DIR. Stores are compared,
byte by byte, with those of the same tables as CSV; servers that refuse and break off; passwords are looked for everywhere.
Says so where no server is installed."""
import csv
import json
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile
import time
import unittest
import urllib.parse

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[2] / 'support'))
from postgres_support import Postgres, find_server  # noqa: E402

VIGIL, SOURCE = sys.argv[1], pathlib.Path(sys.argv[2]).resolve()
SHARED = pathlib.Path(os.environ.get('VIGIL_SHARED_DATA', SOURCE.parent / 'shared' / 'data')) / 'omop'
PASSWORD = 'se/cr@t:%41'
WAIT = 60  # seconds: for what takes a moment

# Texts that COPY and CSV write differently, times with and without zones, nulls and empty texts.
TABLES = {
    'concept': ('concept_id int, concept_name text, vocabulary_id text, concept_code text', [
        (1, 'Fever, "high"', 'SNOMED', '386661006'), (2, 'Köρper\\height', 'LOINC', '8302-2'), (3, 'local', 'Hospital', 'h\t1')]),
    'person': ('person_id bigint, gender_concept_id int, year_of_birth int, month_of_birth int, day_of_birth int,'
               ' birth_datetime timestamp, gender_source_value varchar(50)', [
                   (11, 8507, 1960, 3, 9, '1960-03-09 00:00:00', 'M'), (12, 8532, 1971, None, None, None, None),
                   (9007199254740993, 0, 1980, 1, 1, None, '')]),
    'death': ('person_id bigint, death_date date, death_datetime timestamptz', [(12, '2020-02-03', '2020-02-03 14:30:00+00')]),
    'condition_occurrence': (
        'condition_occurrence_id int, person_id bigint, condition_concept_id int, condition_start_date date,'
        ' condition_start_datetime timestamptz, condition_end_date date, condition_source_value text', [
            (1, 11, 1, '2019-05-06', '2019-05-06 13:05:07.25+00', None, 'line\nbreak\ttab \\N \\ "quoted"'),
            (2, 12, 0, '2019-05-07', None, '2019-06-01', 'x\r\ny'), (3, 12, 3, '0044-03-15', None, None, None),
            (4, None, 1, '2019-05-07', None, None, 'of nobody')]),
    'measurement': (
        'measurement_id bigint, person_id bigint, measurement_concept_id int, measurement_date date,'
        ' measurement_datetime timestamp, value_as_number numeric, range_low numeric, unit_source_value text', [
            (7, 11, 2, '2019-05-06', '2019-05-06 08:15:00', '180.50', '0.1', 'cm'), (8, 12, 2, '2019-05-06', None, 'NaN', None, ''),
            (9, 11, 2, '2019-05-06', None, '-12345678901234567890.123', None, 'cm')]),
    'note': ('note_id int, note_text text', [(1, 'not to be read')]),
}


def write_csv(folder):
    """The tables as psql's \\copy … csv header writes them: nulls empty, empty texts quoted."""
    folder.mkdir()
    for name, (columns, rows) in TABLES.items():
        with open(folder / f'{name}.csv', 'w', encoding='utf-8', newline='') as file:
            names = [column.split()[0] for column in columns.split(',')]
            csv.writer(file, lineterminator='\n').writerows([names, *(['' if v is None else v for v in row] for row in rows)])


def literal(value):
    return 'null' if value is None else "'" + str(value).replace("'", "''") + "'"


def run_import(source, store, *options, **environment):
    return subprocess.run([VIGIL, 'import', str(source), '--store', str(store), *options], capture_output=True, text=True,
                          check=False, env={**os.environ, **environment}, timeout=300)


def data_of(store):
    return {p.name: p.read_bytes() for p in sorted(store.iterdir()) if p.suffix in ('.data', '.index')}


def wait_for(holds, what):
    end = time.monotonic() + WAIT
    while not holds():
        assert time.monotonic() < end, what
        time.sleep(0.05)


class PostgresImport(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = pathlib.Path(tempfile.mkdtemp(prefix='vigil-import-'))
        cls.server = Postgres(fast=True, settings='-c autovacuum=off')
        sql = 'create schema cdm; create schema vocab; create role reader login password ' + literal(PASSWORD) + ';'
        for name, (columns, rows) in TABLES.items():
            schema = 'vocab' if name == 'concept' else 'cdm'
            table = f'{schema}."PERSON"' if name == 'person' else f'{schema}.{name}'
            sql += f'create table {table}({columns}); insert into {table} values '
            sql += ', '.join('(' + ', '.join(map(literal, row)) + ')' for row in rows) + ';'
        sql += 'grant usage on schema cdm, vocab to reader; grant select on all tables in schema cdm, vocab to reader;'
        cls.server.psql(input=sql)
        cls.server.ask_password('reader')
        cls.url = cls.server.url
        write_csv(cls.folder / 'csv')
        done = run_import(cls.folder / 'csv', cls.folder / 'of-csv')
        assert done.returncode == 0, done.stderr
        cls.expected = data_of(cls.folder / 'of-csv')

    @classmethod
    def tearDownClass(cls):
        cls.server.close()
        shutil.rmtree(cls.folder)

    def new_store(self):
        return pathlib.Path(tempfile.mkdtemp(dir=self.folder)) / 'store'

    def hold_back(self, schema, table):
        """A copy of the schema whose table is a view that a COPY gets only while no one holds advisory lock 1."""
        self.server.psql(input=f'''
            create schema {schema};
            create function {schema}.pause(id bigint) returns boolean language plpgsql volatile as $$ begin
              if current_query() like 'copy%' then perform pg_advisory_xact_lock_shared(1); end if; return true; end $$;
            create view {schema}.{table} as select * from cdm.{table} where {schema}.pause({table}_id);''')

    def hold_lock(self):
        """A session that holds advisory lock 1 until its input is closed."""
        session = subprocess.Popen([str(self.server.programs / 'psql'), '-h', str(self.server.folder), '-U', 'vigil', '-d',
                                    'postgres', '-X', '-q'], stdin=subprocess.PIPE, text=True)
        session.stdin.write('select pg_advisory_lock(1) \\g /dev/null\n')
        session.stdin.flush()
        wait_for(lambda: self.server.psql('-c', "select count(*) from pg_locks where locktype = 'advisory' and granted") == '1',
                 'the lock is held')
        return session

    def begin_import(self, store, *options):
        """An import that waits for advisory lock 1."""
        process = subprocess.Popen([VIGIL, 'import', self.url, '--store', str(store), *options], stdout=subprocess.PIPE,
                                   stderr=subprocess.PIPE, text=True)
        wait_for(lambda: self.server.psql('-c', 'select count(*) from pg_locks where not granted') != '0', 'the import waits')
        return process

    def test_the_store_is_that_of_the_tables_as_csv(self):
        by_path = self.url + '&options=' + urllib.parse.quote('-csearch_path=cdm,vocab')
        manifests = [json.loads((self.folder / 'of-csv' / 'manifest.json').read_text())]
        for address, options in ((self.url, ['--schema', 'cdm,vocab']), (by_path, ['--threads', '3'])):
            store = self.new_store()
            done = run_import(address, store, *options)
            self.assertEqual(done.returncode, 0, done.stderr)
            self.assertEqual(data_of(store), self.expected)
            self.assertIn('`note` is passed over', done.stderr)
            manifests.append(json.loads((store / 'manifest.json').read_text()))
            reject = json.loads((store / 'rejects.ndjson').read_text())
            self.assertEqual((reject['file'], reject['line'], reject['type']), ('condition_occurrence', 4, 'Condition'))
        of_csv, *others = manifests
        self.assertEqual(of_csv['totals']['Condition']['kept'], 3)
        for manifest in others:
            self.assertEqual(manifest['totals'], of_csv['totals'])
            self.assertEqual([s['digest'] for s in manifest['sources']], [s['digest'] for s in of_csv['sources']])

    def test_shared_tables_with_the_types_of_the_cdm(self):
        tables = SHARED / 'synthea27nj-5.4'
        if not tables.exists():
            self.skipTest('no shared data; set VIGIL_SHARED_DATA')
        types = {'datetime': 'timestamp', 'float': 'numeric'}
        columns = {}
        with open(SHARED / 'omop-OMOP_CDMv5.4_Field_Level.csv', encoding='utf-8', errors='replace') as file:
            for row in csv.DictReader(file):
                kind = row['cdmDatatype'].lower()
                kind = 'text' if kind.startswith('varchar') else types.get(kind, kind)
                columns.setdefault(row['cdmTableName'].lower(), {})[row['cdmFieldName'].lower()] = kind
        sql = 'create schema synthea; set search_path = synthea;\n'
        for path in sorted(tables.glob('*.csv')):
            name = path.stem.lower()
            if name not in TABLES and name not in ('visit_occurrence', 'drug_exposure', 'observation', 'procedure_occurrence'):
                continue
            with open(path, encoding='utf-8') as file:
                header = [column.lower() for column in next(csv.reader(file))]
            typed = ', '.join(f'"{column}" {columns[name].get(column, "text")}' for column in header)
            sql += f'create table {name}({typed});\n'
            sql += f"\\copy {name} from '{path}' csv header\n"
        self.server.psql(input=sql)
        stores = [self.new_store(), self.new_store()]
        for store, source, options in ((stores[0], tables, []), (stores[1], self.url, ['--schema', 'synthea'])):
            done = run_import(source, store, *options)
            self.assertEqual(done.returncode, 0, done.stderr)
        self.assertIn('28 patients', done.stdout)
        self.assertEqual(*map(data_of, stores))

    def test_a_password_is_nowhere(self):
        address = urllib.parse.quote(PASSWORD, safe='')
        good = f'postgresql://reader:{address}@/postgres?host={self.server.folder}'
        store = self.new_store()
        done = run_import(good, store, '--schema', 'cdm,vocab', '--progress')
        self.assertEqual(done.returncode, 0, done.stderr)
        outputs = [done.stdout + done.stderr] + [p.read_bytes().decode(errors='replace') for p in store.iterdir()]
        wrong = (f'postgresql://reader:{PASSWORD}@/postgres?host={self.server.folder}',  # not escaped
                 'postgresql://reader:se@cr@t@nowhere.invalid/postgres', 'postgresql://reader:secr@t@127.0.0.1:1/postgres',
                 f'postgresql://reader:secr%40t@/postgres?host={self.server.folder}',
                 f'postgresql://reader:secr%4@/postgres?host={self.server.folder}',
                 f'postgresql://reader:{address}@/nothing?host={self.server.folder}')
        for source in wrong:
            done = run_import(source, self.new_store())
            self.assertEqual(done.returncode, 2, source)
            self.assertIn('VGL1314', done.stderr)
            self.assertIn('hint', done.stderr)
            outputs.append(done.stdout + done.stderr)
        for output in outputs:
            for part in ('secr', 'cr@t', 'se/cr', '@t', address):
                self.assertNotIn(part, output)
        done = run_import(f'postgresql://reader@/postgres?host={self.server.folder}', self.new_store())
        self.assertIn('PGPASSWORD', done.stderr)
        done = run_import(f'postgresql://reader@/postgres?host={self.server.folder}', self.new_store(), '--schema', 'cdm,vocab',
                          PGPASSWORD=PASSWORD)
        self.assertEqual(done.returncode, 0, done.stderr)

    def test_what_is_missing_or_refused_is_told_with_a_remedy(self):
        self.server.psql(input='''create schema other; create role nobody login; create schema half;
            create table half.concept(concept_id int); create view half.person as select * from cdm."PERSON";
            create schema bare; create table bare.measurement(measurement_id int);''')
        refused = self.url.replace('user=vigil', 'user=nobody')
        cases = ((self.url, [], 'VGL1306', 'PERSON is in cdm, half'),
                 (self.url, ['--schema', 'cmd'], 'VGL1314', 'schemas with a table person: cdm, half'),
                 (self.url, ['--schema', 'half,cdm'], 'VGL1313', '`concept`'),
                 (self.url, ['--schema', 'bare,cdm,vocab'], 'VGL1313', '`measurement` has no column `person_id`'),
                 (refused, ['--schema', 'cdm'], 'VGL1314', 'grant usage on schema cdm'))
        for address, options, code, text in cases:
            store = self.new_store()
            done = run_import(address, store, *options)
            self.assertEqual(done.returncode, 2, done.stderr)
            self.assertIn(code, done.stderr)
            self.assertIn(text.lower(), done.stderr.lower())
            self.assertFalse((store / 'manifest.json').exists())
        self.server.psql(input='grant usage on schema cdm, vocab to nobody; grant select on vocab.concept, cdm."PERSON" to nobody')
        done = run_import(refused, self.new_store(), '--schema', 'cdm,vocab')
        self.assertEqual(done.returncode, 2)
        self.assertIn('condition_occurrence: the user may not read it (SQLSTATE 42501)', done.stderr)
        self.assertIn('grant select', done.stderr)

    def test_all_tables_are_of_one_instant(self):
        self.hold_back('held', 'measurement')
        store, session = self.new_store(), self.hold_lock()
        process = self.begin_import(store, '--schema', 'held,cdm,vocab', '--threads', '1')
        self.server.psql(input='delete from cdm.measurement; delete from cdm.condition_occurrence; delete from vocab.concept')
        session.communicate('')
        _, errors = process.communicate(timeout=WAIT)
        try:
            self.assertEqual(process.returncode, 0, errors)
            self.assertEqual(data_of(store), self.expected)
        finally:
            for name in ('measurement', 'condition_occurrence', 'concept'):
                table = ('vocab.' if name == 'concept' else 'cdm.') + name
                rows = ', '.join('(' + ', '.join(map(literal, row)) + ')' for row in TABLES[name][1])
                self.server.psql('-c', f'insert into {table} values {rows}')

    def test_a_server_that_breaks_off_leaves_no_store_and_the_import_goes_on(self):
        self.hold_back('broken', 'condition_occurrence')
        store, session = self.new_store(), self.hold_lock()
        options = ['--schema', 'broken,cdm,vocab', '--threads', '1']
        process = self.begin_import(store, *options)
        self.server.psql('-c', 'select pg_terminate_backend(pid) from pg_locks where not granted')
        _, errors = process.communicate(timeout=WAIT)
        self.assertEqual(process.returncode, 2)
        self.assertIn('condition_occurrence: the server ended the connection (SQLSTATE 57P01)', errors)
        self.assertIn('run the same import again', errors)
        self.assertFalse((store / 'manifest.json').exists())
        session.communicate('')
        done = run_import(self.url, store, *options)
        self.assertEqual((done.returncode, data_of(store)), (0, self.expected), done.stderr)

        store, session = self.new_store(), self.hold_lock()
        process = self.begin_import(store, *options)
        self.server.stop('immediate')
        _, errors = process.communicate(timeout=WAIT)
        session.communicate()
        self.assertEqual(process.returncode, 2)
        self.assertIn('the connection to the server broke', errors)
        self.server.start()
        self.server.psql('-c', 'create table cdm.written()')
        done = run_import(self.url, store, *options)
        self.assertEqual(done.returncode, 2)
        self.assertIn('VGL1308', done.stderr)
        done = run_import(self.url, store, *options, '--restart')
        self.assertEqual((done.returncode, data_of(store)), (0, self.expected), done.stderr)

    def test_memory_is_that_of_a_row(self):
        if os.environ.get('VIGIL_SANITIZED'):
            self.skipTest('built with sanitizers')
        sizes = []
        for count in (50_000, 200_000):
            self.server.psql(input=f'''create schema large{count};
                create table large{count}.measurement as select i as measurement_id, i / 10 as person_id,
                  2 as measurement_concept_id, date '2019-01-01' + (i % 900)::int as measurement_date, i as value_as_number
                  from generate_series(1, {count}) i;''')
            child = subprocess.Popen([VIGIL, 'import', self.url, '--schema', f'large{count},cdm,vocab', '--store',
                                      str(self.new_store()), '--memory', '8', '--threads', '1'], stdout=subprocess.DEVNULL)
            _, status, usage = os.wait4(child.pid, 0)
            child.returncode = os.waitstatus_to_exitcode(status)
            self.assertEqual(child.returncode, 0)
            sizes.append(usage.ru_maxrss / 1024)
        print(f'resident MB of 50,000 and 200,000 rows: {sizes}')
        self.assertLess(sizes[1] - sizes[0], 48)


if __name__ == '__main__':
    if find_server() is None:
        print('skipped: no PostgreSQL server that this user may start')
    else:
        unittest.main(argv=sys.argv[:1])
