#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Holds the house rules that a compiler does not: includes go one way and to rooms that DEPENDS names, third-party types
stay in their room, adapters see public headers only, nobody but the command line writes to stdout. Prints each breach;
exits 1 if there is one."""
import pathlib
import re
import sys

ROOMS = ['vigil', 'source', 'diagnostics', 'values', 'model', 'terminology', 'snapshot', 'ast', 'parser', 'formatting',
         'semantic', 'graph', 'program', 'evaluation', 'alerts', 'rulebook', 'testing']
ADAPTERS = ['json', 'crypto', 'knowledge', 'fhir', 'tables', 'omop', 'store', 'replay', 'decision-log', 'packs', 'cds-hooks', 'cli']
INCLUDE = re.compile(r'^\s*#\s*include\s*[<"]([^">]+)[">]', re.M)
ONLY_IN = {'antlr4': 'engine/src/parser', 'boost/graph': 'engine/src/graph'}

root = pathlib.Path(sys.argv[1])
problems = []


def sources(folder):
    base = root / folder
    return [p for p in sorted(base.rglob('*')) if p.suffix in ('.h', '.cpp', '.def', '.inc')] if base.exists() else []


def check_order(folder, order):
    for path in sources(folder):
        here = path.relative_to(root / folder).parts[0]
        if here not in order:
            continue
        for include in INCLUDE.findall(path.read_text(encoding='utf-8')):
            there = include.split('/')[0]
            if there in order and order.index(there) > order.index(here):
                problems.append(f'{path.relative_to(root)}: includes {include}, a later room')


def read_rooms():
    """Name to folder and to the rooms it depends on, of all vigil_room(NAME DEPENDS ... LIBRARIES ...)."""
    folders, depends = {}, {}
    for path in [*root.glob('engine/src/*/CMakeLists.txt'), *root.glob('adapters/**/CMakeLists.txt')]:
        if room := re.search(r'vigil_room\(([\w-]+)(?:\s+DEPENDS\s+([^)]*?))?(?:\s+LIBRARIES[^)]*)?\)', path.read_text()):
            folders[room[1]], depends[room[1]] = path.parent, (room[2] or '').split()
    depends['cds-hooks'] = [name for name in depends if name.startswith('cds-hooks-')]
    return folders, depends


def check_depends():
    """A room includes rooms that its DEPENDS names, and those that they depend on."""
    folders, depends = read_rooms()

    def reached(name, known):
        for other in depends.get(name, []):
            if other not in known:
                known.add(other)
                reached(other, known)
        return known

    for name, folder in folders.items():
        allowed = reached(name, {name})
        for path in [*folder.glob('*.h'), *folder.glob('*.cpp')]:
            for include in INCLUDE.findall(path.read_text(encoding='utf-8')):
                parts = include.split('/')
                there = f'cds-hooks-{parts[1]}' if parts[0] == 'cds-hooks' else parts[0]
                if there in folders and there not in allowed:
                    problems.append(f'{path.relative_to(root)}: includes {include}, which DEPENDS of {name} does not lead to')


check_order('engine/src', ROOMS)
check_order('adapters', ADAPTERS)
check_depends()

for path in sources('engine') + sources('adapters'):
    text = path.read_text(encoding='utf-8')
    where = str(path.relative_to(root))
    for include in INCLUDE.findall(text):
        for library, room in ONLY_IN.items():
            if include.startswith(library) and not where.startswith(room):
                problems.append(f'{where}: includes {include}, which belongs in {room}')
        if where.startswith('adapters') and include.split('/')[0] in ROOMS[1:] and include.split('/')[0] not in ADAPTERS:
            problems.append(f'{where}: includes {include}, which is inside the engine')
        if where.startswith('engine/include') and '/' in include and not include.startswith('vigil/'):
            problems.append(f'{where}: a public header shows {include}')
    code = re.sub(r'//[^\n]*', '', text)
    if not where.startswith('adapters/cli') and re.search(r'std::(cout|cerr|clog)|\bprintf\s*\(|\bputs\s*\(|\babort\s*\(|std::exit', code):
        problems.append(f'{where}: writes to a stream or ends the process')
    if where.startswith('engine') and re.search(r'system_clock|std::time\s*\(|setlocale|std::locale', code):
        problems.append(f'{where}: reads a clock or a locale')

graph = {}
for path in sources('engine') + sources('adapters'):
    graph[str(path.relative_to(root))] = INCLUDE.findall(path.read_text(encoding='utf-8'))


def resolve(include):
    for base in ('engine/src', 'engine/include', 'adapters'):
        if (root / base / include).exists():
            return f'{base}/{include}'
    return None


state = {}


def visit(node, path):
    state[node] = 1
    for include in graph.get(node, []):
        target = resolve(include)
        if target is None or target.endswith('.def'):
            continue
        if state.get(target) == 1:
            problems.append('include cycle: ' + ' -> '.join(path + [node, target]))
        elif target not in state:
            visit(target, path + [node])
    state[node] = 2


for node in list(graph):
    if node not in state:
        visit(node, [])

for problem in problems:
    print(problem)
print(f'{len(graph)} files, {len(problems)} problems')
sys.exit(1 if problems else 0)
