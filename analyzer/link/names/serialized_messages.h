// Serialized messages: which names the runtime of protocol buffers makes of a file's descriptor, as
// generated modules hand it over (a FileDescriptorProto, https://protobuf.dev, descriptor.proto):
//
//     DESCRIPTOR = pool.Default().AddSerializedFile(b'\n\x0b...')
//     builder.BuildTopDescriptorsAndMessages(DESCRIPTOR, 'shop_pb2', globals())
#pragma once

#include "llvm/ADT/StringRef.h"

#include <optional>
#include <string>
#include <vector>

namespace pydefrag {

struct MessageNames {
  std::vector<std::string> descriptors; // of messages and what stands in them: `_CART_ITEM`
  std::vector<std::string> top;         // messages, enums, their values, extensions, services
  std::vector<std::string> services;    // their classes, where such are asked for
};

// Nothing: the bytes are no such descriptor.
std::optional<MessageNames> NamesOfSerializedFile(llvm::StringRef bytes);

} // namespace pydefrag
