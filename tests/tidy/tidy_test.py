#!/usr/bin/env python3
"""Each rule of tidy.py broken once in a small tree of its own: a rule that finds nothing is no rule."""

import pathlib
import shutil
import tempfile
import unittest

import tidy


class TidyFindsEachCrime(unittest.TestCase):
    def setUp(self):
        self.root = pathlib.Path(tempfile.mkdtemp(prefix="orc-tidy-"))
        for folder in ["host/base", "host/api", "host/store", "docs", "plugins", "sdk", "bench"]:
            (self.root / folder).mkdir(parents=True)

    def tearDown(self):
        shutil.rmtree(self.root)

    def faults_with(self, name, text):
        path = self.root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
        return tidy.check_all(self.root, with_format=False)

    def test_a_clean_tree_has_no_fault(self):
        self.assertEqual(self.faults_with("host/base/a.cpp", '#include "base/a.h"\nint F() { return 1; }\n'), [])

    def test_a_folder_that_may_not_be_known(self):
        self.assertIn("may not include store/s.h", self.faults_with("host/api/a.cpp", '#include "store/s.h"\n')[0])

    def test_a_library_in_the_wrong_folder(self):
        self.assertIn("only store may include", self.faults_with("host/base/a.cpp", "#include <sqlite3.h>\n")[0])

    def test_a_long_file(self):
        self.assertIn("301 lines", self.faults_with("host/base/a.cpp", "\n" * 301)[0])

    def test_a_long_function(self):
        body = "int F() {\n" + "  G();\n" * 70 + "}\n"
        self.assertIn("has 72 lines", self.faults_with("host/base/a.cpp", body)[0])

    def test_a_long_method(self):
        body = "class A {\n  int F() const {\n" + "    G({1});\n" * 70 + "  }\n};\n"
        self.assertIn("has 72 lines", self.faults_with("host/base/a.h", body)[0])

    def test_a_name_that_says_nothing(self):
        self.assertIn("says nothing", self.faults_with("host/base/string_utils.h", "\n")[0])

    def test_a_path_that_does_not_exist(self):
        self.assertIn("does not exist", self.faults_with("docs/a.md", "see `host/nothing/here.cpp`\n")[0])

    def test_a_link_that_leads_nowhere(self):
        self.assertIn("does not exist", self.faults_with("README.md", "see [x](docs/none.md)\n")[0])

    def test_a_package_host(self):
        self.assertIn("package host", self.faults_with("dev", "curl https://deb." + "debian.org/debian\n")[0])


if __name__ == "__main__":
    unittest.main()
