#!/usr/bin/env python3
"""The house rules that a machine can judge: who may include what, how long a file or a function may be, whether every path that the
documents name exists, and clang-format. Usage: tidy.py ROOT. Prints one line per fault; exit 1 when there is any."""

import pathlib
import re
import shutil
import subprocess
import sys

MAX_FILE_LINES = 300
MAX_FUNCTION_LINES = 70

# folder under host/: the folders it may know
MAY_KNOW = {
    "base": set(),
    "expr": {"base"},
    "workflow": {"base", "expr"},
    "engine": {"base", "expr", "workflow"},
    "store": {"base", "expr", "workflow", "engine"},
    "outbound": {"base"},
    "secrets": {"base"},
    "wire": set(),
    "plugin": {"base", "expr", "workflow", "engine", "outbound", "secrets", "wire"},
    "child": {"base", "plugin", "wire"},
    "hooks": {"base", "expr", "workflow", "engine", "outbound"},
    "schedules": {"base", "expr", "workflow", "engine"},
    "api": {"base", "expr", "workflow", "engine"},
}
MAY_KNOW["app"] = set(MAY_KNOW) - {"wire", "child"} | {"cli"}
MAY_KNOW["cli"] = {"base", "expr", "workflow"}
FOLDERS = set(MAY_KNOW)

# what an include begins with: the folders under host/ that may have it
LIBRARIES = {
    "Poco/Net": {"api"},
    "Poco/Data": {"store"},
    "sqlite3": {"store"},
    "libpq-fe": {"store"},
    "boost/dll": {"plugin"},
    "dlfcn": {"plugin"},
    "seccomp": {"child"},
    "yaml-cpp": {"app"},
    "spdlog": {"base"},
    "valijson": {"base"},
    "re2": {"base", "expr"},
    "absl": {"base"},
    "curl": {"outbound"},
    "boost/beast": {"api"},
}
FORBIDDEN_NAMES = re.compile(r"(?:^|_)(manager|helper|util|utils|data|common|misc)\.(h|hpp|cpp)$", re.IGNORECASE)
INCLUDE = re.compile(r'^\s*#\s*include\s+[<"]([^>"]+)[>"]', re.MULTILINE)
# The build farm's own hosts never appear in a file; Debian's and npm's packages are named by name alone.
PACKAGE_HOST = re.compile(r"https?://[\w.-]*(deb\.debian\.org|registry\.npmjs\.org|artifactory|nexus)", re.IGNORECASE)


def lines_of(path):
    return path.read_text(encoding="utf-8", errors="replace").split("\n")


def sources(root, folders):
    for folder in folders:
        for path in sorted((root / folder).rglob("*")):
            if path.suffix in {".cpp", ".h", ".hpp", ".c"} and path.is_file():
                yield path


def check_includes(root, faults):
    for path in sources(root, ["host"]):
        parts = path.relative_to(root / "host").parts
        if len(parts) < 2:
            continue  # main.cpp knows app
        folder = parts[0]
        for include in INCLUDE.findall(path.read_text(encoding="utf-8", errors="replace")):
            other = include.split("/")[0]
            if other in FOLDERS and other != folder and other not in MAY_KNOW.get(folder, set()):
                faults.append(f"{path.relative_to(root)}: {folder} may not include {include}")
            for library, allowed in LIBRARIES.items():
                if include.startswith(library) and folder not in allowed:
                    faults.append(f"{path.relative_to(root)}: only {', '.join(sorted(allowed))} may include {include}")


def without_text(line):
    """The line without string and character literals and comments, so that braces in them do not count."""
    line = re.sub(r'"(\\.|[^"\\])*"', '""', line)
    line = re.sub(r"'(\\.|[^'\\])'", "''", line)
    return line.split("//")[0]


