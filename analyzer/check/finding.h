// Finding: one thing that is wrong, at one place. Owns its strings: it stays valid when the project
// it came from is gone. Made by rules through Reporter; joined, filtered and rendered afterwards.
#pragma once

#include "config/config.h"
#include "source/span.h"

#include <cstdint>
#include <string>
#include <vector>

namespace pydefrag {

enum class Applicability : uint8_t { Safe, Unsafe, Display };

struct Edit {
  Location where; // the bytes that are replaced; an empty span inserts
  std::string content;
};

// What an import row should import instead. A rule says this; the fix engine (fix/prepare.h) makes
// the edits, and lowers the fix's applicability where it knows better.
struct ImportChange {
  RowId row;
  std::string module; // absolute, dotted
  std::string name;   // there; empty: the name stays what it is, or there is none (`import M`)
};

struct Fix {
  std::string title; // imperative, lower case: "import `Cart` instead"
  Applicability applicability = Applicability::Display;
  std::vector<ImportChange> changes; // all in one file
  std::vector<Edit> edits;           // of `changes`, once they are prepared; or a rule's own
};

struct Related {
  Location where;
  std::string message;
};

enum class TestState : uint8_t { None, Confirmed, Predicted, Refuted, Masked };

struct Finding {
  std::string code; // "DFG202"
  std::string name; // "missing-symbol"
  Severity severity = Severity::Error;
  std::string message; // lower case, one line, what was seen
  std::string help;    // what to do; empty when the fix's title says it, or nothing can be said
  std::string note;    // why, or where was looked
  Location where;
  std::string cause;  // "DFG202:shop.cart:Basket"; findings that one change would end share it
  std::string module; // dotted name of the module it stands in
  std::string scope;  // enclosing qualified name in that module, "" at its top
  std::vector<std::string> symbols; // "shop.cart:Cart"
  std::string spelled;              // the path as the source spells it
  std::vector<Related> related;
  uint32_t related_total = 0; // how many there were before `related` was cut
  // Places in the order in which imports lead from one to the next: a chain, a cycle.
  std::vector<Related> flow;
  std::vector<Fix> fixes; // the preferred one first; at most one is applied
  std::string id;         // fingerprint, hex; set by FinishFindings
  // Joined later:
  TestState test_state = TestState::None;
  std::vector<std::string> observed_tests;
  std::vector<std::string> predicted_tests;
  std::string suppressed; // "" | "comment" | "per-path-ignores" | "baseline" | "since"
};

// Sorts by (file, offset, code) and gives every finding its id: made of code, module, scope,
// symbols, spelled path and an ordinal among equals, never of lines or offsets.
void FinishFindings(std::vector<Finding> &findings);

// The order findings are shown in; total, so that sorting is deterministic.
bool FindingBefore(const Finding &a, const Finding &b);

} // namespace pydefrag
