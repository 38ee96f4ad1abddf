"""grimp_graph.py FOLDER CACHE: the graph of all packages in FOLDER; CACHE is a folder or `none`."""

import os
import sys

import grimp

folder, cache = sys.argv[1:]
sys.path.insert(0, folder)
packages = sorted(name for name in os.listdir(folder)
                  if name.isidentifier() and os.path.exists(f"{folder}/{name}/__init__.py"))
graph = grimp.build_graph(*packages, cache_dir=None if cache == "none" else cache)
print(len(graph.modules), "modules", graph.count_imports(), "imports")
