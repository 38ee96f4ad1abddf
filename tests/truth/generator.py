"""Random small Python projects made of import structures. Entry point: generate(seed) -> {path: text}.

Every statement is meant to run on CPython 3.11 unless an import in it fails; what depends on the machine is
written as `os.environ.get("W0")` and `("W1")`, so that the caller can run all worlds. The generator keeps a rough
idea of what each module binds, only to make most of the imports succeed.
"""
import random

TOP = ["alpha", "beta", "gamma", "delta", "omega"]
TOP_ORDER = {name: place for place, name in enumerate(["gamma", "beta", "omega", "alpha", "delta"])}
SUB = ["core", "util", "api", "base", "impl"]
CLASSES = ["K", "L", "Shape", "Error"]
FUNCTIONS = ["f", "g", "make"]
CONSTANTS = ["x", "y", "LIMIT"]
PRIVATE = ["_p", "_K"]
VIRTUAL = ["ghost", "lost"]  # names that are bound nowhere on purpose
STDLIB = [("json", "dumps"), ("collections", "OrderedDict"), ("os.path", "join"), ("typing", "Any"),
          ("json", "nope"), ("collections", "Mapping"), ("collections.abc", "Mapping"), ("xml.dom", "Node"),
          ("string", "digits"), ("inspect", "getargspec")]
HANDLERS = ["ImportError", "ImportError", "ImportError", "ModuleNotFoundError", "Exception",
            "(ImportError, AttributeError)", "(KeyError, ValueError)", "AttributeError", "BaseException", ""]
PREAMBLE = ["import os", "import sys", "from typing import TYPE_CHECKING"]


class Module:
    def __init__(self, name, path, package):
        self.name, self.path, self.package = name, path, package
        self.bound = {}      # name -> "class" | "function" | "constant" | "module:<dotted>" | "other"
        self.submodules = []
        self.top = []        # lines of the final file
        self.served = []     # names that only the module's __getattr__ gives
        self.explicit = None # what __all__ lists, if literal


def indent(lines):
    return ["    " + line for line in lines]


