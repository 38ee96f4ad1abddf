"""Do the graphs show the same? Import edges between files that ruff's and our graph both should see;
what only one of them has is counted, with examples."""

import json
import os
import pathlib


def ours(folder: pathlib.Path, printed: str) -> set[tuple[str, str]]:
    graph = json.loads(printed)
    path_of = {module["name"]: module["path"] for module in graph["modules"] if module.get("path")}
    found = set()
    for row in graph["imports"]:
        for name in (row["module"], f"{row['module']}.{row['name']}"):
            target = path_of.get(name)
            if target and target != row["path"]:
                found.add((row["path"], target))
    return found


def ruffs(folder: pathlib.Path, printed: str) -> set[tuple[str, str]]:
    def relative(path: str) -> str:
        return os.path.relpath(path, folder) if os.path.isabs(path) else path

    return {(relative(source), relative(target))
            for source, targets in json.loads(printed).items() for target in targets}


def compare(folder: pathlib.Path, ruff_printed: str, our_printed: str) -> dict:
    mine, theirs = ours(folder, our_printed), ruffs(folder, ruff_printed)
    both = mine & theirs
    print(f"\nedges between files: {len(both):,} in both graphs, {len(mine - theirs):,} only in "
          f"pydefrag's, {len(theirs - mine):,} only in ruff's")
    for title, some in (("only pydefrag's", mine - theirs), ("only ruff's", theirs - mine)):
        for source, target in sorted(some)[:5]:
            print(f"  {title}: {source} -> {target}")
    return {"both": len(both), "ours": len(mine - theirs), "ruffs": len(theirs - mine)}
