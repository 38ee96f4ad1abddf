"""Random small Python projects with more of what real modules do while they are imported than generator.py has.

Entry point: generate(seed) -> {path: text}. A profile of its own, so that the seeds of generator.py stay what they are.
The forms below stand among those of generator.py; each binds what `scope` says, as there.
"""
from generator import CLASSES, CONSTANTS, FUNCTIONS, SUB, VIRTUAL, Generator, indent

PREAMBLE = {"os.": "import os", "sys.": "import sys", "TYPE_CHECKING": "from typing import TYPE_CHECKING",
            "importlib.": "import importlib", "contextlib.": "import contextlib", "functools.": "import functools",
            "pkgutil.": "import pkgutil"}
LONG = [f"LONG_CONSTANT_NAME_{i}" for i in range(7)]  # together more than a line
CATCHES = ["ImportError", "Exception", "(ImportError, AttributeError)", "ImportError as error", "AttributeError"]


class WideGenerator(Generator):
    def __init__(self, seed):
        super().__init__(seed)
        self.forward = self.pick([0, 0, 8, 20])

    # Names ---------------------------------------------------------------------------------------------------
    def named(self, scope, *kinds):
        return [n for n, k in scope.items() if k.split(":")[0] in kinds and n not in ("os", "sys")]

    def modules_in(self, scope):
        """(name in scope, Module) of the project."""
        return [(n, self.modules[scope[n][7:]]) for n in self.named(scope, "module") if scope[n][7:] in self.modules]

    def attribute(self, module, scope):
        """`m.x` of a module in scope that most likely exists, or a name of the scope."""
        modules = self.modules_in(scope)
        if modules and self.chance(70):
            name, source = self.pick(modules)
            return f"{name}.{self.wanted(source)}"
        return self.pick(self.named(scope, "class", "function", "constant") or ["None"])

    def values(self, scope, count, kind="constant"):
        names = self.random.sample(CLASSES + CONSTANTS + FUNCTIONS, count)
        scope.update({n: kind for n in names})
        return names

    # Values and conditions -----------------------------------------------------------------------------------
    def mode(self, module, scope, depth):
        """A string constant, and what hangs on it here or where it is imported."""
        modes = [n for n, k in scope.items() if k.startswith("string:")]
        if not modes or self.chance(30):
            scope["MODE"] = self.pick(["string:debug", "string:release"])
            return [f'MODE = "{scope["MODE"][7:]}"']
        name = self.pick(modes)
        asked = self.pick(["debug", "release"])
        same = scope[name][7:] == asked
        test, value = self.pick([(f'{name} == "{asked}"', same), (f'{name} != "{asked}"', not same),
                                 (f'{name} in ("{asked}", "other")', same), (f"not {name}", False), (name, True)])
        return self.branch(module, scope, depth, test, value)

    def optional(self, module, scope, depth):
        """`try: import x`, else None; then `if x:`."""
        source = self.source(module)
        risk, self.risk = self.risk, 30
        tried = dict(scope)
        if source is None or self.chance(50):
            body, name = self.from_import(module, tried), None
            name = next((n for n in tried if n not in scope), None)
        else:
            name = source.name.split(".")[0]
            body, tried[name] = [f"import {source.name}"], f"module:{name}"
        self.risk = risk
        if name is None:
            return self.constant(module, scope)
        lines = ["try:"] + indent(body) + [f"except {self.pick(CATCHES[:4])}:", f"    {name} = None"]
        scope[name] = "other"
        if self.chance(70):
            inner, test = dict(scope), self.pick([name, f"{name} is not None", f"not {name}", f"{name} is None"])
            lines += [f"if {test}:"] + indent(self.block(module, inner, depth))
            self.merge(scope, [dict(scope), inner])
        return lines

    def chain(self, module, scope, depth):
        """if, elif, else over versions and platforms."""
        tests = self.random.sample(["sys.version_info < (3,)", "sys.version_info >= (3, 12)", "sys.version_info >= (3, 6)",
                                    'sys.platform == "win32"', 'sys.platform == "darwin"', 'os.name == "posix"',
                                    'os.environ.get("W0")', "sys.version_info.major == 3", "TYPE_CHECKING"], 2)
        arms, lines = [], []
        for word in (f"if {tests[0]}:", f"elif {tests[1]}:", "else:"):
            arms.append(dict(scope))
            lines += [word] + indent(self.risky(module, arms[-1], depth, False))
        self.merge(scope, arms)
        return lines

    def matched(self, module, scope, depth):
        subject, cases = self.pick([("sys.platform", ['"win32"', '"linux"']), ('"debug"', ['"debug"', '"other"']),
                                    ("1", ["0 | 1", "2"]), ('os.environ.get("W0")', ['"1"'])])
        arms, lines = [], [f"match {subject}:"]
        for case in cases + ["_"]:
            arms.append(dict(scope))
            lines += [f"    case {case}:"] + indent(indent(self.risky(module, arms[-1], depth, False)))
        self.merge(scope, arms)
        return lines

    def loop(self, module, scope, depth):
        """Loops with break, else, del and imports in them."""
        form, name = self.random.randint(0, 6), self.pick(CLASSES + CONSTANTS)
        if form == 0:
            inner = dict(scope)
            body = self.block(module, inner, depth)
            scope.update(inner)
            return ["while True:"] + indent(body + ["break", "missing = 1"])
        if form == 1:
            scope[name] = "constant"
            return ["for _i in (1, 2):", f"    {name} = _i", "    if _i:", "        break", "else:", "    lost = 1"]
        if form == 2:
            scope.pop(name, None)
            return ["for _i in (1, 2):", f"    {name} = 1", f"    del {name}"]
        if form == 3 and self.done:
            names = ", ".join(f'"{self.pick(self.done).name}"' for _ in range(2))
            return [f"for _n in ({names}):", "    importlib.import_module(_n)"]
        if form == 4:
            first, second = self.values(scope, 2)
            return [f'for _n in ["{first}", "{second}"]:', f"    {self.pick(['globals()', 'vars()'])}[_n] = 1"]
        if form == 5:
            inner = dict(scope)
            lines = ["for _i in range(2):"] + indent(self.from_import(module, inner))
            scope.update(inner)
            return lines
        bound = self.named(scope, "constant")
        if not bound:
            return self.constant(module, scope)
        name = self.pick(bound)
        del scope[name]
        return [f'for _n in ("{name}",):', "    del globals()[_n]"]

    # Bindings ------------------------------------------------------------------------------------------------
    def unpacked(self, module, scope):
        a, b, c = self.values(scope, 3)
        return [self.pick([f"{a}, *{b} = {c} = 1, 2, 3", f"[{a}, ({b}, {c})] = 1, (2, 3)", f"{a} = {b} = {c} = None",
                           f"({a}, {b}), {c} = (1, 2), 3", f"{a} = 1; {b} = 2; {c} = 3", f"{a}, {b}, {c} = range(3)",
                           f"globals().update({a}=1, {b}=2, {c}=3)",
                           f'globals().update({{"{a}": 1, "{b}": 2, "{c}": 3}})'])]

    def walrus(self, module, scope):
        name = self.pick(CONSTANTS)
        scope[name] = "constant"
        return self.pick([[f"if ({name} := 0):", "    import json.nope"], [f"_l = [({name} := _i) for _i in (1, 2)]"],
                          [f"print(({name} := 1), end='', file=None)" if self.chance(1) else f"_v = ({name} := 1) + 1"],
                          [f"while ({name} := False):", "    missing = 1"], [f"assert ({name} := 1)"]])

    def expression(self, module, scope):
        """Names and attributes evaluated at unusual places."""
        value = self.attribute(module, scope)
        name = self.pick(CLASSES + FUNCTIONS)
        scope[name] = "constant"
        return self.pick([[f'{name} = f"{{{value}}}"'], [f"{name} = lambda: {value}"], [f"{name} = [{value} for _ in (1,)]"],
                          [f"{name} = {{'k': {value}}}"], [f"{name}: {value} = 1"],
                          [f"{name} = {value} if True else None"], [f"{name} = None and {value}"],
                          [f"class {name}:", f"    a = {value}"], [f"{name} = ({value},)"],
                          [f"{name} = [n for n in dir() if n == '{name}']"]])

    def rebound(self, module, scope):
        """`x = y` for what stands for a class, function or module; kept as that."""
        known = self.named(scope, "class", "function", "module")
        if not known:
            return self.class_statement(module, scope)
        source, name = self.pick(known), self.pick(CLASSES + FUNCTIONS + SUB)
        scope[name] = scope[source]
        return [self.pick([f"{name} = {source}", f"({name}) = {source}", f"{name}, _u = {source}, 1", f"{name}: object = {source}",
                           f"_w = {name} = {source}"])]

    def writer(self, module, scope, depth):
        """Functions that bind globals: called, called by others, nested, not called."""
        name, made = self.pick(["setup", "load"]), self.pick(CLASSES + CONSTANTS)
        form = self.random.randint(0, 6)
        bind = self.pick([[f"{made} = 1"], [f"class {made}: pass"], [f"def {made}(): pass"], self.from_import(module, {})])
        if form == 0:
            lines = [f"def {name}():", f"    def inner():", f"        global {made}", f"        {made} = 1", "    inner()"]
        elif form == 1:
            lines = [f"def {name}(flag=False):", f"    global {made}", "    if flag:"] + indent(indent(bind))
        elif form == 2:
            lines = [f"def {name}():", f"    global {made}", "    try:"] + indent(indent(bind)) + [
                "    except ImportError:", f"        {made} = None"]
        elif form == 3:
            lines = [f"def {name}():", "    return 1"] + indent([f"global {made}"] + bind)
        elif form == 4:
            lines = [f"def {name}():", f'    globals()["{made}"] = 1']
        else:
            lines = [f"def {name}():", f"    global {made}"] + indent(bind)
        scope[name] = "function"
        called = self.random.randint(0, 3)
        if called == 1:
            lines.append(f"{name}()")
        elif called == 2:
            lines += [f"def call():", f"    {name}()", "call()"]
        elif called == 3:
            lines += ["try:", f"    {name}()", f"except {self.pick(CATCHES)}:"] + indent(self.block(module, dict(scope), depth))
        if called and form not in (1, 3) and made in " ".join(bind):
            scope[made] = "constant"
        return lines

    def called(self, module, scope):
        """A call of something in scope, or of a module's function."""
        own = [f"{n}()" for n in self.named(scope, "class", "function")]
        others = [f"{n}.{f}()" for n, m in self.modules_in(scope) for f in self.named(m.bound, "class", "function")]
        calls = own + others
        return [self.pick(calls)] if calls else self.function_statement(module, scope)

    def decorated(self, module, scope):
        name = self.pick(CLASSES + FUNCTIONS)
        form = self.random.randint(0, 2)
        scope[name] = "class"
        if form == 0:
            scope["mark"] = "other"
            return ["def mark(thing): return thing", "@mark", f"class {name}: pass"]
        if form == 1:
            return ["def outer():", "    def wrap(thing): return thing", "    return wrap", "@outer()", f"class {name}: pass"]
        bases = self.named(scope, "class")
        base = self.pick([b for b in bases if b != name] or ["object"])
        return [f"class {name}({base}):"] + indent(self.from_import(module, {}) + ["@functools.lru_cache(None)", "def method(self): import json.nope"])

    # Imports -------------------------------------------------------------------------------------------------
    def computed(self, module, scope):
        source = self.source(module)
        if source is None:
            return self.constant(module, scope)
        scope["m"] = f"module:{source.name}"
        forms = [f'm = importlib.import_module("{source.name}")', f'm = __import__("{source.name}", fromlist=["x"])',
                 f'm = sys.modules.get("{source.name}")' if self.chance(20) else f'm = importlib.import_module("{source.name}")']
        if module.package and module.submodules:
            sub = self.pick(module.submodules)
            scope["m"] = f"module:{module.name}.{sub}"
            return [f'm = importlib.import_module(".{sub}", {self.pick(["__name__", "__package__"])})']
        return [self.pick(forms)]

    def tried(self, module, scope, depth):
        """try with calls, attributes and more than one handler."""
        tried, caught = dict(scope), dict(scope)
        risk, self.risk = self.risk, 15
        body = self.pick([self.called, self.expression, self.computed, self.import_module])(module, tried)
        body += self.block(module, tried, depth) if self.chance(60) else []
        self.risk = risk
        lines = ["try:"] + indent(body)
        for handler in self.random.sample(CATCHES, self.random.randint(1, 2)):
            lines += [f"except {handler}:"] + indent(self.block(module, caught, depth) if self.chance(60) else ["pass"])
        if self.chance(25):
            lines += ["else:"] + indent(self.block(module, tried, depth))
        scope.clear()
        self.merge(scope, [tried, caught])
        if self.chance(15):
            lines += ["finally:"] + indent(self.block(module, scope, depth))
        return lines

    def held(self, module, scope, depth):
        """with statements."""
        inner, name = dict(scope), self.pick(CONSTANTS)
        inner[name] = "constant"
        body = self.block(module, inner, depth)
        if self.chance(40):
            risk, self.risk = self.risk, 20
            body = self.expression(module, inner) + self.from_import(module, inner)
            self.risk = risk
            return [f"with contextlib.suppress({self.pick(['ImportError', 'Exception', 'AttributeError, ImportError'])}):"] + \
                indent(body)
        scope.update(inner)
        return [self.pick([f"with open(os.devnull) as {name}:", f"with contextlib.ExitStack() as {name}:",
                           f"with contextlib.nullcontext() as _c, contextlib.nullcontext(1) as {name}:"])] + indent(body)

    def shadowed(self, module, scope):
        """In a package: an attribute of the name of a submodule, and imports of either."""
        if not module.submodules:
            return self.import_module(module, scope)
        sub = self.pick(module.submodules)
        forms = [[f"{sub} = 1"], [f"from . import {sub}"], [f"from .{sub} import *"], [f"import {module.name}.{sub}"],
                 [f"import {module.name}.{sub} as {sub}"], [f"def {sub}(): return 1"], [f"from .{sub} import __doc__ as {sub}"]]
        lines = []
        for form in self.random.sample(forms, 2):
            lines += form
        scope[sub] = "other"
        return lines

    def foreign(self, module, scope):
        """Writes into other modules."""
        modules = self.modules_in(scope)
        if not modules:
            return self.import_module(module, scope)
        name, source = self.pick(modules)
        made = self.pick(CLASSES + CONSTANTS + VIRTUAL)
        if source is not module and self.chance(70):
            source.bound.setdefault(made, "constant")
        return [self.pick([f"{name}.{made} = 1", f'setattr({name}, "{made}", 1)', f"{name}.{made} = {name}"])]

    def asked(self, module, scope, depth):
        modules = self.modules_in(scope)
        if not modules:
            return self.import_module(module, scope)
        name, source = self.pick(modules)
        asked = self.wanted(source)
        if self.chance(40):
            target = self.pick(CLASSES + FUNCTIONS)
            scope[target] = "other"
            return [f'{target} = getattr({name}, "{asked}", None)']
        return self.branch(module, scope, depth, self.pick([f'hasattr({name}, "{asked}")', f'not hasattr({name}, "{asked}")']), None)

    def beyond(self, module, scope):
        dots = "." * (module.name.count(".") + 2 + self.random.randint(0, 1))
        return ["try:", f"    from {dots} import x", "except (ImportError, ValueError):", "    x = None"]

    # What stands once in a module ----------------------------------------------------------------------------
    def exports(self, module, scope):
        form = self.random.randint(0, 7)
        names = [n for n in scope if n[0] != "_" and scope[n] in ("class", "function", "constant")]
        chosen = self.random.sample(names, min(len(names), self.random.randint(1, 3)))
        listed = "[" + ", ".join(f'"{n}"' for n in chosen) + "]"
        module.explicit = chosen
        if form == 0:
            scope.update({n: "constant" for n in LONG})
            module.explicit = LONG
            quoted = ", ".join(f'"{n}"' for n in LONG)
            kind = self.pick(["[{}]", "({})", "{{{}}}", "[\n    {},\n]"])
            named = self.pick([["__all__ = NAMES"], ["__all__ = list(NAMES)"], ["__all__ = [*NAMES]"],
                               ["__all__ = []", "for _n in NAMES:", "    __all__.append(_n)"]])
            return [f"{n} = {i}" for i, n in enumerate(LONG)] + ["NAMES = " + kind.format(quoted)] + named
        if form == 1:
            return [f"NAMES = {listed}", self.pick(["__all__ = NAMES", "__all__ = tuple(NAMES)", "__all__ = NAMES + []"])]
        if form == 2 and chosen:
            extra = self.pick(chosen)
            rest = [n for n in chosen if n != extra]
            test, value = self.condition()
            module.explicit = chosen if value else rest
            return ["__all__ = [" + ", ".join(f'"{n}"' for n in rest) + "]", f"if {test}:",
                    self.pick([f'    __all__ += ["{extra}"]', f'    __all__.append("{extra}")', f'    __all__ = __all__ + ["{extra}"]'])]
        if form == 3:
            return ["__all__ = [n for n in dir() if not n.startswith('_')]"]
        if form == 4:
            return ["def export(thing):", "    __all__.append(thing.__name__)", "    return thing", "__all__ = []",
                    "@export", "class K: pass"]
        return super().exports(module, scope)

    def lazy(self, module):
        form, name = self.random.randint(0, 5), self.pick(CLASSES + FUNCTIONS)
        fail = "raise AttributeError(name)"
        if form == 0 and module.package and module.submodules:
            module.served = [sub for sub in module.submodules]
            return [f"_SUBS = {module.submodules!r}", "def __getattr__(name):", "    if name in _SUBS:",
                    '        return importlib.import_module("." + name, __name__)', f"    {fail}"]
        source = self.source(module) or module
        wanted = self.wanted(source)
        if form == 1:
            module.served = [wanted]
            return [f'_MAP = {{"{wanted}": "{source.name}"}}', "def __getattr__(name):", "    if name in _MAP:",
                    "        return getattr(importlib.import_module(_MAP[name]), name)", f"    {fail}"]
        if form == 2:
            module.served = [name]
            return ["def __getattr__(name):", f'    if name in ("{name}", "u"):', "        globals()[name] = 1",
                    "        return globals()[name]", f"    {fail}"]
        if form == 3:
            module.served = [wanted]
            return ["def __getattr__(name):", f'    if name != "{wanted}":', f"        {fail}",
                    f"    import {source.name} as found", f"    return found.{wanted}"]
        return super().lazy(module)

    def oddity(self, module, scope):
        form = self.random.randint(0, 5)
        if module.package and form == 0:
            return ["__path__ = pkgutil.extend_path(__path__, __name__)"]
        if module.package and form == 1:
            return [f'__path__.append(os.path.join(os.path.dirname(__file__), "{self.pick(SUB)}"))']
        if form == 2:
            return ["class _Stand:", "    x = K = 1", "sys.modules[__name__] = _Stand()"]
        if form == 3:
            return self.beyond(module, scope)
        return super().oddity(module, scope)

    def statement(self, module, scope, depth=0):
        if self.chance(50):
            return super().statement(module, scope, depth)
        simple = [self.unpacked, self.walrus, self.expression, self.rebound, self.called, self.decorated, self.computed,
                  self.shadowed, self.foreign]
        deep = [self.mode, self.optional, self.chain, self.matched, self.loop, self.writer, self.tried, self.held, self.asked]
        if depth < 2 and self.chance(45):
            return self.pick(deep)(module, scope, depth)
        return self.pick(simple)(module, scope)

    def files(self):
        files = super().files()
        for module in self.modules.values():
            text = files[module.path]
            future = [line for line in module.top[:1] if "__future__" in line]
            needed = [line for sign, line in PREAMBLE.items() if sign in text and line not in module.top]
            files[module.path] = "\n".join(future + needed + module.top[len(future):]) + "\n"
        return files


def generate(seed):
    return WideGenerator(seed).files()
