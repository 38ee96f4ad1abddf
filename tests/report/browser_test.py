"""The HTML report in a real browser: python3 browser_test.py PYDEFRAG. Clicks through the page of
fixtures/real/shop, whose numbers are those of `check`."""

import json
import pathlib
import subprocess
import sys
import tempfile
import unittest

from webdriver import Browser

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
SHOP = ROOT / "fixtures" / "real" / "shop"
PARCELS = ROOT / "fixtures" / "real" / "parcels"  # with reports of three suites, and a plan
PYDEFRAG = sys.argv.pop(1)

# The contrast of every text in sight with what is behind it (WCAG 2), the worst first.
CONTRAST = """
const parse = (color) => (color.match(/[\\d.]+/g) || []).map(Number);
const light = ([r, g, b]) => [r, g, b].map((c) => (c /= 255) <= .04045 ? c / 12.92 :
    ((c + .055) / 1.055) ** 2.4).reduce((sum, c, i) => sum + c * [.2126, .7152, .0722][i], 0);
const behind = (element) => {
  const over = [];
  for (let at = element; at; at = at.parentElement) {
    const [r, g, b, a = 1] = parse(getComputedStyle(at).backgroundColor);
    over.push([r, g, b, a]);
    if (a === 1) break;
  }
  return over.reverse().reduce((low, [r, g, b, a]) => [r, g, b].map((c, i) => c * a + low[i] * (1 - a)),
                               [255, 255, 255]);
};
const found = [];
const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
for (let node = walker.nextNode(); node; node = walker.nextNode()) {
  const element = node.parentElement;
  if (!node.data.trim() || element.closest("svg, script") || !element.checkVisibility()) continue;
  const [a, b] = [light(parse(getComputedStyle(element).color)), light(behind(element))];
  found.push([(Math.max(a, b) + .05) / (Math.min(a, b) + .05), node.data.trim().slice(0, 40)]);
}
return found.sort((x, y) => x[0] - y[0]).slice(0, 3);
"""


def pydefrag(*arguments: str, project: pathlib.Path = SHOP) -> subprocess.CompletedProcess:
    return subprocess.run([PYDEFRAG, *arguments], cwd=project, text=True, capture_output=True, check=False)


class PageTest(unittest.TestCase):
    """Tests of one page: that of `project`, made with `options`."""

    project = SHOP
    options: list[str] = []

    @classmethod
    def setUpClass(cls):
        cls.folder = cls.enterClassContext(tempfile.TemporaryDirectory())
        cls.file = pathlib.Path(cls.folder) / "report.html"
        done = pydefrag("report", "--format", "html", "-o", str(cls.file), *cls.options, project=cls.project)
        assert done.returncode in (0, 3), done.stderr
        checked = pydefrag("check", "--output-format", "json", *cls.options, project=cls.project)
        cls.checked = json.loads(checked.stdout)
        cls.findings = cls.checked["findings"]
        cls.browser = cls.enterClassContext(Browser())

    def setUp(self):
        self.browser.open(self.file)

    def tearDown(self):
        self.assertEqual(self.browser.complaints(), [])

    def count(self, selector: str) -> int:
        """How many elements are in sight."""
        return self.browser.run("return [...document.querySelectorAll(arguments[0])]"
                                ".filter((each) => each.checkVisibility()).length", selector)