class Generator:
    def __init__(self, seed):
        self.random = random.Random(seed)
        self.modules = {}
        self.done = []
        self.risk = 1.0       # chance in percent that an import here asks for what does not exist
        self.forward = 0 if self.chance(60) else 8  # chance in percent to import what is written later: cycles

    # Layout ------------------------------------------------------------------------------------------------
    def chance(self, percent):
        return self.random.random() * 100 < percent

    def pick(self, items):
        return self.random.choice(items)

    def layout(self):
        for name in self.random.sample(TOP, self.random.randint(2, 4)):
            if self.chance(45):
                self.add(name, name + ".py", False)
            else:
                self.package(name, 1)
        # One top-level name after the other, a package after its children: so that most imports go backwards.
        order = sorted(self.modules.values(), key=lambda m: (-m.name.count("."), self.random.random()))
        order.sort(key=lambda m: TOP_ORDER[m.name.split(".")[0]])
        if self.chance(15):
            self.random.shuffle(order)
        return order

    def package(self, name, depth):
        folder = name.replace(".", "/")
        if self.chance(85):
            self.add(name, folder + "/__init__.py", True)
        for sub in self.random.sample(SUB, self.random.randint(1, 3)):
            if depth < 2 and self.chance(20):
                self.package(f"{name}.{sub}", depth + 1)
            else:
                self.add(f"{name}.{sub}", f"{folder}/{sub}.py", False)
            if name in self.modules:
                self.modules[name].submodules.append(sub)

    def add(self, name, path, package):
        self.modules[name] = Module(name, path, package)

    # Choosing what to import -------------------------------------------------------------------------------
    def source(self, module):
        """Another module to import from, usually one that is already written; None when there is none."""
        pool = [m for m in self.done if m is not module]
        if not pool or self.chance(self.forward or self.risk):
            pool = [m for m in self.modules.values() if m is not module or self.chance(5)] or [module]
            if not self.forward and not self.chance(self.risk):
                return None
        near = [m for m in pool if m.name.split(".")[0] == module.name.split(".")[0]]
        return self.pick(near) if near and self.chance(60) else self.pick(pool)

    def spelled(self, module, target):
        """How `from ... import` in `module` names the module `target`: absolute or relative."""
        base = module.name.split(".") if module.package else module.name.split(".")[:-1]
        parts = target.split(".")
        if not base or base[0] != parts[0] or self.chance(40):
            return target
        common = 0
        while common < min(len(base), len(parts)) and base[common] == parts[common]:
            common += 1
        return "." * (len(base) - common + 1) + ".".join(parts[common:])

    def wanted(self, source):
        """A name to import from `source`."""
        roll = self.random.random()
        names = [n for n in source.bound if n not in ("os", "sys", "TYPE_CHECKING")]
        if roll * 100 < self.risk:
            return self.pick(VIRTUAL + CLASSES + FUNCTIONS)
        if roll < 0.25 and source.submodules:
            return self.pick(source.submodules)
        if roll < 0.35 and source.served:
            return self.pick(source.served)
        return self.pick(names) if names else self.pick(source.submodules or ["__doc__", "__doc__"])

    def kind_of(self, source, name):
        if name in source.bound:
            return source.bound[name]
        return f"module:{source.name}.{name}" if name in source.submodules else "other"

    # Statements --------------------------------------------------------------------------------------------
    def from_import(self, module, scope):
        source = self.source(module)
        if self.chance(6) or source is None:
            target, name = self.pick(STDLIB if self.chance(self.risk * 3) else STDLIB[:4])
            scope[name] = "other"
            return [f"from {target} import {name}"]
        names = [self.wanted(source) for _ in range(1 if self.chance(70) else 2)]
        parts = []
        for name in dict.fromkeys(names):
            alias = ""
            if self.chance(15):
                alias = self.pick(CLASSES + FUNCTIONS + PRIVATE + [name])
            scope[alias or name] = self.kind_of(source, name)
            parts.append(f"{name} as {alias}" if alias else name)
        spelled = self.spelled(module, source.name)
        if len(parts) > 1 and self.chance(20):
            return [f"from {spelled} import ("] + [f"    {part}," for part in parts] + [")"]
        return [f"from {spelled} import {', '.join(parts)}"]

    def import_module(self, module, scope):
        source = self.source(module)
        if source is None:
            return self.constant(module, scope)
        name = source.name
        if self.chance(self.risk):
            name = self.pick([name + ".ghost", name + ".lost", "xml.nope", "os.path"])
        if self.chance(35):
            alias = self.pick(["m", "n", name.split(".")[-1]])
            scope[alias] = f"module:{name}"
            return [f"import {name} as {alias}"]
        scope[name.split(".")[0]] = f"module:{name.split('.')[0]}"
        return [f"import {name}"]

    def star_import(self, module, scope):
        source = self.source(module)
        if source is None:
            return self.class_statement(module, scope)
        names = source.explicit if source.explicit is not None else [n for n in source.bound if n[0] != "_"]
        scope.update({n: self.kind_of(source, n) for n in names})
        return [f"from {self.spelled(module, source.name)} import *"]

    def alias(self, module, scope):
        """`X = mod.Y`, or `X = Y`."""
        modules = [(n, k[7:]) for n, k in scope.items() if k.startswith("module:") and k[7:] in self.modules]
        if modules and self.chance(75):
            name, dotted = self.pick(modules)
            source = self.modules[dotted]
            chain = self.wanted(source)
            kind = self.kind_of(source, chain)
            below = self.modules.get(kind[7:]) if kind.startswith("module:") else None
            if below and below.bound and self.chance(50):
                last = self.pick(sorted(below.bound))
                chain, kind = f"{chain}.{last}", below.bound[last]
            target = self.pick(CLASSES + FUNCTIONS + PRIVATE)
            scope[target] = kind
            return [f"{target} = {name}.{chain}"]
        plain = [n for n, k in scope.items() if k in ("class", "function")]
        if not plain:
            return self.constant(module, scope)
        name, target = self.pick(plain), self.pick(CLASSES + FUNCTIONS)
        scope[target] = scope[name]
        return [f"{target} = {name}"]

    def class_statement(self, module, scope):
        name = self.pick(CLASSES + (PRIVATE[1:] if self.chance(10) else []))
        bases = [n for n, k in scope.items() if k == "class" and n != name]
        base = f"({self.pick(bases)})" if bases and self.chance(15) else ""
        scope[name] = "class"
        if self.chance(12):
            inner = dict(scope)
            return [f"class {name}{base}:"] + indent(self.from_import(module, inner))
        return [f"class {name}{base}: pass"]

    def function_statement(self, module, scope):
        name = self.pick(FUNCTIONS)
        scope[name] = "function"
        roll = self.random.random()
        if roll < 0.45:
            return [f"def {name}(): return 1"]
        if roll < 0.6:
            made = self.pick(CLASSES + CONSTANTS)
            lines = [f"def {name}():", f"    global {made}", f"    {made} = 1"]
            if self.chance(60):
                scope[made] = "constant"
                lines.append(f"{name}()")
            return lines
        called = self.chance(30)
        risk, self.risk = self.risk, self.risk if called else 20
        body = self.from_import(module, {}) if self.chance(60) else self.import_module(module, {})
        self.risk = risk
        return [f"def {name}():"] + indent(body) + ([f"{name}()"] if called else [])

    def constant(self, module, scope):
        name = self.pick(CONSTANTS + PRIVATE[:1] + (SUB if self.chance(10) else []))
        scope[name] = "constant"
        form = self.random.randint(0, 7)
        if form == 0:
            return [f"{name}: int = 1"]
        if form == 1:
            return [f"{name}, _q = 1, 2"]
        if form == 2:
            return [f"({name} := 3)"]
        return [f"{name} = {self.random.randint(1, 9)}"]

    def unbound(self, module, scope):
        """Statements that look as if they bound a name and do not, or that do in an unusual way."""
        name = self.pick(CLASSES + CONSTANTS)
        bound = name in scope
        form = self.random.randint(0, 11)
        if form == 0:
            return [f"{name}: int"]
        if form == 1:
            return [f"[{name} for {name} in (1,)]"]
        if form == 2:
            return [f"for {name} in (): pass"]
        if form == 3 and not bound:
            return ["try:", "    raise KeyError", f"except KeyError as {name}: pass"]
        if form == 4:
            return [f"while False: {name} = 1"]
        if form == 5:
            return ['if __name__ == "__main__":', f"    {name} = 1"]
        scope[name] = "constant"
        if form == 6:
            return [f"for {name} in (1, 2): pass"]
        if form == 7:
            return [f'globals()["{name}"] = 1']
        if form == 8:
            return ["for _n in ('u', 'v'):", "    globals()[_n] = 1"]
        if form == 9:
            return ["import contextlib", f"with contextlib.nullcontext(1) as {name}: pass"]
        if form == 10:
            return ["class _C:", f"    global {name}", f"    {name} = 1"]
        return ["match 1:", f"    case {name}: pass"]

    def delete(self, module, scope):
        names = [n for n, k in scope.items() if k in ("class", "function", "constant") or k.startswith("module:")]
        names = [n for n in names if n in scope and n not in ("sys", "os")]
        if not names:
            return self.constant(module, scope)
        name = self.pick(names)
        del scope[name]
        return [f"del {name}"]

    # Compound statements -----------------------------------------------------------------------------------
    def condition(self):
        """(test, True | False | None when the machine decides)."""
        return self.pick([
            ("sys.version_info >= (3, 8)", True), ("sys.version_info < (3, 9)", False),
            ("sys.version_info[0] == 2", False), ("sys.version_info[:2] >= (3, 13)", False),
            ('sys.platform == "win32"', None), ('sys.platform != "win32"', None),
            ('sys.platform.startswith("linux")', None), ('os.name == "nt"', None), ("TYPE_CHECKING", False),
            ("not TYPE_CHECKING", True), ("False", False), ("True", True), ("0", False), ("__debug__", True),
            ('os.environ.get("W0")', None), ('os.environ.get("W1")', None), ('not os.environ.get("W0")', None),
            ('sys.version_info >= (3, 8) and sys.platform != "win32"', None),
            ('os.environ.get("W1") or sys.version_info >= (3, 0)', True)])

    def merge(self, scope, arms):
        """After a branch that the machine decides: bound when bound in every arm."""
        for name in sorted(set().union(*arms)):
            if all(name in arm for arm in arms):
                scope[name] = arms[0][name]
            else:
                scope.pop(name, None)

    def conditional(self, module, scope, depth):
        test, value = self.condition()
        return self.branch(module, scope, depth, test, value, otherwise=60)

    def branch(self, module, scope, depth, test, value, otherwise=50):
        """`if test:`, with an else at `otherwise` percent; `value` is None when the machine decides."""
        yes, no = dict(scope), dict(scope)
        lines = [f"if {test}:"] + indent(self.risky(module, yes, depth, value is False))
        if self.chance(otherwise):
            lines += ["else:"] + indent(self.risky(module, no, depth, value is True))
        if value is None:
            self.merge(scope, [yes, no])
        else:
            chosen = yes if value else no
            scope.clear()
            scope.update(chosen)
        return lines

    def guarded(self, module, scope, depth):
        handler = self.pick(HANDLERS)
        tried, caught = dict(scope), dict(scope)
        risk, self.risk = self.risk, 20 if "Import" in handler or "Exc" in handler or not handler else self.risk
        lines = ["try:"] + indent(self.from_import(module, tried) if self.chance(75)
                                  else self.block(module, tried, depth))
        self.risk = risk
        lines += [f"except {handler}:" if handler else "except:"]
        roll = self.random.random()
        new = [n for n in tried if n not in scope]
        if roll < 0.45 and new:
            lines += [f"    {new[0]} = None" if self.chance(60) else f"    class {new[0]}: pass"]
            caught[new[0]] = "other"
        elif roll < 0.48:
            lines += ["    raise"]
        else:
            lines += indent(self.block(module, caught, depth) if self.chance(50) else ["pass"])
        if self.chance(20):
            lines += ["else:"] + indent(self.block(module, tried, depth))
        scope.clear()
        self.merge(scope, [tried, caught])
        if self.chance(15):
            lines += ["finally:"] + indent(self.block(module, scope, depth))
        return lines

    def suppressed(self, module, scope, depth):
        inner = dict(scope)
        body = self.from_import(module, inner) + self.constant(module, inner)
        return ["import contextlib", "with contextlib.suppress(ImportError):"] + indent(body)

    def risky(self, module, scope, depth, dead):
        """A block; one that never runs may ask for anything."""
        risk, self.risk = self.risk, 20 if dead else self.risk
        lines = self.block(module, scope, depth)
        self.risk = risk
        return lines

    def block(self, module, scope, depth):
        lines = []
        for _ in range(self.random.randint(1, 2)):
            lines += self.statement(module, scope, depth + 1)
        return lines

    def statement(self, module, scope, depth=0):
        simple = [(30, self.from_import), (14, self.import_module), (6, self.star_import if depth == 0 else
                  self.from_import), (12, self.class_statement), (10, self.function_statement), (8, self.constant),
                  (9, self.alias), (4, self.unbound), (2, self.delete)]
        deep = [(7, self.conditional), (7, self.guarded), (1, self.suppressed)] if depth < 2 else []
        total = sum(w for w, _ in simple) + sum(w for w, _ in deep)
        roll = self.random.random() * total
        for weight, make in simple:
            roll -= weight
            if roll < 0:
                return make(module, scope)
        for weight, make in deep:
            roll -= weight
            if roll < 0:
                return make(module, scope, depth)
        return ["pass"]

    # Endings: what stands once in a module ------------------------------------------------------------------
    def exports(self, module, scope):
        """An `__all__`, in one of many spellings."""
        names = [n for n in scope if n[0] != "_" and scope[n] != "other"]
        chosen = self.random.sample(names, min(len(names), self.random.randint(0, 3)))
        if module.submodules and self.chance(30):
            chosen.append(self.pick(module.submodules))
        if self.chance(2):
            chosen.append("ghost")
        chosen = list(dict.fromkeys(chosen))
        module.explicit = chosen
        listed = "[" + ", ".join(f'"{n}"' for n in chosen) + "]"
        form = self.random.randint(0, 6)
        if form == 0:
            return [f"__all__ = tuple({listed})"]
        if form == 1:
            return ["__all__ = []", f"__all__ += {listed}"]
        if form == 2 and chosen:
            return [f"__all__ = {listed}", f'__all__.remove("{chosen[0]}")', f'__all__.append("{chosen[0]}")']
        if form == 3:
            return ["__all__ = []", f"__all__.extend({listed})"]
        if form == 4:
            extra = [n for n, k in scope.items() if k.startswith("module:")
                     and getattr(self.modules.get(k[7:]), "explicit", None) is not None]
            if extra:
                return [self.pick([f"__all__ = {listed} + {extra[0]}.__all__",
                                   f"__all__ = [*{extra[0]}.__all__, *{listed}]"])]
        return [f"__all__ = {listed}"]

    def lazy(self, module):
        """A module `__getattr__`."""
        name = self.pick(CLASSES + FUNCTIONS)
        form = self.random.randint(0, 3)
        fail = "raise AttributeError(name)"
        if form == 0:
            module.served = [name]
            return ["def __getattr__(name):", f'    if name == "{name}":', "        return 1", f"    {fail}"]
        if form == 1:
            module.served = ["u", name]
            return [f'_LAZY = {{"{name}": 1, "u": 2}}', "def __getattr__(name):", "    if name in _LAZY:",
                    "        return _LAZY[name]", f"    {fail}"]
        if form == 2:
            source = self.source(module) or module
            wanted = self.wanted(source)
            module.served = [wanted]
            return ["def __getattr__(name):", f'    if name == "{wanted}":',
                    f"        from {source.name} import {wanted}", f"        return {wanted}", f"    {fail}"]
        module.served = [name]
        return ["def __getattr__(name):", "    if name.startswith('__'):", f"        {fail}", "    return 1"]

    def oddity(self, module, scope):
        """Rare structures: replaced modules, foreign attributes, early exits."""
        form = self.random.randint(0, 6)
        modules = [n for n, k in scope.items() if k.startswith("module:")]
        if form == 0 and modules:
            return [f"sys.modules[__name__] = {self.pick(modules)}"]
        if form == 1 and modules:
            return [f"{self.pick(modules)}.injected = 1"]
        if form == 2 and self.chance(40):
            return [self.pick(["raise ImportError('moved')", "raise SystemExit", "sys.exit()",
                               "assert False", "raise RuntimeError"])]
        if form == 3 and modules:
            return [f'sys.modules[__name__ + ".ghost"] = {self.pick(modules)}']
        if form == 4:
            source = self.source(module) or module
            return ["import importlib", f'm = importlib.import_module("{source.name}")']
        if form == 5:
            return ["setattr(sys.modules[__name__], 'lost', 1)"]
        return ["exec('lost = 1')"]

    def write(self, module):
        scope = module.bound
        lines = []
        if self.chance(70):
            lines += self.pick([self.class_statement, self.function_statement, self.constant])(module, scope)
        for _ in range(self.random.randint(1, 6)):
            lines += self.statement(module, scope)
        if self.chance(25):
            lines += self.exports(module, scope)
        if self.chance(7):
            lines += self.lazy(module)
        if self.chance(4):
            lines += self.oddity(module, scope)
        if self.chance(15):
            lines += self.statement(module, scope)
        text = "\n".join(lines)
        module.top = [line for line in PREAMBLE if line.split()[-1] in text] + lines
        self.done.append(module)

    def files(self):
        for module in self.layout():
            self.write(module)
        for module in self.modules.values():
            if self.chance(4):
                module.top.insert(0, "from __future__ import annotations")
        return {m.path: "\n".join(m.top) + "\n" for m in self.modules.values()}


def generate(seed):
    return Generator(seed).files()
