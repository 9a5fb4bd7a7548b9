#!/usr/bin/env python3
"""Writes the seeds of the fuzz targets: seeds.py SOURCE_DIR CORPUS_DIR. One file a seed, named by what is in it."""
import hashlib
import json
import pathlib
import sys

source, corpus = (pathlib.Path(argument) for argument in sys.argv[1:])


def write(target, seed):
    folder = corpus / target
    folder.mkdir(parents=True, exist_ok=True)
    (folder / hashlib.sha256(seed).hexdigest()[:20]).write_bytes(seed)


for name in ("cel-core.json", "cel-extended.json"):
    for sections in json.loads((source / "tests/data/cel" / name).read_text(encoding="utf-8")).values():
        for case in (case for section in sections for case in section["cases"]):
            text = case["expr"].encode()
            write("expr", b"e" + text)
            write("expr", b"d" + b"a {{ " + text + b" }} b")