class Page(PageTest):
    def test_loads_nothing(self):
        self.assertEqual(self.browser.run("return performance.getEntriesByType('resource').length"), 0)

    def test_numbers_are_those_of_check(self):
        causes = {finding["cause"] for finding in self.findings}
        self.assertEqual(self.browser.text(".figures li:first-child strong"), str(len(causes)))
        self.assertEqual(self.count("#cards > .card"), len(causes))
        places = self.browser.run("return [...document.querySelectorAll('#cards .impact li:first-child')]"
                                  ".reduce((sum, each) => sum + parseInt(each.textContent), 0)")
        self.assertEqual(places, len(self.findings))

    def test_a_card_unfolds(self):
        self.assertEqual(self.count("#cause-2 .body"), 0)
        self.browser.click("#cause-2 summary")
        self.assertEqual(self.count("#cause-2 .body"), 1)
        self.assertIn("pydefrag rule", self.browser.text("#cause-2 .body"))

    def test_the_next_steps_lead_to_their_cards(self):
        self.assertEqual(self.count(".steps li"), len(self.checked["tests"]["steps"]))
        self.browser.click('.steps a[href="#cause-1"]')
        self.assertEqual(self.count("#cause-1 .body"), 1)

    def test_search_by_keyboard(self):
        self.browser.press("/")
        for letter in "tracking":
            self.browser.press(letter)
        self.assertEqual(self.count("#cards > .card"), 1)
        self.assertIn("TrackingNumber", self.browser.text("#cards > .card:not([hidden])"))
        self.browser.press("Escape")
        self.assertGreater(self.count("#cards > .card"), 5)

    def test_filter_by_rule(self):
        wanted = {finding["cause"] for finding in self.findings if finding["code"] == "DFG201"}
        self.browser.click('[data-filter="rule"] option[value="DFG201"]')
        self.assertEqual(self.count("#cards > .card"), len(wanted))
        self.assertIn(f"{len(wanted)} of ", self.browser.text("#shown"))

    def test_the_map_leads_from_packages_to_a_module(self):
        label = "return document.querySelector(arguments[0]).dataset.node"
        first = self.browser.run(label, "#treemap .tile.holder")
        self.browser.run("document.querySelector('#treemap .tile.holder').focus()")
        self.browser.press("Enter")
        self.assertEqual(self.count("#map-crumbs button"), 2)
        self.assertNotEqual(self.browser.run(label, "#treemap .tile"), first)
        self.browser.run("[...document.querySelectorAll('#treemap .tile')].find((tile) => "
                         "tile.textContent.startsWith('shop.checkout')).dispatchEvent("
                         "new MouseEvent('click', {bubbles: true}))")
        self.assertEqual(self.browser.run("return document.getElementById('module').value"), "shop.checkout")

    def test_a_cell_of_the_matrix_lists_its_imports(self):
        number = int(self.browser.text("#matrix td.used"))
        self.browser.click("#matrix td.used")
        self.assertIn(f"{number} import", self.browser.text("#cell-imports strong"))
        self.assertEqual(self.count("#cell-imports li"), number)

    def test_a_row_of_the_matrix_unfolds(self):
        rows = self.count("#matrix tbody tr")
        self.browser.click("#matrix tbody tr:last-child th")
        self.assertGreater(self.count("#matrix tbody tr"), rows)

    def test_the_explorer_walks(self):
        self.browser.run("document.getElementById('module').value = 'shop.api';"
                         "document.getElementById('module').dispatchEvent(new Event('change'))")
        near = self.count("#ego .ego-node")
        self.assertGreater(near, 1)
        self.browser.click("#depth option:nth-child(2)")
        self.assertGreater(self.count("#ego .ego-node"), near)
        self.assertIn("shop/api.py", self.browser.text("#ego-note"))

    def test_the_explorer_finds_the_way(self):
        self.browser.run("document.getElementById('module').value = 'shop.api';"
                         "document.getElementById('way-to').value = 'shop.models.customer';"
                         "document.getElementById('way-to').dispatchEvent(new Event('change'))")
        self.assertIn("src/shop/api.py:", self.browser.text("#ego-note"))
        self.assertGreaterEqual(self.count("#ego .ego-node"), 2)

    def test_text_is_readable_in_light_and_dark(self):
        self.browser.run("document.querySelectorAll('details').forEach((each) => { each.open = true; })")
        grounds = set()
        for scheme in ("light", "dark"):
            self.browser.prefer(scheme)
            grounds.add(self.browser.run("return getComputedStyle(document.body).backgroundColor"))
            for ratio, text in self.browser.run(CONTRAST):
                self.assertGreaterEqual(ratio, 4.5, f"{text!r} in {scheme}")
        self.assertEqual(len(grounds), 2)

    def test_nothing_sticks_out(self):
        for width in (1280, 420):
            self.browser.devtools("Emulation.setDeviceMetricsOverride", width=width, height=900,
                                  deviceScaleFactor=1, mobile=False)
            over = self.browser.run("return document.documentElement.scrollWidth - innerWidth")
            self.browser.devtools("Emulation.clearDeviceMetricsOverride")
            self.assertLessEqual(over, 0, f"at {width}")

    def test_prints(self):
        pages = self.browser.call("POST", "/print", {"background": True})
        self.assertGreater(len(pages), 10_000)

    def test_reads_without_its_script(self):
        self.browser.devtools("Emulation.setScriptExecutionDisabled", value=True)
        try:
            self.browser.open(self.file)
            body = self.browser.text("body")
            self.assertEqual(self.browser.call("GET", f"/element/{self.browser.find('#contents')}/displayed"), False)
        finally:
            self.browser.devtools("Emulation.setScriptExecutionDisabled", value=False)
        for words in ("What to do next", "Root causes", "Which package imports which", "Import cycles",
                      "does not define `OrderLin`".replace("`", "")):
            self.assertIn(words, body)


