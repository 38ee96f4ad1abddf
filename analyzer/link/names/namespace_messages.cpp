// NamespaceReader: generated modules of protocol buffers, whose names a builder makes of a
// serialized descriptor.
//
//     from google.protobuf.internal import builder as _builder
//     DESCRIPTOR = _descriptor_pool.Default().AddSerializedFile(b'...')
//     _globals = globals()
//     _builder.BuildMessageAndEnumDescriptors(DESCRIPTOR, _globals)
//     _builder.BuildTopDescriptorsAndMessages(DESCRIPTOR, 'shop_pb2', _globals)
//     _globals['_CART']._serialized_start = 16
#include "link/names/namespace_reader.h"
#include "link/names/own_namespace.h"
#include "link/names/serialized_messages.h"

#include "llvm/ADT/STLExtras.h"

namespace pydefrag {

// `DESCRIPTOR = pool.AddSerializedFile(b'...')`
void NamespaceReader::NoteSerialized(const Statement &statement) {
  const auto operands = view_.Operands(statement);
  const ExprId call = operands.back();
  const ExprId method = view_.Is(call, ExprKind::Call) ? view_.Child(call) : ExprId();
  if (statement.kind != StatementKind::Assign || operands.size() != 2 || statement.reduced ||
      !view_.Is(operands[0], ExprKind::Name) || !view_.Is(method, ExprKind::Attribute) ||
      view_.TextOf(method) != "AddSerializedFile") {
    return;
  }
  const auto arguments = view_.Arguments(call);
  if (arguments.size() == 1 && view_.Is(arguments[0], ExprKind::Bytes)) {
    serialized_[view_.At(operands[0]).text] = arguments[0];
  }
}

// Whether it calls a method of the builder, as far as it is spelled.
bool NamespaceReader::BuildsMessages(ExprId call) const {
  const ExprId method = view_.Is(call, ExprKind::Call) ? view_.Child(call) : ExprId();
  if (!view_.Is(method, ExprKind::Attribute) || !view_.Is(view_.Child(method), ExprKind::Name)) {
    return false;
  }
  const llvm::StringRef name = view_.TextOf(method);
  const size_t arguments = view_.Arguments(call).size();
  return (name == "BuildMessageAndEnumDescriptors" && arguments == 2) ||
         ((name == "BuildTopDescriptorsAndMessages" || name == "BuildServices") && arguments == 3);
}

// Whether all that the file does with a name of its own dict is to hand it to the builder, and to
// ask it for what is there: `names['_CART']._serialized_start = 16`.
bool NamespaceReader::OnlyBuilds(NameId alias) const {
  size_t said = 0;
  size_t harmless = 1; // what binds it
  bool builds = false;
  const auto is_alias = [&](ExprId id) {
    return view_.Is(id, ExprKind::Name) && view_.At(id).text == alias;
  };
  for (const PlacedStatement &placed : facts_.statements) {
    const Statement &statement = view_.Of(placed);
    if (statement.kind == StatementKind::Function || statement.kind == StatementKind::Class ||
        statement.kind == StatementKind::Error) {
      return false;
    }
    bool calls = false;
    view_.WalkAll(statement, [&](ExprId id) {
      said += is_alias(id);
      calls |= view_.Is(id, ExprKind::Call);
      const ExprId asked = view_.Is(id, ExprKind::Attribute) ? view_.Child(id) : ExprId();
      harmless += view_.Is(asked, ExprKind::Subscript) && is_alias(view_.Child(asked));
      if (BuildsMessages(id)) {
        const bool given = is_alias(view_.Arguments(id).back());
        builds |= given;
        harmless += given;
      }
    });
    if (calls && statement.reduced) {
      return false; // of long calls the arguments are left out
    }
  }
  return builds && said == harmless;
}

// Whether it is such a call, and the names that it makes are bound.
bool NamespaceReader::ReadBuilderCall(uint32_t i, ExprId call) {
  if (!BuildsMessages(call)) {
    return false;
  }
  const auto arguments = view_.Arguments(call);
  const ExprId names = arguments.back();
  const ExprId method = view_.Child(call);
  const uint32_t bound = LastBinding(view_.At(view_.Child(method)).text);
  const NameId descriptor =
      view_.Is(arguments[0], ExprKind::Name) ? view_.At(arguments[0]).text : NameId();
  const auto bytes = descriptor.valid() ? serialized_.find(descriptor) : serialized_.end();
  const bool own = IsOwnDict(view_, names) ||
                   (view_.Is(names, ExprKind::Name) && aliases_.contains(view_.At(names).text));
  const auto once =
      llvm::count_if(log_.events, [&](const Event &event) { return event.name == descriptor; });
  if (!own || bound == kUnbound || bytes == serialized_.end() || once != 1) {
    return false;
  }
  const Event &event = log_.events[bound];
  const Statement &import = view_.Of(facts_.statements[event.statement]);
  const auto made = NamesOfSerializedFile(view_.TextOf(bytes->second));
  if (event.kind != EventKind::From || view_.Text(import.text) != "google.protobuf.internal" ||
      view_.TextOf(event.value) != "builder" || !made) {
    return false;
  }
  const llvm::StringRef builds = view_.TextOf(method);
  for (const std::string &name : builds == "BuildServices"                    ? made->services
                                 : builds == "BuildTopDescriptorsAndMessages" ? made->top
                                                                              : made->descriptors) {
    BindText(name, i);
  }
  return true;
}

} // namespace pydefrag