def check_lengths(root, faults):
    for path in sources(root, ["host", "sdk", "plugins", "bench"]):
        name = path.relative_to(root)
        lines = lines_of(path)
        if len(lines) - 1 > MAX_FILE_LINES:
            faults.append(f"{name}: {len(lines) - 1} lines; at most {MAX_FILE_LINES}")
        if FORBIDDEN_NAMES.search(path.name):
            faults.append(f"{name}: a name that says nothing")
        for start, length, what in functions(lines):
            if length > MAX_FUNCTION_LINES:
                faults.append(f"{name}:{start}: {what} has {length} lines; at most {MAX_FUNCTION_LINES}")


def functions(lines):
    """(first line, length, text) of every function body: a brace that opens on a line with ')' outside of any other function."""
    depth = 0
    open_at = None
    raw = False
    for number, line in enumerate(lines, 1):
        if raw or re.search(r'\bR"\w*\(', line):  # raw strings hold braces of their own
            raw = ')"' not in line and ')json"' not in line and ')sql"' not in line if not raw else not re.search(r'\)\w*"', line)
            continue
        code = without_text(line)
        for char in code:
            if char == "{":
                is_body = re.search(r"\)\s*(const|noexcept|override|final|mutable|->\s*[\w:<>*& ]+|\s)*(:.*)?\{", code) is not None
                if open_at is None and is_body and not re.match(r"\s*(if|for|while|switch|else|do)\b", code):
                    open_at = (number, depth, line.strip())
                depth += 1
            elif char == "}":
                depth -= 1
                if open_at is not None and depth == open_at[1]:
                    yield open_at[0], number - open_at[0] + 1, open_at[2]
                    open_at = None


def check_documents(root, faults):
    documents = [root / "README.md", root / "CHANGELOG.md", *sorted((root / "docs").rglob("*.md"))]
    known = {p.name for p in root.iterdir()}
    for document in documents:
        if not document.exists():
            continue
        in_code = False
        for number, line in enumerate(lines_of(document), 1):
            if line.startswith("```"):
                in_code = not in_code
            for text in re.findall(r"`([^`\s]+)`|\]\(([^)\s#]+)", line):
                name = (text[0] or text[1]).rstrip("/").removeprefix("./")
                first = name.split("/")[0]
                inside = text[1] != "" and not re.match(r"[a-z]+:", name) and not in_code
                is_path = re.fullmatch(r"[\w.\-/]+", name) and "/" in name and first in known and first != "build"
                if inside and not (document.parent / name).exists() and not (root / name).exists():
                    faults.append(f"{document.relative_to(root)}:{number}: {name} does not exist")
                elif is_path and text[0] != "" and not (root / name).exists():
                    faults.append(f"{document.relative_to(root)}:{number}: {name} does not exist")


def check_hosts(root, faults):
    for path in sorted(root.rglob("*")):
        parts = path.relative_to(root).parts
        if parts[0] in {"build", ".git", ".state"} or not path.is_file() or path.name == "tidy.py" or path.stat().st_size > 1 << 20:
            continue
        if PACKAGE_HOST.search(path.read_text(encoding="utf-8", errors="replace")):
            faults.append(f"{'/'.join(parts)}: names a package host")


def check_format(root, faults):
    program = shutil.which("clang-format-14") or shutil.which("clang-format")
    if program is None:
        print("clang-format is not installed: formatting is not checked")
        return
    files = [str(p) for p in sources(root, ["host", "sdk", "plugins", "bench", "tests"]) if p.suffix != ".c"]
    if not files:
        return
    result = subprocess.run([program, "--dry-run", "-Werror", "--ferror-limit=1", *files], capture_output=True, text=True, check=False)
    for line in result.stderr.splitlines():
        if "error:" in line:
            faults.append(line.replace(str(root) + "/", "") + " (./dev fmt mends it)")


def check_all(root, with_format=True):
    faults = []
    check_includes(root, faults)
    check_lengths(root, faults)
    check_documents(root, faults)
    check_hosts(root, faults)
    if with_format:
        check_format(root, faults)
    return faults


def main():
    root = pathlib.Path(sys.argv[1]).resolve()
    faults = check_all(root)
    for fault in faults:
        print(fault)
    print(f"{len(faults)} faults")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