class PageOfTests(PageTest):
    project = PARCELS
    options = [f"--tests={report}" for report in sorted((PARCELS / "reports").iterdir())]
    options += ["--plan", "pydefrag-expect.toml"]

    def test_the_verdict_is_that_of_check(self):
        full = pydefrag("check", *self.options, project=PARCELS).stdout
        verdict = next(line for line in full.splitlines() if line.startswith("verdict"))
        self.assertEqual(self.browser.text("h1"), verdict.removeprefix("verdict").strip())
        markdown = pydefrag("report", *self.options, project=PARCELS).stdout
        self.assertIn(verdict.removeprefix("verdict").strip(), markdown)
        self.assertIn("| exit status | not recorded |", markdown)

    def test_totals_of_each_suite(self):
        rows = self.browser.run("return [...document.querySelectorAll('.results tbody tr')].filter((row) => "
                                "row.cells.length > 1 && row.querySelector('th code')).map((row) => "
                                "[...row.cells].slice(0, 9).map((cell) => cell.textContent))")
        suites = {suite["folder"]: suite["counts"] for suite in self.checked["tests"]["suites"]}
        self.assertEqual({row[0] for row in rows}, set(suites))
        for folder, tests, passed, failed, errors, uncollected, *_ in rows:
            self.assertEqual([int(tests), int(passed), int(failed), int(errors), int(uncollected)],
                             [suites[folder][key] for key in ("tests", "passed", "failed", "errors", "uncollected")])

    def test_the_table_of_tests_leads_to_what_explains_them(self):
        counts = self.checked["tests"]["counts"]
        self.assertEqual(self.count("#tests-table tbody tr:not([aria-hidden])"),
                         counts["tests"] + counts["uncollected"])
        self.assertIn("tests/e2e/test_label.py", self.browser.text("#tests-table tbody"))
        self.browser.click('#tests-table a[href^="#cause-"]')
        target = self.browser.run("return location.hash")
        self.assertEqual(self.count(f"{target} .body"), 1)

    def test_the_table_of_tests_is_searched_and_sorted(self):
        self.browser.type("#tests-search", "contact")
        self.assertEqual(self.count("#tests-table tbody tr:not([aria-hidden])"),
                         self.browser.run("return data.tests.filter((test) => test[0].includes('contact')).length"))
        self.browser.run("document.getElementById('tests-search').value = ''")
        first = "return document.querySelector('#tests-table tbody tr:not([aria-hidden])').cells[0].textContent"
        self.browser.click("#tests-table th:first-child button")
        lowest = self.browser.run(first)
        self.browser.click("#tests-table th:first-child button")
        self.assertLess(lowest, self.browser.run(first))

    def test_what_went_as_planned(self):
        self.assertIn("PAR-31", self.browser.text("#plan"))

    def test_risks_and_times(self):
        self.assertEqual(self.count("#risks li"), min(20, len(self.checked["tests"].get("risks", []))))
        timed = [suite for suite in self.checked["tests"]["suites"] if suite["seconds"] is not None]
        self.assertEqual(self.count("#slowest li"), len(timed))

    def test_a_coroutine_that_nobody_awaits(self):
        self.assertIn("never awaited", self.browser.text("#warnings"))


class File(unittest.TestCase):
    def test_the_same_bytes_at_any_number_of_jobs(self):
        for form in ("html", "markdown"):
            one = pydefrag("report", "--format", form, "--jobs", "1").stdout
            many = pydefrag("report", "--format", form, "--jobs", "5").stdout
            self.assertGreater(len(one), 5000)
            self.assertEqual(one, many)


if __name__ == "__main__":
    unittest.main()
