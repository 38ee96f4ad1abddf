"""Every output format of `check`, over a small project with awkward names, against judges that are
not ours: the official SARIF schema, GitHub's hash written again, json and ElementTree.

    formats_test.py BINARY, run by the Python of build/test-tools"""

import json
import pathlib
import re
import subprocess
import sys
import tempfile
import unittest
import urllib.parse
import xml.etree.ElementTree

import jsonschema

BINARY = str(pathlib.Path(sys.argv.pop(1)).resolve())
ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
SHOP = ROOT / "fixtures" / "real" / "shop"
SCHEMA = ROOT / "build" / "test-tools" / "sarif-2.1.0.json"
SCRATCH = tempfile.TemporaryDirectory()
FORMATS = ("full", "concise", "grouped", "json", "json-lines", "sarif", "github", "gitlab", "rdjson", "junit",
           "markdown")

AWKWARD = {
    "pyproject.toml": "",
    "shop/__init__.py": "",
    "shop/cart.py": "class Cart: ...\r\n",
    "my shop/100%.py": "from shop.cart import Basket, Trolley\nfrom shop.cart import Basket, Trolley\n",
    "till.py": 'x = "🛒é"; from shop.cart import Basket  # wanted: a,b\n',
}


def line_hashes(data: bytes) -> list[str]:
    """GitHub's primaryLocationLineHash of each line, as its upload action computes it."""
    mask, window, starts = (1 << 64) - 1, [0] * 100, [0] * 100
    first = pow(37, 100, 1 << 64)
    state = {"hash": 0, "at": 0, "line": 0}
    seen: dict[int, int] = {}
    found: dict[int, str] = {}

    def output():
        if starts[state["at"]]:
            seen[state["hash"]] = seen.get(state["hash"], 0) + 1
            found[starts[state["at"]]] = f"{state['hash']:x}:{seen[state['hash']]}"
            starts[state["at"]] = 0

    def roll(unit):
        at = state["at"]
        state["hash"] = (37 * state["hash"] + unit - first * window[at]) & mask
        window[at], state["at"] = unit, (at + 1) % 100

    text = re.sub("\r\n?", "\n", data.decode("utf-8", "replace"))
    encoded = re.sub("[ \t]", "", text).encode("utf-16-le", "surrogatepass")
    units = [int.from_bytes(encoded[i:i + 2], "little") for i in range(0, len(encoded), 2)]
    start = True
    for unit in units + [65535]:
        output()
        if start:
            state["line"] += 1
            starts[state["at"]] = state["line"]
        start = unit == 10
        roll(unit)
    for _ in range(100):
        output()
        roll(0)
    return [found[n] for n in sorted(found)]


class Project:
    def __init__(self, files: dict[str, str], below: str = ""):
        self.top = pathlib.Path(tempfile.mkdtemp(dir=SCRATCH.name))
        self.root = self.top / below
        for name, content in files.items():
            path = self.root / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content.encode())

    def check(self, *options: str, status: int = 1) -> str:
        done = subprocess.run([BINARY, "check", *options], cwd=self.root, stdout=subprocess.PIPE,
                              stderr=subprocess.PIPE, check=False)
        if done.returncode != status:
            raise AssertionError(f"status {done.returncode}: {done.stderr.decode()}")
        return done.stdout.decode()


def run_shop(form: str) -> str:
    return subprocess.run([BINARY, "check", "--output-format", form, str(SHOP)], cwd=SHOP, stdout=subprocess.PIPE,
                          stderr=subprocess.DEVNULL, check=False).stdout.decode()


def properties(command: str) -> dict[str, str]:
    head = command[2:].split("::", 1)[0].split(" ", 1)[1]
    return dict(item.split("=", 1) for item in head.split(","))


