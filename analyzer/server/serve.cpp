#include "server/serve.h"

#include "server/rpc.h"
#include "server/session.h"

#include "llvm/ADT/STLExtras.h"

#include <algorithm>
#include <deque>

namespace pydefrag {
namespace {

class Loop {
public:
  Loop(const ServerStreams &streams, Workspace &workspace)
      : streams_(streams), session_(workspace, *streams.out, streams.version) {}

  int Run() {
    while (!session_.exit_status()) {
      if (!Fill()) {
        return 1; // hung up without a word
      }
      if (!waiting_.empty()) {
        const llvm::json::Value message = std::move(waiting_.front());
        waiting_.pop_front();
        if (const llvm::json::Object *object = message.getAsObject()) {
          session_.Handle(*object);
        }
      }
    }
    return *session_.exit_status();
  }

private:
  // Reads what is there, or waits when nothing is to be done. False at the end of the stream, once
  // all messages are answered.
  bool Fill() {
    const int wait = !waiting_.empty() || ended_ ? 0 : session_.Patience(silence_);
    std::optional<std::string> bytes = ended_ ? std::nullopt : streams_.read(wait);
    silence_ = bytes && bytes->empty() ? silence_ + std::max(wait, 0) : 0;
    if (bytes && bytes->empty() && waiting_.empty()) {
      session_.Settle(silence_);
    }
    ended_ = !bytes;
    reader_.Add(bytes.value_or(""));
    while (std::optional<llvm::json::Value> message = reader_.Next()) {
      Queue(std::move(*message));
    }
    return !ended_ || !waiting_.empty();
  }

  void Queue(llvm::json::Value message) {
    const llvm::json::Object *object = message.getAsObject();
    if (!object || object->getString("method") != "$/cancelRequest") {
      waiting_.push_back(std::move(message));
      return;
    }
    const llvm::json::Object *params = object->getObject("params");
    const llvm::json::Value *id = params ? params->get("id") : nullptr;
    const auto request = llvm::find_if(waiting_, [&](const llvm::json::Value &each) {
      const llvm::json::Object *other = each.getAsObject();
      const llvm::json::Value *other_id = other ? other->get("id") : nullptr;
      return id && other_id && other->get("method") && *other_id == *id;
    });
    if (request != waiting_.end()) {
      session_.Cancel(*id);
      waiting_.erase(request);
    }
  }

  const ServerStreams &streams_;
  Session session_;
  MessageReader reader_;
  std::deque<llvm::json::Value> waiting_;
  bool ended_ = false;
  int silence_ = 0; // milliseconds since the last message
};

} // namespace

int Serve(const ServerStreams &streams, Workspace &workspace) {
  return Loop(streams, workspace).Run();
}

} // namespace pydefrag
