// Folds what a report says of one test in several places (setup, call, teardown, subtests, repeated
// attempts, doubles written by parallel workers) into one TestCase. Entry point: FoldTests. Several
// reports are merge.h's business.
#pragma once

#include "outcomes/outcome.h"
#include "outcomes/test_ids.h"

namespace pydefrag {

// `events.tests` holds one entry per event, in order, ids repeated; a repeated attempt is an entry
// with `reruns` = 1. The result is sorted by id with one entry per id; inventory is sorted and free
// of doubles.
TestResults FoldTests(TestResults events);

// Of two outcomes of one test in one run, the one that counts: a failure before anything else.
bool Outranks(TestOutcome a, TestOutcome b);

// Adds what `from` has and `into` has not.
void AddErrors(TestDetail &into, TestDetail from);

// A module skipped as a whole, or one that could not be collected.
void AddSkippedModule(const ResolvedId &id, std::string reason, TestResults &into);
void AddUncollected(const ResolvedId &id, ErrorChain chain, TestResults &into);

// Whether the first project frame of the chain is a conftest.py: it failed, not what it serves.
bool StartsInConftest(const ErrorChain &chain);

// Adds `error` unless the same one is there: parallel workers each report what they could not
// collect.
void AddCollectionError(CollectionError error, TestResults &into);

} // namespace pydefrag
