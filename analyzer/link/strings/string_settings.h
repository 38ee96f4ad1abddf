// StringSettings: module-level names whose values hold strings that some framework imports:
// Django's and Scrapy's settings, `pytest_plugins`, logging's dictionaries. A table, like
// string_contexts.h. Entry point: ReadSetting.
#pragma once

#include "link/strings/string_reader.h"

namespace pydefrag {

// Whether an assignment to this name is a setting of some framework.
bool MayBeSetting(llvm::StringRef name);

// The more general names count only in modules that are settings for sure: they are called so, or
// assign a name that only settings have.
enum class SettingPlace : uint8_t { AnyModule, SettingsModule };

// The strings of `value`, which is assigned to `name`.
void ReadSetting(const SyntaxView &view, llvm::StringRef name, ExprId value, uint32_t statement,
                 SettingPlace place, std::vector<NamedString> &found);

// The strings of a logging configuration: "class", "()".
void ReadLoggingDict(const SyntaxView &view, ExprId value, uint32_t statement,
                     std::vector<NamedString> &found);

// Names that only the settings of a project have.
bool MarksSettings(llvm::StringRef name);

} // namespace pydefrag
