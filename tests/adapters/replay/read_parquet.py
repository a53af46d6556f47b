# SPDX-License-Identifier: Apache-2.0
"""Rows of a Parquet file: with pyarrow where it is installed, else through DuckDB's shared library."""
import ctypes
import json
import os
import pathlib
import tempfile


def find_duckdb():
    """libduckdb.so as VIGIL_DUCKDB, scripts/install-duckdb or the system has it; None: nowhere."""
    source = pathlib.Path(__file__).resolve().parents[3]
    for path in (os.environ.get('VIGIL_DUCKDB'), source / 'build/tools/duckdb/libduckdb.so', 'libduckdb.so'):
        try:
            if path is not None:
                ctypes.CDLL(str(path), mode=ctypes.RTLD_LOCAL)
                return path
        except OSError:
            pass
    return None


def read_parquet(library, path, columns):
    """Rows as tuples, in the order of the file."""
    try:
        import pyarrow.parquet
        table = pyarrow.parquet.read_table(path)
        assert table.column_names == columns
        return list(zip(*(table.column(name).to_pylist() for name in columns))) if table.num_rows else []
    except ImportError:
        return read_through_duckdb(library, path, columns)


def read_through_duckdb(library, path, columns):
    duckdb = ctypes.CDLL(str(library))
    duckdb.duckdb_result_error.restype = ctypes.c_char_p
    database, connection, result = ctypes.c_void_p(), ctypes.c_void_p(), (ctypes.c_void_p * 6)()
    assert duckdb.duckdb_open(None, ctypes.byref(database)) == 0
    assert duckdb.duckdb_connect(database, ctypes.byref(connection)) == 0
    with tempfile.TemporaryDirectory() as folder:
        sql = f"COPY (SELECT * FROM read_parquet('{path}')) TO '{folder}/rows.json' (FORMAT json)"
        if duckdb.duckdb_query(connection, sql.encode(), ctypes.byref(result)) != 0:
            raise RuntimeError(duckdb.duckdb_result_error(ctypes.byref(result)))
        with open(folder + '/rows.json') as file:
            rows = [json.loads(line) for line in file]
    duckdb.duckdb_destroy_result(ctypes.byref(result))
    duckdb.duckdb_disconnect(ctypes.byref(connection))
    duckdb.duckdb_close(ctypes.byref(database))
    assert all(list(row) == columns for row in rows)
    return [tuple(row.values()) for row in rows]
