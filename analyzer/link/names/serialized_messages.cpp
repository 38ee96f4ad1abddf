#include "link/names/serialized_messages.h"

#include "llvm/ADT/STLFunctionalExtras.h"

namespace pydefrag {
namespace {

// Fields of the messages in descriptor.proto.
constexpr uint64_t kFileMessage = 4;
constexpr uint64_t kFileEnum = 5;
constexpr uint64_t kFileExtension = 7;
constexpr uint64_t kName = 1;
constexpr uint64_t kNestedMessage = 3;
constexpr uint64_t kNestedEnum = 4;
constexpr uint64_t kEnumValue = 2;

bool ReadVarint(llvm::StringRef &bytes, uint64_t &value) {
  value = 0;
  for (unsigned shift = 0; shift < 64 && !bytes.empty(); shift += 7) {
    const auto byte = static_cast<unsigned char>(bytes.front());
    bytes = bytes.drop_front();
    value |= static_cast<uint64_t>(byte & 0x7f) << shift;
    if (byte < 0x80) {
      return true;
    }
  }
  return false;
}

// Every field that has a length, in order. Whether the bytes are a message.
bool ForFields(llvm::StringRef bytes, llvm::function_ref<bool(uint64_t, llvm::StringRef)> visit) {
  while (!bytes.empty()) {
    uint64_t key = 0;
    uint64_t size = 0;
    if (!ReadVarint(bytes, key)) {
      return false;
    }
    switch (key & 7) {
    case 0:
      if (!ReadVarint(bytes, size)) {
        return false;
      }
      continue;
    case 1:
      size = 8;
      break;
    case 2:
      if (!ReadVarint(bytes, size)) {
        return false;
      }
      break;
    case 5:
      size = 4;
      break;
    default:
      return false;
    }
    if (size > bytes.size() || ((key & 7) == 2 && !visit(key >> 3, bytes.take_front(size)))) {
      return false;
    }
    bytes = bytes.drop_front(size);
  }
  return true;
}

std::optional<std::string> NameOf(llvm::StringRef message) {
  std::string name;
  const bool whole = ForFields(message, [&](uint64_t field, llvm::StringRef value) {
    if (field == kName) {
      name = value.str();
    }
    return true;
  });
  return whole && !name.empty() ? std::optional(std::move(name)) : std::nullopt;
}

bool AddDescriptors(llvm::StringRef message, const std::string &prefix, int depth,
                    std::vector<std::string> &names) {
  constexpr int kDeepest = 32;
  const auto name = NameOf(message);
  if (!name || depth > kDeepest) {
    return false;
  }
  names.push_back(prefix + llvm::StringRef(*name).upper());
  const std::string below = names.back() + "_";
  return ForFields(message, [&](uint64_t field, llvm::StringRef value) {
    if (field == kNestedMessage) {
      return AddDescriptors(value, below, depth + 1, names);
    }
    if (field == kNestedEnum) {
      const auto inner = NameOf(value);
      names.push_back(inner ? below + llvm::StringRef(*inner).upper() : below);
      return inner.has_value();
    }
    return true;
  });
}

} // namespace

std::optional<MessageNames> NamesOfSerializedFile(llvm::StringRef bytes) {
  MessageNames names;
  const bool whole = ForFields(bytes, [&](uint64_t field, llvm::StringRef value) {
    if (field < kFileMessage || field > kFileExtension) {
      return true;
    }
    const auto name = NameOf(value);
    if (!name) {
      return false;
    }
    const std::string upper = llvm::StringRef(*name).upper();
    switch (field) {
    case kFileMessage:
      names.top.push_back(*name);
      return AddDescriptors(value, "_", 0, names.descriptors);
    case kFileEnum:
      names.top.push_back(*name);
      names.top.push_back("_" + upper);
      return ForFields(value, [&](uint64_t part, llvm::StringRef member) {
        const auto inner = part == kEnumValue ? NameOf(member) : std::string("_" + upper);
        names.top.push_back(inner.value_or(""));
        return inner.has_value();
      });
    case kFileExtension:
      names.top.push_back(*name);
      names.top.push_back(upper + "_FIELD_NUMBER");
      return true;
    default:
      names.top.push_back("_" + upper);
      names.services.push_back(*name);
      names.services.push_back(*name + "_Stub");
      return true;
    }
  });
  return whole ? std::optional(std::move(names)) : std::nullopt;
}

} // namespace pydefrag
