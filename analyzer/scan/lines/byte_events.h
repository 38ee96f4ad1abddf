// What each byte that is an event means to the line lexer, which decides by the context.
#pragma once

#include <array>
#include <cstdint>
#include <string_view>

namespace pydefrag {

enum class ByteEvent : uint8_t {
  None,
  LineBreak,
  Open,
  Close,
  Quote,
  Comment,
  Backslash,
  Semicolon,
  Number,
  Bad,
};

inline constexpr std::array<ByteEvent, 256> kByteEvents = [] {
  std::array<ByteEvent, 256> events{};
  auto set = [&events](std::string_view bytes, ByteEvent event) {
    for (char c : bytes) {
      events[static_cast<unsigned char>(c)] = event;
    }
  };
  set("\n\r", ByteEvent::LineBreak);
  set("([{", ByteEvent::Open);
  set(")]}", ByteEvent::Close);
  set("'\"", ByteEvent::Quote);
  set("#", ByteEvent::Comment);
  set("\\", ByteEvent::Backslash);
  set(";", ByteEvent::Semicolon);
  set("0123456789", ByteEvent::Number);
  set("`$?<", ByteEvent::Bad);
  return events;
}();

} // namespace pydefrag
