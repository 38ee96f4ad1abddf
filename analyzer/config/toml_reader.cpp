#include "config/toml_reader.h"

#define TOML_EXCEPTIONS 0
#define TOML_HEADER_ONLY 1
#define TOML_ENABLE_FORMATTERS 0
#include <toml++/toml.h>

#include "llvm/Support/FormatVariadic.h"

#include <algorithm>
#include <utility>

namespace pydefrag {
namespace {

uint32_t LineOf(const toml::source_region &region) {
  return region.begin.line;
}

TomlKind KindOf(toml::node_type type) {
  switch (type) {
  case toml::node_type::table:
  case toml::node_type::none:
    return TomlKind::Table;
  case toml::node_type::array:
    return TomlKind::Array;
  case toml::node_type::string:
    return TomlKind::String;
  case toml::node_type::integer:
    return TomlKind::Integer;
  case toml::node_type::floating_point:
    return TomlKind::Float;
  case toml::node_type::boolean:
    return TomlKind::Boolean;
  case toml::node_type::date:
  case toml::node_type::time:
  case toml::node_type::date_time:
    return TomlKind::Date;
  }
  return TomlKind::Table;
}

std::string DayText(const toml::date &date) {
  return llvm::formatv("{0,0+4}-{1,0+2}-{2,0+2}", date.year, unsigned{date.month},
                       unsigned{date.day})
      .str();
}

struct Work {
  const toml::node *from;
  TomlValue *to;
};

// Fills `work.to`; the vectors get their size before addresses of their items are taken.
void Convert(const Work &work, std::vector<Work> &later) {
  TomlValue &to = *work.to;
  to.kind = KindOf(work.from->type());
  to.line = LineOf(work.from->source());
  if (const toml::table *table = work.from->as_table()) {
    std::vector<std::pair<const toml::key *, const toml::node *>> rows;
    for (auto &&[key, value] : *table) {
      rows.emplace_back(&key, &value);
    }
    std::stable_sort(rows.begin(), rows.end(), [](const auto &a, const auto &b) {
      return LineOf(a.first->source()) < LineOf(b.first->source());
    });
    to.members.resize(rows.size());
    for (size_t i = 0; i < rows.size(); ++i) {
      to.members[i].key = std::string(rows[i].first->str());
      to.members[i].line = LineOf(rows[i].first->source());
      later.push_back({rows[i].second, &to.members[i].value});
    }
  } else if (const toml::array *array = work.from->as_array()) {
    to.items.resize(array->size());
    for (size_t i = 0; i < array->size(); ++i) {
      later.push_back({array->get(i), &to.items[i]});
    }
  } else if (const auto *text = work.from->as_string()) {
    to.text = text->get();
  } else if (const auto *date = work.from->as_date()) {
    to.text = DayText(date->get());
  } else if (const auto *moment = work.from->as_date_time()) {
    to.text = DayText(moment->get().date);
  } else if (const auto *boolean = work.from->as_boolean()) {
    to.boolean = boolean->get();
  } else if (const auto *integer = work.from->as_integer()) {
    to.integer = integer->get();
  }
}

} // namespace

TomlResult ParseToml(llvm::StringRef text) {
  TomlResult result;
  const toml::parse_result parsed = toml::parse(std::string_view(text.data(), text.size()));
  if (!parsed) {
    result.error = std::string(parsed.error().description());
    result.error_line = LineOf(parsed.error().source());
    return result;
  }
  std::vector<Work> work{{&parsed.table(), &result.root}};
  while (!work.empty()) {
    const Work next = work.back();
    work.pop_back();
    Convert(next, work);
  }
  return result;
}

const TomlValue *TomlValue::Find(llvm::StringRef key) const {
  for (const TomlMember &member : members) {
    if (member.key == key) {
      return &member.value;
    }
  }
  return nullptr;
}

const TomlValue *TomlValue::Find(std::initializer_list<llvm::StringRef> keys) const {
  const TomlValue *at = this;
  for (const llvm::StringRef key : keys) {
    at = at->Find(key);
    if (at == nullptr) {
      return nullptr;
    }
  }
  return at;
}

llvm::StringRef TomlValue::String(llvm::StringRef key) const {
  const TomlValue *value = Find(key);
  return value && value->IsString() ? llvm::StringRef(value->text) : llvm::StringRef();
}

std::vector<std::string> TomlValue::Strings() const {
  std::vector<std::string> result;
  if (IsString()) {
    result.push_back(text);
  }
  for (const TomlValue &item : items) {
    if (item.IsString()) {
      result.push_back(item.text);
    }
  }
  return result;
}

const char *TomlKindName(TomlKind kind) {
  switch (kind) {
  case TomlKind::String:
    return "a string";
  case TomlKind::Integer:
    return "an integer";
  case TomlKind::Float:
    return "a number";
  case TomlKind::Boolean:
    return "true or false";
  case TomlKind::Date:
    return "a date";
  case TomlKind::Array:
    return "a list";
  case TomlKind::Table:
    return "a table";
  }
  return "";
}

} // namespace pydefrag
