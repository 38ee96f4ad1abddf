// The parts of the HTML page, in the order in which it shows them. Each writes one <section> or
// nothing.
#pragma once

#include "page/page.h"

#include "llvm/Support/raw_ostream.h"

namespace pydefrag {

constexpr size_t kMaxStaticCards = 200; // the others are in the data, for the script

void WriteSteps(llvm::raw_ostream &os, const Page &page);    // what to do next
void WriteSuites(llvm::raw_ostream &os, const Page &page);   // results by level and suite
void WriteCauses(llvm::raw_ostream &os, const Page &page);   // with the filters
void WriteClusters(llvm::raw_ostream &os, const Page &page); // failures that no cause explains
void WriteFans(llvm::raw_ostream &os, const Page &page);
void WriteTreemap(llvm::raw_ostream &os, const Page &page);
void WriteMatrix(llvm::raw_ostream &os, const Page &page);
void WriteCycles(llvm::raw_ostream &os, const Page &page);
void WriteExplorer(llvm::raw_ostream &os, const Page &page);
void WriteForecast(llvm::raw_ostream &os, const Page &page);
void WritePlan(llvm::raw_ostream &os, const Page &page);
void WriteWarnings(llvm::raw_ostream &os, const Page &page);
void WriteDisagreements(llvm::raw_ostream &os, const Page &page);
void WriteRisks(llvm::raw_ostream &os, const Page &page);
void WriteSlowest(llvm::raw_ostream &os, const Page &page);
void WriteTests(llvm::raw_ostream &os, const Page &page);
void WriteRun(llvm::raw_ostream &os, const Page &page); // what was analysed, on what

// What the script draws from, as JSON.
void WritePageData(llvm::raw_ostream &os, const Page &page);

// "<section id=... ><h2>...</h2><p class="lead">...</p>"; `lead` is prose. Close it with
// "</section>".
void OpenSection(llvm::raw_ostream &os, llvm::StringRef id, llvm::StringRef title,
                 llvm::StringRef lead);

// "passed", "not collected"...
llvm::StringRef OutcomeText(const TestRow &test);

// A link to a cause's or a cluster's card: "root cause 3".
std::string ReasonLink(const ReasonRef &reason);

} // namespace pydefrag
