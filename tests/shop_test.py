"""fixtures/real/shop has one of every defect: CPython agrees that each is what it is said to be."""

import pathlib
import subprocess
import sys
import unittest

SHOP = pathlib.Path(__file__).resolve().parent.parent / "fixtures" / "real" / "shop"


def python(code: str, *options: str) -> str:
    """The last line that `code` prints when the shop's src and root are on the path."""
    path = f"import sys; sys.path[:0] = [{str(SHOP / 'src')!r}, {str(SHOP)!r}]\n"
    done = subprocess.run([sys.executable, "-I", "-B", *options, "-c", path + code], text=True,
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False)
    return (done.stdout.strip().splitlines() or [""])[-1]


class Shop(unittest.TestCase):
    def says(self, code: str, expected: str, *options: str) -> None:
        self.assertIn(expected, python(code, *options))

    def test_one_class_by_three_paths(self):
        self.says("import shop.api, shop.web.session as s, shop.models.customer as c\n"
                  "print(shop.api.Customer is s.Customer is c.Customer)", "True")

    def test_a_private_module_behind_a_public_name(self):
        self.says("import shop.pricing, shop.pricing._money as m\n"
                  "print(shop.pricing.Money is m.Money)", "True")

    def test_a_file_loaded_twice(self):
        self.says("import shop.inventory, src.shop.inventory as second\n"
                  "print(second.Stock is shop.inventory.Stock)", "False")

    def test_two_addresses(self):
        self.says("import shop.models.address as a, shop.shipping.address as b\n"
                  "print(a.Address is b.Address, hasattr(a.Address, 'label'))", "False False")

    def test_a_shim_subclass(self):
        self.says("from shop.models.client import Client\n"
                  "from shop.models.customer import Customer\n"
                  "print(isinstance(Customer('', ''), Client))", "False")

    def test_a_module_beside_a_package_of_its_name(self):
        self.says("import importlib.util\n"
                  "print(importlib.util.find_spec('shop.reports').origin)", "__init__.py")

    def test_a_module_that_moved(self):
        self.says("import shop.reports.daily", "No module named 'shop.helpers'")
        self.says("from shop.util.dates import business_day; print('here')", "here")

    def test_a_misspelled_name(self):
        self.says("import shop.web.views", "cannot import name 'OrderLin' from 'shop.models.order'")

    def test_an_attribute_that_is_not_there(self):
        self.says("import shop.pricing; shop.pricing.tax_factor",
                  "module 'shop.pricing' has no attribute 'tax_factor'")

    def test_a_patch_of_nothing(self):
        self.says("from unittest import mock\nwith mock.patch('shop.mail.send'): pass",
                  "does not have the attribute 'send'")

    def test_an_optional_import_that_always_falls_back(self):
        self.says("import shop._speedups", "No module named 'shop._speedups'")
        self.says("import shop.web.session; print(shop.web.session.sign.__module__)",
                  "shop.web.session")

    def test_an_export_of_nothing(self):
        self.says("from shop.shipping import *", "has no attribute 'TrackingNumber'")

    def test_dots_beyond_the_top(self):
        self.says("import shop.shipping.rates", "attempted relative import beyond top-level package")

    def test_a_deprecated_module(self):
        self.says("import shop.discounts", "use shop.pricing.discounts", "-W", "error")

    def test_a_deprecated_function(self):
        self.says("from shop.checkout import total_price\n"
                  "from shop.models import Customer\n"
                  "total_price(Customer('', '').place())", "use order_total()", "-W", "error")

    def test_a_cycle_that_fails_and_one_that_does_not(self):
        for module in ("service", "invoice"):
            self.says(f"import shop.orders.{module}", "most likely due to a circular import")
        for module in ("order", "customer"):
            self.says(f"import shop.models.{module}; print('fine')", "fine")

    def test_a_standard_module_on_its_way_out(self):
        self.says("import shop.web.forms; print('fine')",
                  "fine" if sys.version_info < (3, 13) else "No module named 'cgi'")

    def test_a_python_2_script(self):
        script = (SHOP / "scripts" / "export_orders.py").read_text()
        with self.assertRaises(SyntaxError):
            compile(script, "export_orders.py", "exec")

    def test_the_rest_imports(self):
        for module in ("api", "checkout", "cli", "inventory", "mail", "models.client",
                       "pricing.discounts", "shipping.parcel", "util.dates", "web.session"):
            self.says(f"import shop.{module}; print('fine')", "fine")


if __name__ == "__main__":
    unittest.main()
