"""The recipes of docs/ci.md: the YAML is valid by the schemas of GitHub, GitLab and pre-commit, and the
commands run and leave the files that the recipes collect.

    ci_recipes_test.py BINARY, run by the Python of build/test-tools"""

import json
import os
import pathlib
import re
import subprocess
import sys
import tempfile
import unittest
import xml.etree.ElementTree

import ruamel.yaml

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))
from scratch_repository import ENVIRONMENT, SHOP, Repository

BINARY = pathlib.Path(sys.argv.pop(1)).resolve()
ROOT = pathlib.Path(__file__).resolve().parent.parent
BIN = pathlib.Path(sys.executable).parent
RECIPES = {first.lstrip("# ").split(";")[0]: text for text, first in re.findall(
    r"```(?:yaml|sh)\n((#[^\n]*)\n.*?)```", (ROOT / "docs" / "ci.md").read_text(), re.DOTALL)}
WORKFLOW, GITLAB, HOOK = ".github/workflows/pydefrag.yml", ".gitlab-ci.yml", ".pre-commit-config.yaml"


def valid(schema: str, text: str) -> subprocess.CompletedProcess:
    with tempfile.NamedTemporaryFile("w", suffix=".yml") as file:
        file.write(text)
        file.flush()
        return subprocess.run([BIN / "check-jsonschema", "--builtin-schema", schema, file.name], text=True,
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False)


def commands(steps) -> list[str]:
    return [step for step in steps if "pydefrag check" in step]


class Recipes(unittest.TestCase):
    def run_in_shop(self, command: str) -> Repository:
        project = Repository(str(BINARY), SHOP)
        environment = {**ENVIRONMENT, "PATH": f"{BINARY.parent}{os.pathsep}{os.environ['PATH']}",
                       "GITHUB_STEP_SUMMARY": str(project.root / "summary.md")}
        self.done = subprocess.run(["bash", "-e", "-c", command], cwd=project.root, env=environment, text=True,
                                   stdout=subprocess.PIPE, stderr=subprocess.PIPE, check=False)
        self.assertEqual(self.done.returncode, 1, self.done.stderr)
        return project

    def test_yaml_is_valid_by_the_schemas(self):
        for schema, name in (("vendor.github-workflows", WORKFLOW), ("vendor.gitlab-ci", GITLAB)):
            done = valid(schema, RECIPES[name])
            self.assertEqual(done.returncode, 0, done.stdout)
            self.assertNotEqual(valid(schema, RECIPES[name] + "\nscript: 1\njobs: 1\n").returncode, 0)
        with tempfile.TemporaryDirectory() as folder:
            path = pathlib.Path(folder, HOOK)
            path.write_text(RECIPES[HOOK])
            subprocess.run([BIN / "pre-commit", "validate-config", path], check=True)

    def test_the_github_workflow_leaves_annotations_a_log_and_a_summary(self):
        job = ruamel.yaml.YAML(typ="safe").load(RECIPES[WORKFLOW])["jobs"]["imports"]
        (command,) = commands(step["run"] for step in job["steps"] if "run" in step)
        project = self.run_in_shop(command)
        self.assertTrue(self.done.stdout.startswith("::error file=shop/till.py,line=1,"), self.done.stdout)
        uploaded = next(step["with"]["sarif_file"] for step in job["steps"] if "upload-sarif" in step.get("uses", ""))
        self.assertEqual(json.loads((project.root / uploaded).read_text())["version"], "2.1.0")
        self.assertIn("| error | DFG202", (project.root / "summary.md").read_text())

    def test_the_gitlab_job_leaves_its_reports(self):
        job = ruamel.yaml.YAML(typ="safe").load(RECIPES[GITLAB])["pydefrag"]
        (command,) = commands(job["script"])
        project = self.run_in_shop(command)
        reports = job["artifacts"]["reports"]
        self.assertEqual(len(json.loads((project.root / reports["codequality"]).read_text())), 1)
        self.assertEqual(xml.etree.ElementTree.parse(project.root / reports["junit"]).getroot().get("failures"), "1")

    def test_the_shell_script_runs(self):
        script = RECIPES["!/bin/sh"].replace(".ci-venv/bin/pydefrag", "pydefrag")
        script = re.sub(r"(?m)^.*(venv|pip install).*\n", "", script)
        project = self.run_in_shop(script)
        self.assertEqual(json.loads((project.root / "pydefrag.json").read_text())["exit"], 1)


if __name__ == "__main__":
    unittest.main()