class Formats(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.project = Project(AWKWARD)
        cls.findings = json.loads(cls.project.check("--output-format", "json"))["findings"]

    def test_several_formats_in_one_run(self):
        files = [f"{form}={form}.out" for form in FORMATS]
        options = [word for file in files for word in ("--output-format", file)]
        self.assertEqual(self.project.check(*options), "")
        for form in FORMATS:
            file = self.project.root / f"{form}.out"
            if form != "json":  # it says how long the run took
                self.assertEqual(file.read_text(), self.project.check("--output-format", form), form)
            file.unlink()

    def test_sarif_is_valid_by_the_official_schema(self):
        schema = json.loads(SCHEMA.read_text())
        for text in (self.project.check("--output-format", "sarif"), run_shop("sarif")):
            log = json.loads(text)
            jsonschema.Draft7Validator(schema, format_checker=jsonschema.FormatChecker()).validate(log)
            self.assertGreater(len(log["runs"][0]["results"]), 4)

    def test_sarif_hashes_are_those_of_github(self):
        self.assertEqual(line_hashes(b"from a import b\nfrom a import b\r\n\timport \xc3\xa9\n")[:3],
                         ["8ec96da138b58131:1", "e7d10094d44068d1:1", "f7aaca1357c4bcf1:1"])
        for root, text in ((self.project.root, self.project.check("--output-format", "sarif")),
                           (ROOT, run_shop("sarif"))):
            for result in json.loads(text)["runs"][0]["results"]:
                place = result["locations"][0]["physicalLocation"]
                path = root / urllib.parse.unquote(place["artifactLocation"]["uri"])
                line = place["region"]["startLine"]
                self.assertEqual(result["partialFingerprints"]["primaryLocationLineHash"],
                                 line_hashes(path.read_bytes())[line - 1], f"{path}:{line}")

    def test_sarif_rules_have_pages_and_results_point_at_them(self):
        run = json.loads(run_shop("sarif"))["runs"][0]
        rules = run["tool"]["driver"]["rules"]
        for rule in rules:
            self.assertIn(f"# {rule['name']} ({rule['id']})", rule["help"]["markdown"])
            self.assertLessEqual(len(rule["shortDescription"]["text"]), 1024)
            self.assertLessEqual(len(rule["properties"]["tags"]), 10)
            self.assertNotIn("pycase", rule["help"]["markdown"])
        for result in run["results"]:
            self.assertEqual(rules[result["ruleIndex"]]["id"], result["ruleId"])
            region = result["locations"][0]["physicalLocation"]["region"]
            self.assertEqual(region["startLine"], region["endLine"])

    def test_sarif_cycles_and_chains_are_code_flows(self):
        flows = {}
        for result in json.loads(run_shop("sarif"))["runs"][0]["results"]:
            for flow in result.get("codeFlows", []):
                steps = [step["location"]["message"]["text"] for step in flow["threadFlows"][0]["locations"]]
                flows.setdefault(result["ruleId"], []).append(steps)
        self.assertIn(["`shop.models.customer` imports `shop.models.order` here",
                       "`shop.models.order` imports `shop.models.customer` here"], flows["DFG402"])
        self.assertEqual(flows["DFG401"][0][-1], "and this fails, in `shop.orders.invoice`")
        self.assertIn(["imported here", "re-exported here", "defined here"], flows["DFG101"])

    def test_sarif_links_lead_to_related_places(self):
        for result in json.loads(run_shop("sarif"))["runs"][0]["results"]:
            links = re.findall(r"(?<!\\)\]\((\d+)\)", result["message"]["text"])
            self.assertEqual([int(link) for link in links],
                             [place["id"] for place in result.get("relatedLocations", [])])

    def test_sarif_fixes_give_the_repaired_file(self):
        project = Project({**AWKWARD, "till.py": "from shop.cart import Carts\n"})
        result = next(r for r in json.loads(project.check("--output-format", "sarif"))["runs"][0]["results"]
                      if "till" in str(r["locations"]))
        replacement = result["fixes"][0]["artifactChanges"][0]["replacements"][0]
        region = replacement["deletedRegion"]
        line = "from shop.cart import Carts"
        self.assertEqual(line[:region["startColumn"] - 1] + replacement["insertedContent"]["text"] +
                         line[region["endColumn"] - 1:], "from shop.cart import Cart as Carts")

    def test_sarif_counts_what_is_beyond_the_limit(self):
        names = ", ".join(f"n{i}" for i in range(26000))
        many = Project({"pyproject.toml": "", "shop.py": "", "b.py": "from shop import Missing\n" * 1,
                        "a.py": f"from shop import {names}\n",
                        "z.toml": ""})
        many.root.joinpath("pydefrag.toml").write_text('[severity]\n"missing-symbol" = "warning"\n')
        run = json.loads(many.check("--output-format", "sarif", status=0))["runs"][0]
        self.assertEqual(len(run["results"]), 25000)
        notes = [n["message"]["text"] for n in run["invocations"][0]["toolExecutionNotifications"]]
        self.assertEqual(notes, ["1,001 findings left out: code scanning takes 25,000 a run"])

    def test_paths_are_those_of_the_repository(self):
        project = Project(AWKWARD, below="services/till")
        (project.top / ".git").mkdir()
        run = json.loads(project.check("--output-format", "sarif"))["runs"][0]
        uris = {r["locations"][0]["physicalLocation"]["artifactLocation"]["uri"] for r in run["results"]}
        self.assertEqual(uris, {"services/till/till.py", "services/till/my%20shop/100%25.py"})
        self.assertEqual(run["automationDetails"]["id"], "pydefrag/services/till/")
        paths = {e["location"]["path"] for e in json.loads(project.check("--output-format", "gitlab"))}
        self.assertEqual(paths, {"services/till/till.py", "services/till/my shop/100%.py"})

    def test_github_commands_escape_data_and_properties(self):
        commands = [line for line in self.project.check("--output-format", "github").splitlines()
                    if line.startswith("::")]
        self.assertEqual(len(commands), len(self.findings))
        files = {properties(command)["file"] for command in commands}
        self.assertEqual(files, {"till.py", "my shop/100%25.py"})
        for command in commands:
            self.assertRegex(command, r"^::error file=[^:,]+,line=\d+,endLine=\d+,col=\d+,endColumn=\d+,"
                                      r"title=[^:,]+::\S.*$")

    def test_github_shows_ten_of_a_level_and_counts_the_rest(self):
        names = ", ".join(f"n{i}" for i in range(25))
        many = Project({"pyproject.toml": "", "shop.py": "", "a.py": f"from shop import {names}\n"})
        lines = many.check("--output-format", "github").splitlines()
        self.assertEqual(sum(line.startswith("::error") for line in lines), 10)
        self.assertEqual(lines[-1], "15 more errors without an annotation: GitHub shows 10 a step")

    def test_gitlab_fingerprints_are_unique_and_survive_moved_lines(self):
        entries = json.loads(self.project.check("--output-format", "gitlab"))
        prints = [entry["fingerprint"] for entry in entries]
        self.assertEqual(len(set(prints)), len(self.findings))
        for entry in entries:
            self.assertIn(entry["severity"], ("info", "minor", "major", "critical", "blocker"))
            self.assertTrue(entry["description"].startswith(entry["check_name"] + ": "))
            self.assertGreater(entry["location"]["positions"]["begin"]["line"], 0)
        moved = Project({name: ("# a new line\n" + text if name.endswith(".py") else text)
                         for name, text in AWKWARD.items()})
        self.assertEqual([entry["fingerprint"] for entry in json.loads(moved.check("--output-format", "gitlab"))],
                         prints)

    def test_rdjson_columns_count_bytes(self):
        entries = json.loads(self.project.check("--output-format", "rdjson"))["diagnostics"]
        entry = next(entry for entry in entries if entry["location"]["path"] == "till.py")
        place = entry["location"]["range"]
        line = AWKWARD["till.py"].encode()
        self.assertEqual(line[place["start"]["column"] - 1:place["end"]["column"] - 1], b"Basket")
        self.assertEqual(entry["severity"], "ERROR")

    def test_columns_of_other_formats_count_characters(self):
        column = AWKWARD["till.py"].index("Basket") + 1
        self.assertIn(f"till.py:1:{column}: error[DFG202]", self.project.check("--output-format", "concise"))
        self.assertRegex(self.project.check("--output-format", "grouped"),
                         rf"(?m)^till\.py\n  1:{column} +error\[DFG202\] `shop.cart` does not define `Basket`$")

    def test_junit_counts_what_it_holds(self):
        for text in (self.project.check("--output-format", "junit"), run_shop("junit")):
            root = xml.etree.ElementTree.fromstring(text)
            for element in [root, *root.iter("testsuite")]:
                self.assertEqual(int(element.get("tests")), len(list(element.iter("testcase"))))
                self.assertEqual(int(element.get("failures")), len(list(element.iter("failure"))))
                self.assertEqual(int(element.get("skipped")), len(list(element.iter("skipped"))))
        self.assertEqual(len(list(root.iter("failure"))), 11)  # the shop has 11 errors

    def test_junit_of_a_clean_project_has_one_passing_test(self):
        clean = Project({"pyproject.toml": "", "shop.py": "X = 1\n"})
        root = xml.etree.ElementTree.fromstring(clean.check("--output-format", "junit", status=0))
        self.assertEqual((root.get("tests"), root.get("failures")), ("1", "0"))

    def test_junit_holds_any_text(self):
        odd = Project({"pyproject.toml": "", "shop.py": "", "a.py": "import importlib\nimport sho\x0cp\n",
                       "b<&\">.py": "from shop import Basket\n", "c\x01.py": "from shop import Basket\n"})
        root = xml.etree.ElementTree.fromstring(odd.check("--output-format", "junit"))
        self.assertIn('b<&">.py', {case.get("file") for case in root.iter("testcase")})

    def test_markdown_keeps_its_table(self):
        text = self.project.check("--output-format", "markdown")
        rows = [line for line in text.splitlines() if line.startswith("| error")]
        self.assertEqual(len(rows), 2)
        self.assertIn("| error | DFG202 missing-symbol | `shop.cart` does not define `Basket` | "
                      "`my shop/100%.py:1` and 2 more |", rows)
        self.assertEqual(run_shop("markdown").count("<details>"), run_shop("markdown").count("</details>"))


if __name__ == "__main__":
    unittest.main()
